"""Drawings from anywhere, made harmless before they are stored, whichever way they come in."""

from django.core.files.base import ContentFile
from py_svg_hush import filter_svg
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

SVG = ".svg"
_EMBEDDED = {"image": ["png", "jpeg", "gif", "webp"]}


def clean_svg(content: bytes) -> bytes:
    """Return the drawing `content` without scripts, links, entities and references to other servers.

    What is cleaned stays the same when it is cleaned again. Raises ValueError where it is no SVG, with what to do.
    """
    try:
        return filter_svg(content, _EMBEDDED)
    except ValueError as error:
        raise ValueError(
            "Diese SVG-Datei lässt sich nicht lesen. Bitte speichern Sie das Bild noch einmal ab, zum Beispiel als PNG."
        ) from error


class CleanImageFieldFile(WagtailImageFieldFile):
    """An image file that is never stored with more in it than a picture."""

    def save(self, name, content, save=True):
        """Store `content`. Raises ValueError where `name` says that it is a drawing, and it is none."""
        if name.lower().endswith(SVG):
            content = ContentFile(clean_svg(content.read()), name)
        super().save(name, content, save)


class CleanImageField(WagtailImageField):
    attr_class = CleanImageFieldFile
