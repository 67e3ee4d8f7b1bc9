"""What the import test runs in a process of its own: workers who are killed while they import and take back.

`python -m tests.editing.dying_imports`, with a prepared database. Prints for each task how often a worker was cut off,
every time it had left something half done, and the state in which the next worker left the import.
"""

import json
import tempfile
from pathlib import Path

from tests.practices.dying import killed_at, prepare, set_up

ROWS = 6
WRITES = (1, 2, 3, 10, 40, 80, 160, 240)


def main() -> None:
    from editing.imports.running import request_task, work_on_imports
    from editing.models import Import
    from practices.models import ToolPage
    from tests.editing.imports import upload
    from tests.practices.workbooks import tool_row, write_book

    prepare()
    folder = Path(tempfile.mkdtemp())
    rows = [tool_row(Kennung=f"w-{number}", Preis="1 Euro", Schlagwörter="neu; alt") for number in range(ROWS)]
    row = upload(write_book(folder / "a.xlsx", Werkzeuge=rows), publish=True)
    cut_off, torn, states = {}, [], {}
    for task, before in ((Import.Task.IMPORT, 0), (Import.Task.UNDO, ROWS)):
        request_task(row, task)
        cut_off[task] = 0
        for number in WRITES:
            Import.objects.update(attempts=0)
            if not killed_at(number, lambda _row: work_on_imports(), row):
                break
            cut_off[task] += 1
            row.refresh_from_db()
            if ToolPage.objects.count() != before or row.state not in (Import.State.WAITING, Import.State.RUNNING):
                torn.append([task, number, row.state, ToolPage.objects.count()])
        work_on_imports()
        row.refresh_from_db()
        states[task] = row.state
    print(json.dumps({"cut_off": cut_off, "torn": torn, "states": states, "left": ToolPage.objects.count()}))  # noqa: T201


if __name__ == "__main__":
    set_up()
    main()
