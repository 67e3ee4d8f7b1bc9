"""Nobody but the user of the installation reads its files, neither new ones nor those of former versions."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from transferhub.private_files import make_private

pytestmark = pytest.mark.one_database

WRITE = """
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.mail import send_mail
from search.rebuild import rebuild
default_storage.save("a/b/c.txt", ContentFile(b"x"))
storages["staticfiles"].save("a.css", ContentFile(b"x"))
cache.set("a", "b")
send_mail("a", "b", None, ["a@example.org"])
Group.objects.create(name="x")
rebuild()
print(*settings.DATA_DIR.rglob("*"), sep="\\n")
"""


def open_to_others(folder: Path) -> list[str]:
    return [str(path) for path in (folder, *folder.rglob("*")) if path.lstat().st_mode & 0o077]


@pytest.mark.django_db  # so that the database is made of which installations are copies
def test_what_an_installation_writes_is_for_its_user_alone(installation):
    folder = Path(installation["DATA_DIR"])
    make_private(folder)
    environment = {**installation, "DJANGO_SETTINGS_MODULE": "transferhub.settings.dev"}
    command = [sys.executable, "manage.py", "shell", "--verbosity=0", "-c", WRITE]
    written = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    for part in ("media/a/b/c.txt", "static/a.css", "index/current", "cache/", "mail/", "sqlite3-wal"):
        assert part in written.stdout
    assert open_to_others(folder) == []


def test_what_is_there_is_taken_from_others(tmp_path):
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "data"
    (folder / "media").mkdir(parents=True)
    for path, mode in ((elsewhere, 0o644), (folder / "a.sqlite3", 0o664), (folder / "media" / "b", 0o755)):
        path.touch()
        path.chmod(mode)
    (folder / "link").symlink_to(elsewhere)
    make_private(folder)
    assert open_to_others(folder) == [str(folder / "link")]  # of links, modes mean nothing
    assert [stat.S_IMODE(path.stat().st_mode) for path in (elsewhere, folder / "media" / "b")] == [0o644, 0o700]


def test_a_folder_for_everybody_stays_one(tmp_path):
    tmp_path.chmod(0o1777)
    make_private(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777


def test_the_web_server_makes_files_for_its_user_alone(tmp_path):
    code = "import os, transferhub.wsgi; print(oct(os.umask(0)))"
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "transferhub.settings.dev"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert run.stdout.endswith("0o77\n")
