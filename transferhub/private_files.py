"""Files of an installation are for its user alone: the database, uploads, mails and the index hold what few may read.

Everything is served by the application itself, static files too, so no other user needs to read any of it. New files come
with few rights by the umask that `manage.py`, `wsgi.py` and `deploy/run.py` set, uploads by FILE_UPLOAD_PERMISSIONS.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

UMASK = 0o077


def make_private(folder: Path) -> None:
    """Take all rights on `folder` and what lies in it from everybody but its owner; links are not followed.

    What belongs to others stays, and so does a folder for everybody, as /tmp.
    """
    _close(folder)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            _close(Path(parent, name))


def _close(path: Path) -> None:
    with suppress(OSError):  # gone meanwhile, or not ours to change
        mode = path.lstat().st_mode
        if mode & UMASK and not mode & stat.S_ISVTX and not stat.S_ISLNK(mode):
            path.chmod(stat.S_IMODE(mode) & ~UMASK)
