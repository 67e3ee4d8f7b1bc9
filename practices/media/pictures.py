"""Photos and other pictures made of points, painted anew from their points alone.

What comes out holds nothing but the picture: no place, date, person or device, whichever way a format keeps them (EXIF, XMP,
IPTC, makers' notes, texts, comments, further pictures, bytes behind the end). It stands upright, has eight bits a channel in
sRGB or grey, and no more points than pages can show.

Runs in the process of `reading`, apart from web and worker, and imports nothing of Django.
"""

import warnings
from contextlib import suppress
from io import BytesIO

from pi_heif import register_heif_opener
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from PIL.ExifTags import Base

from practices.media.bare import is_bare
from practices.media.credits import credit_of
from practices.media.outcome import Picture, Refused, check_shape, damaged, no_picture, too_costly

# A sheet of A1 scanned at 300 dpi has 70 million points; at four bytes each these fit into the memory of the process.
MOST_POINTS = 90_000_000
LONGEST_SIDE = 4096
_LARGE = 30_000_000  # from here on a decoder that fails may have failed for want of memory

_OPENED = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "HEIF")
_KEPT_MODES = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "RGBA", "L", "LA"), "WEBP": ("RGB", "RGBA")}
_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_OPTIONS = {"JPEG": {"quality": 90, "optimize": True, "progressive": True}, "PNG": {}, "WEBP": {"quality": 90}}
_STRIP = 512

Image.MAX_IMAGE_PIXELS = None  # sides are looked at below, before anything is unpacked
Image.init()  # else the formats named above are not all known
register_heif_opener(thumbnails=False)


def paint(content: bytes, *, is_part: bool = False) -> Picture:
    """Return the picture in `content` with nothing else in it; what was painted before comes out as it is.

    Of moving pictures it is the first. One that `is_part` of a drawing may be as slender as it likes. Raises Refused where there
    is no picture, or one that is damaged, too large or too slender; MemoryError where there is not enough memory for it.
    """
    points = 0
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(content), formats=_OPENED) as image:
            points = image.width * image.height
            if not is_part:
                check_shape(*image.size)
            return _paint(image, content)
    except UnidentifiedImageError as error:
        raise no_picture() from error
    except (Refused, MemoryError):
        raise
    except Exception as error:  # decoders raise whatever comes to their minds over a damaged file
        raise (too_costly() if points > _LARGE else damaged()) from error


def _paint(image: Image.Image, content: bytes) -> Picture:
    if image.width * image.height > MOST_POINTS:
        raise Refused(
            f"Das Bild hat {_millions(image.width * image.height)} Millionen Bildpunkte. Bitte verkleinern Sie es auf höchstens "
            f"{_millions(MOST_POINTS)} Millionen."
        )
    kind, longest = image.format or "", max(image.size)
    if kind in ("JPEG", "MPO"):
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # unpacks larger photos at half their size or less
    image.load()
    credit = credit_of(image)
    if longest <= LONGEST_SIDE and image.mode in _KEPT_MODES.get(kind, ()) and is_bare(content, kind):
        return Picture(content, _SUFFIXES[kind], credit)
    points = _upright(_in_srgb(_reduced(image), image.info.get("icc_profile")), _orientation(image))
    return Picture(*_packed(points, kind), credit)


def _reduced(image: Image.Image) -> Image.Image:
    """Return `image` with eight bits a channel and no side longer than may be.

    It is done strip by strip: a second copy of all points would not fit into the memory beside the first.
    """
    factor = -(-max(image.size) // LONGEST_SIDE)
    width, height = image.size
    tops = range(0, height, _STRIP * factor)
    strips = (
        _eight_bits(image.crop((0, top, width, min(top + _STRIP * factor, height)))).reduce(factor) for top in tops
    )
    first = next(strips)
    result = Image.new(first.mode, (first.width, -(-height // factor)))
    result.paste(first)
    for top, strip in zip(tops[1:], strips, strict=True):
        result.paste(strip, (0, top // factor))
    return result


def _eight_bits(strip: Image.Image) -> Image.Image:
    if strip.mode in ("L", "LA", "RGB", "RGBA", "CMYK") and "transparency" not in strip.info:
        return strip
    if strip.mode.startswith("I"):
        return strip.convert("I").point(lambda value: value / 256).convert("L")
    if strip.mode in ("1", "F") and "transparency" not in strip.info:
        return strip.convert("L")
    has_alpha = "transparency" in strip.info or strip.mode in ("PA", "La", "RGBa")
    return strip.convert("RGBA" if has_alpha else "RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        colours = image.convert("RGB") if image.mode == "RGBA" else image
        try:
            converted = ImageCms.profileToProfile(
                colours, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # a profile that can not be read is no reason to refuse the picture
        if converted:
            if image.mode == "RGBA":
                converted.putalpha(image.getchannel("A"))
            return converted
    return image.convert("RGB") if image.mode == "CMYK" else image


def _orientation(image: Image.Image) -> int:
    with suppress(Exception):  # notes that can not be read are no reason to refuse the picture
        return int(image.getexif().get(Base.Orientation, 1))
    return 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    image.getexif()[Base.Orientation] = orientation
    return ImageOps.exif_transpose(image)


def _packed(image: Image.Image, came_as: str) -> tuple[bytes, str]:
    image.info = {}
    if image.mode in ("LA", "RGBA") and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert(image.mode.removesuffix("A"))
    kind = {"PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}.get(came_as, "JPEG")
    if kind == "JPEG" and image.mode not in _KEPT_MODES["JPEG"]:
        kind = "WEBP"
    if image.mode not in _KEPT_MODES[kind]:
        image = image.convert("RGBA" if "A" in image.mode else "RGB")
    stream = BytesIO()
    image.save(stream, kind, **_OPTIONS[kind])
    if not is_bare(stream.getvalue(), kind):
        raise AssertionError(f"{kind} holds more than the picture")
    return stream.getvalue(), _SUFFIXES[kind]


def _millions(points: int) -> str:
    return f"{points / 1_000_000:.0f}"
