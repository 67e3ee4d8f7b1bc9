"""The smallest documents there are of each kind that is taken, made of what they are to hold."""

import zipfile
from io import BytesIO
from pathlib import PurePath

from openpyxl import Workbook
from PIL import Image
from PIL.ExifTags import GPS, IFD

_OFFICE = "application/vnd.openxmlformats-officedocument."
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OF_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_P = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
    for name, kind in [
        *(("office", "office"), ("text", "text"), ("table", "table"), ("meta", "meta"), ("style", "style")),
        *(("draw", "drawing"), ("presentation", "presentation"), ("manifest", "manifest")),
    ]
)
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def document_of(name: str, content: str = "Inhalt") -> bytes:
    """Return a document of the kind that `name` says, with `content` in it; of texts, that is all of it."""
    suffix = PurePath(name).suffix.lower()
    made = {".pdf": pdf, ".docx": docx, ".xlsx": xlsx, ".pptx": pptx, ".zip": lambda text: zipped({"a.txt": text})}
    if suffix in made:
        return made[suffix](content)
    return opendocument(suffix, content) if suffix in (".odt", ".ods", ".odp") else content.encode()


def pdf(content: str = "Inhalt", info: str = "", trailer: str = "", objects: tuple[bytes, ...] = ()) -> bytes:
    """Return a PDF file; `info` stands in its dictionary of information, `objects` from number 6 on."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
        stream(content.encode()),
        f"<<{info}>>".encode("latin-1"),
        *objects,
    ]
    body, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R/Info 5 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
        % (len(parts) + 1, table, len(parts) + 1, trailer.encode("latin-1"), len(body))
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries, content)


def zipped(parts: dict[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def office(main: str, kind: str, parts: dict[str, tuple[str, str | bytes]], relations: str = "") -> bytes:
    """Return a package of Office whose part `main` is of this `kind`; each of its `parts` is a type and a content."""
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{_type(of)}"/>' for name, (of, _content) in parts.items() if of
    )
    defaults = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    start = f'<Relationship Id="r1" Type="{_OF_OFFICE}/officeDocument" Target="{main}"/>{relations}'
    return zipped(
        {
            "[Content_Types].xml": f"<Types>{defaults}{types}</Types>",
            "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">{start}</Relationships>',
            **{name: content for name, (_of, content) in parts.items()},
        }
    )


def _type(of: str) -> str:
    return f"application/vnd.{of}" if of.startswith(("ms-", "openxmlformats-package")) else _OFFICE + of


def docx(content: str = "Inhalt", body: str = "", **parts: tuple[str, str | bytes]) -> bytes:
    """Return a text of Word; `body` is more markup of it, `parts` are named with __ for / and their endings are .xml."""
    text = f"<w:document {_W}><w:body><w:p><w:r><w:t>{content}</w:t></w:r></w:p>{body}</w:body></w:document>"
    kind = "wordprocessingml.document.main+xml"
    return office("word/document.xml", kind, {"word/document.xml": (kind, text)} | _named(parts))


def pptx(content: str = "Inhalt", show: str = "", **parts: tuple[str, str | bytes]) -> bytes:
    kind, slide = "presentationml.presentation.main+xml", "presentationml.slide+xml"
    return office(
        "ppt/presentation.xml",
        kind,
        {
            "ppt/presentation.xml": (kind, f"<p:presentation {_P}/>"),
            "ppt/slides/slide1.xml": (slide, f"<p:sld {_P} {show}><a:r><a:t>{content}</a:t></a:r></p:sld>"),
        }
        | _named(parts),
    )


def notes(text: str) -> tuple[str, str]:
    """Return the notes of a slide, which have its number in a field, too."""
    body = f'<a:r><a:t>{text}</a:t></a:r><a:fld type="slidenum"><a:t>1</a:t></a:fld>'
    return "presentationml.notesSlide+xml", f"<p:notes {_P}>{body}</p:notes>"


def comments(*authors: str) -> tuple[str, str]:
    """Return the comments of a text of Word."""
    found = "".join(f'<w:comment w:author="{author}"/>' for author in authors)
    return "wordprocessingml.comments+xml", f"<w:comments {_W}>{found}</w:comments>"


def core(creator: str = "", changed_by: str = "") -> tuple[str, str]:
    """Return who wrote a document of Office and who changed it last."""
    return (
        "openxmlformats-package.core-properties+xml",
        f"<cp {_DC}><dc:creator>{creator}</dc:creator><lastModifiedBy>{changed_by}</lastModifiedBy></cp>",
    )


def _named(parts: dict) -> dict:
    return {name.replace("__", "/") + ("" if "." in name else ".xml"): part for name, part in parts.items()}


def workbook(content: str = "Inhalt") -> Workbook:
    book = Workbook()
    book.active["A1"] = content
    book.properties.creator = ""
    return book


def xlsx(content: str = "Inhalt", book: Workbook | None = None) -> bytes:
    file = BytesIO()
    (book or workbook(content)).save(file)
    return file.getvalue()


def opendocument(
    suffix: str, content: str = "Inhalt", body: str = "", meta: str = "", manifest: str = "", **parts: str | bytes
) -> bytes:
    kind = {".odt": "text", ".ods": "spreadsheet", ".odp": "presentation"}.get(suffix, suffix)
    text = f"<office:document-content {_ODF} {_DC}><text:p>{content}</text:p>{body}</office:document-content>"
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": f"<manifest:manifest {_ODF}>{manifest}</manifest:manifest>",
            "content.xml": text,
            "meta.xml": f"<office:document-meta {_ODF} {_DC}>{meta}</office:document-meta>",
            **{name.replace("__", "/"): part for name, part in parts.items()},
        }
    )


def photo(place: bool = True) -> bytes:
    """Return a photo that names the `place` where it was taken, or does not."""
    exif = Image.Exif()
    if place:
        exif.get_ifd(IFD.GPSInfo).update({GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (51.0, 28.0, 12.0)})
    file = BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "JPEG", exif=exif)
    return file.getvalue()
