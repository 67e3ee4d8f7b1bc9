"""Photos inside documents."""

import warnings
from contextlib import suppress
from io import BytesIO

SUFFIXES = (".jpg", ".jpeg", ".jpe", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif", ".avif")
MOST_BYTES = 30 * 1024 * 1024
_OPENED = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "HEIF")
# As XMP names it: such a packet stands in a picture as plain text.
_IN_XMP = b"GPSLatitude"


def names_place(content: bytes) -> bool:
    """Return whether a photo says where it was taken (EXIF, XMP). What can not be read says nothing."""
    if _IN_XMP in content:
        return True
    from pi_heif import register_heif_opener  # only what holds photos needs these
    from PIL import Image
    from PIL.ExifTags import GPS, IFD

    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # nothing is unpacked
    Image.init()
    with (
        suppress(Exception),
        warnings.catch_warnings(action="ignore"),
        Image.open(BytesIO(content), formats=_OPENED) as image,
    ):
        return bool(image.getexif().get_ifd(IFD.GPSInfo).get(GPS.GPSLatitude))
    return False
