"""Which browser the tests look with."""

import shutil


def find_chromium() -> str | None:
    """Return the path of Chromium's headless shell, or of the whole Chromium, or None.

    Both show pages alike; the shell opens one in a quarter of the time, because no window is drawn around it.
    """
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")
