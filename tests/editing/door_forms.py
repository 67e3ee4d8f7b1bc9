"""The form of a page, filled in by somebody who wants to do harm with it."""

import io
import json
import re

from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.editing.door_world import World
from tests.editing.signing_in import PASSWORD
from tests.practices.documents import pdf
from tests.practices.recordings import mp4
from tests.practices.workbooks import tool_row, write_book


def _file(name: str, write) -> tuple[str, bytes]:
    written = io.BytesIO()
    write(written)
    return name, written.getvalue()


_PICTURE = _file("neu.png", lambda file: Image.new("RGB", (30, 30), "red").save(file, "PNG"))
_TABLE = _file("neu.xlsx", lambda file: write_book(file, Werkzeuge=[tool_row()]))
_BY_TYPE = {"number": "1", "date": "2030-02-04", "url": "https://example.org/"}
_KEPT = ("hidden", "number", "date", "url", "time", "datetime-local", "color")
_LEFT_OUT = ("submit", "button", "image", "file", "reset")
# What a form wants that cannot be guessed, by the beginning of the address. None is not sent; what begins with + is sent even
# where no field was found: files, and fields that a script puts together.
_WORDS = {"title": "neu", "description": "neu", "credit": "neu", "licence": "CC-BY-4.0", "collection": "1"}
_INSTEAD: dict[str, dict] = {
    "/verwaltung/pages/": {
        **dict.fromkeys(["+links-count", "+documents-count"], "0"),
        **dict.fromkeys(["image", "last_confirmed", "go_live_at", "expire_at", "archive_reason"], ""),
        "slug": "neu",
        "new_slug": "kopie",
        "parent_page": "organisation",
    },
    "/verwaltung/bulk/": {"chooser": "foreign_organisation", "direction": "add"},
    "/verwaltung/snippets/practices/": {"broader": "", "slug": "neuer-begriff"},
    "/verwaltung/snippets/search/": {"words": "Kita\nHort"},
    "/verwaltung/snippets/feeds/": {"week": "11.02.2030"},
    "/verwaltung/sites/": {"root_page": "organisation", "is_default_site": None, "hostname": "neu.example.org"},
    "/verwaltung/workflows/": {"content_types": None},
    "/verwaltung/workflows/task_chooser/create/": {
        **{f"+create-task-{name}": value for name, value in (("name", "neu"), ("groups", ["1"]))}
    },
    "/verwaltung/users/": {"first_name": "Neu", "last_name": "Neu"},
    "/verwaltung/uebergabe/": {"successor": "self"},
    "/verwaltung/einladungen/": {"role": "redaktion"},
    "/verwaltung/tabellen-import/": {"+file": _TABLE, "publish": "nein"},
    "/verwaltung/images/add/": {"+file": _PICTURE},
    "/verwaltung/images/multiple/add/": {"+files[]": _PICTURE},
    "/verwaltung/images/chooser/create/": {"+image-chooser-upload-file": _PICTURE},
    "/verwaltung/documents/add/": {"+file": ("neu.pdf", pdf("neu"))},
    "/verwaltung/documents/multiple/add/": {"+files[]": ("neu.pdf", pdf("neu"))},
    "/verwaltung/documents/chooser/create/": {"+document-chooser-upload-file": ("neu.pdf", pdf("neu"))},
    "/verwaltung/media/video/": {"+file": ("neu.mp4", mp4(b"neu"))},
    "/verwaltung/media/video/chooser/upload/": {
        "+media-chooser-upload-file": ("neu.mp4", mp4(b"neu")),
        **{f"+media-chooser-upload-{name}": value for name, value in (*_WORDS.items(), ("duration", "1"))},
    },
    "/verwaltung/images/multiple/": {f"+image-{{image}}-{name}": value for name, value in _WORDS.items()},
    "/verwaltung/images/multiple/create": {
        f"+uploaded-image-{{uploaded_image}}-{name}": value for name, value in _WORDS.items()
    },
    "/verwaltung/documents/multiple/": {f"+doc-{{document}}-{name}": value for name, value in _WORDS.items()},
    "/verwaltung/documents/multiple/create": {
        f"+uploaded-document-{{uploaded_document}}-{name}": value for name, value in _WORDS.items()
    },
}


def fill_in(html: str, path: str) -> dict:
    """Return what is sent with the longest form of a page that posts to the page itself, or somewhere else if none does.

    Texts are changed, every box is ticked, every choice is used, what is empty gets a value, files are left out.
    """
    if html.startswith("{"):  # dialogues come as HTML in JSON
        answer = json.loads(html)
        html = answer.get("html") or answer.get("htmlFragment") or ""
    forms = [form for form in BeautifulSoup(html, "html.parser").find_all("form") if _posts(form)]
    own = [form for form in forms if (form.get("action") or path).split("?")[0] == path.split("?")[0]]
    data: dict = {}
    for form in sorted(own or forms, key=lambda one: len(one.find_all(["input", "select", "textarea"])))[-1:]:
        for field in form.find_all(["input", "select", "textarea"]):
            _fill(data, field.get("name") or "", field)
    return data


def instead(data: dict, path: str, target: str, world: World, letter: str) -> dict:
    """Return `data` as `letter` sends it to `path`, with what cannot be guessed, and with what `target` says."""
    changed = dict(data)
    for beginning, values in _INSTEAD.items():
        if path.startswith(beginning):
            changed |= {
                re.sub(r"\{(\w+)\}", lambda thing: world.key(thing[1], letter), name.removeprefix("+")): value
                for name, value in values.items()
                if name in data or name.startswith("+")
            }
    changed |= dict(word.split(":") for word in target.split() if ":" in word)
    named = {*world.things, "self"}
    return {
        name: world.key(value, letter) if isinstance(value, str) and value in named else _fresh(value)
        for name, value in changed.items()
        if value is not None
    }


def _fresh(value):
    return SimpleUploadedFile(*value) if isinstance(value, tuple) else value


def _posts(form) -> bool:
    return (form.get("method") or "get").lower() == "post" and "logout" not in (form.get("action") or "")


def _fill(data: dict, name: str, field) -> None:
    kind = field.get("type", "text") if field.name == "input" else field.name
    is_template = "__prefix__" in name or name.endswith("-DELETE")
    if not name or is_template or kind in _LEFT_OUT or name in ("csrfmiddlewaretoken", "next"):
        return
    if kind in ("checkbox", "radio"):
        data.setdefault(name, []).append(field.get("value", "on"))
    elif kind == "select":
        data[name] = _choice(field)
    elif kind == "textarea":
        data[name] = field.text.strip() or "Neu"
    else:
        data[name] = _text(kind, name, field.get("value", ""))


def _choice(field):
    values = [value for option in field.find_all("option") if (value := option.get("value"))]
    if field.has_attr("multiple"):
        return values
    chosen = [option["value"] for option in field.find_all("option", selected=True) if option.get("value")]
    return next(iter(chosen or values), "")


def _text(kind: str, name: str, value: str) -> str:
    if kind == "email":
        return "neu@example.org"
    if kind == "password":
        return PASSWORD
    if kind in _KEPT or "slug" in name:
        return value or _BY_TYPE.get(kind, "")
    return f"{value}x" if value else "neu"
