"""What is hidden in documents is named, whichever kind they are; of what holds nothing, nothing is said."""

import zlib
from io import BytesIO

import pytest
from openpyxl.comments import Comment

from practices.media.documents.findings import warning_of
from practices.media.documents.kinds import read
from practices.media.outcome import Refused
from tests.practices.documents import (
    comments,
    core,
    document_of,
    docx,
    notes,
    opendocument,
    pdf,
    photo,
    pptx,
    stream,
    workbook,
    xlsx,
    zipped,
)

CHANGES = '<w:p><w:ins w:author="Ada" w:id="1"/><w:del w:author="Bo" w:id="2"><w:r><w:delText>x</w:delText></w:r></w:del></w:p>'
HIDDEN = (
    '<w:r><w:rPr><w:vanish/></w:rPr><w:t>geheim</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>da</w:t></w:r>'
)
MODERN = '<p188:authorLst xmlns:p188="x"><p188:author name="Ada"/></p188:authorLst>'
TEMPLATE = (
    '<Relationships><Relationship TargetMode="External" Target="file:///C:\\Ada\\Brief.dotx" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
)
ODT_CHANGES = (
    "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Ada</dc:creator>"
    "</office:change-info><text:p>weg</text:p></text:deletion></text:changed-region></text:tracked-changes>"
)
XMP = b'<x:xmpmeta xmlns:x="x" xmlns:dc="dc"><dc:creator><Seq><li>Ada</li></Seq></dc:creator></x:xmpmeta>'
ENTRIES = b"/Type/Metadata/Subtype/XML/Filter/FlateDecode"
# A dictionary packed into another object, as programs do since 2003.
PACKED = stream(zlib.compress(b"5 0 <</Author(Ada)>>"), b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode")
NOTE = b"<</Type/Annot/Subtype/Highlight/Rect[0 0 1 1]/T(Ada)/Contents(x)>>"
JPEG = stream(photo(), b"/Subtype/Image/Filter/DCTDecode")


def sheets() -> bytes:
    book = workbook()
    book.properties.creator = "Ada"
    book.create_sheet("Intern").sheet_state = "veryHidden"
    book.active.row_dimensions[3].hidden = True
    book.active["B1"].comment = Comment("x", "Bo")
    return xlsx(book=book)


CASES = {
    "who wrote it": (
        docx(docProps__core=core("Ada", "Bo")),
        ["Autorin oder Autor: „Ada“", "zuletzt geändert von: „Bo“"],
    ),
    "for whom": (
        docx(docProps__app=("extended-properties+xml", "<P><Company>ZAQ</Company><Manager>Cleo</Manager></P>")),
        ["Firma: „ZAQ“", "Vorgesetzte Person: „Cleo“"],
    ),
    "own properties": (
        docx(docProps__custom=("custom-properties+xml", '<P><property name="Owner"><t>a@b.de</t></property></P>')),
        ["weitere Angaben: „Owner: a@b.de“"],
    ),
    "comments": (docx(word__comments=comments("Ada", "Ada", "Bo")), ["3 Kommentare („Ada“, „Bo“)"]),
    "tracked changes": (docx(body=CHANGES), ["2 nachverfolgte Änderungen samt gelöschtem Text („Ada“, „Bo“)"]),
    "hidden text": (docx(body=HIDDEN), ["ausgeblendeter Text an 1 Stelle"]),
    "a template at home": (
        docx(**{"word/_rels/settings.xml.rels": ("", TEMPLATE)}),
        ["Speicherort der Vorlage: „file:///C:\\Ada\\Brief.dotx“"],
    ),
    "photos in Word": (
        docx(
            **{
                "word/media/a.jpg": ("", photo()),
                "word/media/b.jpg": ("", photo()),
                "word/media/c.jpg": ("", photo(False)),
            }
        ),
        ["2 Fotos nennen den Ort, an dem sie aufgenommen wurden"],
    ),
    "embedded files": (docx(**{"word/embeddings/a.xlsx": ("", xlsx())}), ["1 eingebettete Datei"]),
    "hidden sheets, rows and comments": (
        sheets(),
        [
            "Autorin oder Autor: „Ada“",
            "1 Kommentar („Bo“)",
            "1 ausgeblendetes Tabellenblatt („Intern“)",
            "ausgeblendete Zeilen oder Spalten in 1 Blatt",
        ],
    ),
    "notes of slides": (
        pptx(ppt__notesSlides__a=notes("heikel"), ppt__notesSlides__b=notes(" ")),
        ["Notizen zu 1 Folie"],
    ),
    "hidden slides": (pptx(show='show="0"'), ["1 ausgeblendete Folie"]),
    "comments on slides": (
        pptx(
            ppt__comments__a=("ms-powerpoint.comments+xml", '<l xmlns:p="x"><p:cm/></l>'),
            ppt__authors=("ms-powerpoint.authors+xml", MODERN),
        ),
        ["1 Kommentar („Ada“)"],
    ),
    "who wrote an OpenDocument": (
        opendocument(".odt", meta="<meta:initial-creator>Ada</meta:initial-creator><dc:creator>Bo</dc:creator>"),
        ["Autorin oder Autor: „Ada“", "zuletzt geändert von: „Bo“"],
    ),
    "comments in an OpenDocument": (
        opendocument(
            ".ods", body="<office:annotation><dc:creator>Ada</dc:creator><text:p>x</text:p></office:annotation>"
        ),
        ["1 Kommentar („Ada“)"],
    ),
    "changes in an OpenDocument": (
        opendocument(".odt", body=ODT_CHANGES),
        ["1 nachverfolgte Änderung samt gelöschtem Text („Ada“)"],
    ),
    "hidden slides and notes in an OpenDocument": (
        opendocument(
            ".odp",
            body='<style:drawing-page-properties presentation:visibility="hidden"/>'
            "<presentation:notes><text:p>x</text:p></presentation:notes><presentation:notes/>",
        ),
        ["Notizen zu 1 Folie", "1 ausgeblendete Folie"],
    ),
    "hidden sheets in an OpenDocument": (
        opendocument(
            ".ods", body='<style:table-properties table:display="false"/><table:table-row table:visibility="collapse"/>'
        ),
        ["1 ausgeblendetes Tabellenblatt", "ausgeblendete Zeilen oder Spalten in 1 Blatt"],
    ),
    "photos in an OpenDocument": (
        opendocument(".odt", **{"Pictures/a.jpg": photo()}),
        ["1 Foto nennt den Ort, an dem es aufgenommen wurde"],
    ),
    "who wrote a PDF": (
        pdf(info=r"/Author(J\374rgen \(J.\) \101.)/Company<feff005a00410051>"),
        ["Autorin oder Autor: „Jürgen (J.) A.“", "Firma: „ZAQ“"],
    ),
    "who wrote a PDF, elsewhere": (
        pdf(info="/Author 7 0 R", objects=(b"null", b"(Ada)")),
        ["Autorin oder Autor: „Ada“"],
    ),
    "who wrote a PDF, in XMP": (pdf(objects=(stream(zlib.compress(XMP), ENTRIES),)), ["Autorin oder Autor: „Ada“"]),
    "who wrote a PDF, packed": (pdf(objects=(PACKED,)), ["Autorin oder Autor: „Ada“"]),
    "comments in a PDF": (pdf(objects=(NOTE, NOTE)), ["2 Kommentare („Ada“)"]),
    "files in a PDF": (pdf(objects=(stream(b"x", b"/Type /EmbeddedFile"),)), ["1 eingebettete Datei"]),
    "photos in a PDF": (pdf(objects=(JPEG,)), ["1 Foto nennt den Ort, an dem es aufgenommen wurde"]),
    "documents in a ZIP file": (
        zipped({"a.docx": docx(docProps__core=core("Ada")), "b.zip": zipped({"c.pdf": pdf(info="/Author(Bo)")})}),
        ["Autorin oder Autor: „Ada“, „Bo“"],
    ),
    "photos and pages in a ZIP file": (
        zipped({"a.jpg": photo(), "seite.html": "<p>x</p>", "__MACOSX/._a.pdf": b"\0\5"}),
        ["1 Foto nennt den Ort, an dem es aufgenommen wurde", "1 Internetseite (HTML)"],
    ),
    **{
        f"nothing in a file {name}": (document_of(f"a.{name}"), [])
        for name in ("csv", "docx", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx", "zip")
    },
}


def suffix_of(content: bytes) -> str:
    """Return an ending under which the file is looked at: only texts and ZIP files have to be called what they are."""
    return ".zip" if content.startswith(b"PK") else ".txt"


@pytest.mark.parametrize("case", CASES)
def test_what_is_hidden_is_named(case):
    content, found = CASES[case]
    assert read(BytesIO(content), suffix_of(content)).hidden == found


# Made by pypdf 7 with the empty password, and with "geheim": what readers are asked for (ISO 32000-2, 7.6).
LOCKS = {
    "RC4, 40 bits": (
        "/R 2/Length 40",
        (
            "0e28f2b80c7d01af31dfdc82724eaec42d2fcfba2d47a4e6f8249d82f4e4397c",
            "a068c41482bcf98b2897cb1d99a953f8e33354b9eca077039674bc5c41fc842c",
            "7c4e33edfbccc37c4867f2ccedb0dcf5",
        ),
        (
            "41f2d4832b65a3511b81dca107f5cbcc4d5730f6fc27b448d79ee414ae377f0a",
            "2dbbe5646305e6ed199e11860325d32057e4a41f6edca30f8fc18ce3085345b4",
            "44479358735be0528cb8cd9acd40090c",
        ),
    ),
    "RC4, 128 bits": (
        "/R 3/Length 128",
        (
            "23d51bb8081abde412d51dbf9017ccaa31e7762d4570dabe24b32e274e6be108",
            "2236b6171b7ae42c3c495dbd22f8bd9628bf4e5e4e758a4164004e56fffa0108",
            "31506c6991e5f04b8e7f3cc9272747ce",
        ),
        (
            "6c0f3d832f021f1a388b1d9ce5aca9a2519f89619410ca100b0957b114b8a77e",
            "b47003076cfc7a398c5957db0d6af34a28bf4e5e4e758a4164004e56fffa0108",
            "66eb0a48615b8ba2b025edeff0154b56",
        ),
    ),
    "AES, 128 bits": (
        "/R 4/Length 128",
        (
            "23d51bb8081abde412d51dbf9017ccaa31e7762d4570dabe24b32e274e6be108",
            "0b059c58906f0e57ec0bf8e1741ff1a128bf4e5e4e758a4164004e56fffa0108",
            "b06b30143a341f081066d4cef9b70e5f",
        ),
        (
            "6c0f3d832f021f1a388b1d9ce5aca9a2519f89619410ca100b0957b114b8a77e",
            "39119744acd385ac1f9b3578d2620a3428bf4e5e4e758a4164004e56fffa0108",
            "c95c00ee28e0275064a4c5e8db55b97d",
        ),
    ),
    "AES, 256 bits": (
        "/R 6/Length 256",
        (
            "49d382c36f4b389ef76a21aa2374ff33a73b7ec8bd4f0e99d0482ec29b777bf750901738a57dbfad726f330ed3808a7e",
            "ba72c3cc2101b96f657f75582e70d0d26945f6d4aad6b44111978898bdfa3aa40ee9d3ed93068761c741ad5692a68437",
            "d1d0cd6a7a71963344861eca7c3f0fa5",
        ),
        (
            "481862a36205f324d0c636d6fa75bbd50a73eccfc361ac423d1e33a137794f8f93e278b2d2d48f836c2c21056ce091cd",
            "22625158e4ef68fb8913c7a0d3abd92dfeb0244bc2c5aacb31858a4788a56b14d0ebc165a0a35270719448b99293eaa3",
            "4e8bb4c7daee23a7bcda884162f47284",
        ),
    ),
}


def locked(rules: str, owner: str, user: str, identity: str) -> bytes:
    lock = f"<</Filter/Standard{rules}/P 4294967292/O<{owner}>/U<{user}>/CF<</StdCF<</Length 16>>>>>>"
    return pdf(objects=(lock.encode(),), trailer=f"/ID[<{identity}><{identity}>]/Encrypt 6 0 R")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_pdf_that_only_may_not_be_changed_is_taken_in(lock):
    rules, free, _closed = LOCKS[lock]
    hidden = read(BytesIO(locked(rules, *free)), ".pdf").hidden
    assert hidden == ["Verschlüsseltes, das sich nicht prüfen lässt, in 1 PDF-Datei"]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_pdf_with_a_password_is_refused(lock):
    rules, _free, closed = LOCKS[lock]
    with pytest.raises(Refused, match="mit einem Passwort geschützt"):
        read(BytesIO(locked(rules, *closed)), ".pdf")


def test_names_are_short_and_few():
    people = tuple(f"Person {number} {'x' * 100}" for number in range(300))
    (line,) = read(BytesIO(docx(word__comments=comments("A\nB", *people))), ".docx").hidden
    assert line.startswith("301 Kommentare („A B“, „Person 0 xxx") and line.endswith("und weitere)")
    assert len(line) < 400


@pytest.mark.parametrize(
    ("suffix", "way"),
    [
        (".docx", "Dokument prüfen"),
        (".odt", "in LibreOffice"),
        (".pdf", "noch einmal als PDF"),
        (".zip", "packen"),
        (".x", ""),
    ],
)
def test_people_are_told_what_to_do(suffix, way):
    assert way in warning_of("1 Kommentar", suffix)
    assert warning_of("", suffix) == ""
