"""Pictures that tell of where, when, by whom and with what they were made, in every format; and hostile ones."""

import base64
import io
import struct
import zlib
from pathlib import Path
from urllib.parse import quote_from_bytes

from PIL import Image, PngImagePlugin, TiffImagePlugin
from PIL.ExifTags import GPS, IFD, Base

FILES = Path(__file__).parent / "files"
# Stands in every note of every picture; none of it may be stored anywhere.
SECRET = b"GEHEIM"
_XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" '
    b'xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="GEHEIM 51,28.2N"><dc:creator><rdf:Seq><rdf:li>Ada GEHEIM'
    b'</rdf:li></rdf:Seq></dc:creator><dc:rights><rdf:Alt><rdf:li xml:lang="x-default">CC BY 4.0</rdf:li></rdf:Alt>'
    b'</dc:rights></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
UPRIGHT = (120, 160)


def points(size: tuple[int, int] = (160, 120)) -> Image.Image:
    """Return something to look at: left half red, right half blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    return image


def exif() -> Image.Exif:
    """Return what a phone notes; the picture lies on its side."""
    notes = Image.Exif()
    notes[Base.Orientation] = 6
    notes[Base.Artist], notes[Base.Make], notes[Base.Model] = "Ada GEHEIM", "GEHEIM", "GEHEIM Phone 13"
    notes[Base.DateTime], notes[Base.Software] = "2024:01:01 10:00:00", "GEHEIM 1.0"
    place = notes.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (51.0, 28.0, 12.0)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "E", (6.0, 51.0, 0.0)
    place[GPS.GPSProcessingMethod] = b"GEHEIM"
    return notes


def packed(image: Image.Image, kind: str, **options) -> bytes:
    """Return `image` as a file of `kind`."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def _with_iptc(jpeg: bytes) -> bytes:
    """Put notes of press photos (IPTC IIM in a block of Photoshop) into `jpeg`."""
    entries = ((80, b"Ada GEHEIM"), (90, b"GEHEIM-Stadt"), (116, b"GEHEIM e. V."), (120, b"GEHEIM zu sehen"))
    notes = b"".join(b"\x1c\x02" + struct.pack(">BH", number, len(text)) + text for number, text in entries)
    block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(notes)) + notes + b"\0" * (len(notes) % 2)
    segment = b"Photoshop 3.0\0" + block
    return jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


def _png_texts() -> PngImagePlugin.PngInfo:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Ada GEHEIM")
    texts.add_itxt("Comment", "GEHEIM, ganz geheim")
    texts.add_text("Raw profile", "GEHEIM " * 40, zip=True)
    return texts


def _tiff_notes() -> TiffImagePlugin.ImageFileDirectory_v2:
    notes = TiffImagePlugin.ImageFileDirectory_v2()
    notes[Base.Orientation], notes[Base.Artist], notes[Base.Make] = 6, "Ada GEHEIM", "GEHEIM"
    return notes


def drawing(content: str = "", attributes: str = 'width="160" height="120"') -> bytes:
    """Return a drawing with `content` in it."""
    start = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>'
    return f'{start}<rect width="80" height="120" fill="red"/>{content}</svg>'.encode()


def telling_pictures() -> dict[str, bytes]:
    """Return pictures by the name of their file; all tell secrets, all but the moving ones and drawings lie on their side."""
    image, notes = points(), exif()
    jpeg = packed(image, "JPEG", exif=notes, xmp=_XMP, comment=b"GEHEIM")
    embedded = base64.b64encode(jpeg).decode()
    return {
        "telefon.jpg": jpeg,
        "presse.jpg": _with_iptc(packed(image, "JPEG", exif=notes)),
        "angehaengt.jpg": jpeg + b"GEHEIM hinter dem Ende",
        "zwei.jpg": packed(image, "MPO", save_all=True, append_images=[points((80, 60))], exif=notes),
        "falsch.png": jpeg,
        "GROSS.JPEG": jpeg,
        "texte.png": packed(image, "PNG", exif=notes, pnginfo=_png_texts()),
        "netz.webp": packed(image, "WEBP", exif=notes, xmp=_XMP),
        "neu.avif": packed(image, "AVIF", exif=notes, xmp=_XMP),
        "scan.tif": packed(image, "TIFF", tiffinfo=_tiff_notes()),
        "gepackt.tiff": packed(image, "TIFF", tiffinfo=_tiff_notes(), compression="tiff_lzw"),
        "iphone.heic": (FILES / "photo.heic").read_bytes(),
        "bewegt.gif": packed(
            image, "GIF", save_all=True, append_images=[points((160, 120)).rotate(90)], comment=b"GEHEIM"
        ),
        "inkscape.svg": drawing("<!-- GEHEIM --><metadata><creator>Ada GEHEIM</creator></metadata>"),
        "mit-foto.svg": drawing(f'<image href="data:image/jpeg;base64,{embedded}" width="9" height="9"/>'),
        "unlesbar.svg": drawing(f'<image href="data:image/jpeg;x=(;base64,{embedded}"/>'),
        "prozent.svg": drawing(f'<image href="data:image/jpeg,{quote_from_bytes(jpeg)}"/>'),
        "stil.svg": drawing(f"<style>rect{{fill:url(data:image/jpeg;base64,{embedded})}}</style>"),
    }


def tells(content: bytes) -> bool:
    """Return whether anything of the secrets is in `content`, photos inside of drawings included."""
    inside = [base64.b64decode(part.split(b'"')[0].split(b")")[0]) for part in content.split(b"base64,")[1:]]
    return any(
        word in part for part in (content, *inside) for word in (SECRET, b"Exif", b"xmpmeta", b"8BIM", b"xpacket")
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png_of(width: int, height: int, *, bits: int = 8, kind: int = 2, data: bytes = b"") -> bytes:
    """Return a PNG that says it is so large, whatever is in it."""
    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(data)) + _chunk(b"IEND", b"")


def hostile_pictures() -> dict[str, bytes]:
    """Return files that must not be stored, by name."""
    jpeg, png = packed(points(), "JPEG"), packed(points(), "PNG")
    webp, gif, avif, tiff = (packed(points(), kind) for kind in ("WEBP", "GIF", "AVIF", "TIFF"))
    heic = (FILES / "photo.heic").read_bytes()
    halves = {
        f"halb.{name}": content[: len(content) // 2]
        for name, content in {
            "jpg": jpeg, "png": png, "webp": webp, "gif": gif, "avif": avif, "tif": tiff, "heic": heic
        }.items()
    }  # fmt: skip
    return halves | {
        "ohne-ende.jpg": jpeg[:-2],
        "leer.png": b"",
        "nur-kopf.png": png[:8],
        "nur-kopf.jpg": jpeg[:4],
        "text.jpg": b"Das ist kein Bild.",
        "null.png": b"\0" * 5000,
        "programm.png": b"MZ" + b"\x90\0" * 400,
        "seite.png": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        "dokument.jpg": b"%PDF-1.4\n%%EOF",
        "archiv.webp": b"PK\x03\x04" + b"\0" * 200,
        "postscript.jpg": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
        "photoshop.jpg": b"8BPS\0\1" + b"\0" * 6 + struct.pack(">HIIHH", 3, 9, 9, 8, 3) + b"\0" * 200,
        "bombe.png": _png_of(60_000, 60_000),
        "bombe-grau.png": _png_of(2**31 - 1, 2**31 - 1, kind=0),
        "nullbreit.png": _png_of(0, 10),
        "duenn.png": packed(Image.new("1", (1, 5000)), "PNG"),
        "falsche-summe.png": png.replace(b"IDAT", b"IDAX"),
        "kaputte-daten.png": _png_of(100, 100, data=b"\0" * 7),
        "gedreht.jpg": b"\xff\xd8\xff\xe1\xff\xff" + b"Exif\0\0" * 300,
        "riff.webp": b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\0" * 50,
        "verzeichnis.tif": b"II*\0\x08\0\0\0\xff\xff" + b"\x01\x01\x04\0\xff\xff\xff\xff\xff\xff\xff\xff" * 40,
        "schleife.tif": b"II*\0\x08\0\0\0\x00\x00\x08\0\0\0",
        "schachtel.avif": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + b"\0\0\0\x08meta" * 50,
        "schachtel.heic": b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\xff" * 200,
        "tief.svg": drawing("<g>" * 3000 + "</g>" * 3000),
        "tiefer.svg": drawing("<g>" * 100_000 + "</g>" * 100_000),
        "viele.svg": drawing("<g/>" * 60_000),
        "gross.svg": drawing(f"<text>{'x' * 5_000_000}</text>"),
        "keine-groesse.svg": drawing(attributes='width="0" height="0"'),
        "unendlich.svg": drawing(attributes='width="1e999" height="10"'),
        "riesig.svg": drawing(attributes='viewBox="0 0 1e308 1e308"'),
        "lang.svg": drawing(attributes='width="3e9" height="3e9"'),
        "winzig.svg": drawing(attributes='width="0.3" height="0.3"'),
        "negativ.svg": drawing(attributes='viewBox="0 0 -5 -5"'),
        "duenn.svg": drawing(attributes='width="1" height="5000"'),
        "masse.svg": drawing(attributes='width="abc" height="%"'),
        "lachen.svg": b'<!DOCTYPE svg [<!ENTITY a "%s">%s]>' % (
            b"x" * 1000, b"".join(b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 50) for letter in range(98, 106))
        ) + drawing("<text>&i;</text>"),
        "offen.svg": drawing()[:-6],
        "zerlegt.svg": drawing(f'<image href="d&#10;ata:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"/>'),
        "html.svg": b"<html><body>x</body></html>",
        "leer.svg": b"<",
        "utf7.svg": b'<?xml version="1.0" encoding="utf-7"?>' + drawing(),
    }  # fmt: skip
