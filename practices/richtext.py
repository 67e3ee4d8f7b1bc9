"""The one boundary for HTML: whatever is stored as rich text or made from plain text passes nh3 here.

bleach only finds addresses in plain text (its last release gets no more security fixes, see docs/adr); what it
returns goes through nh3 like everything else.
"""

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

import bleach
import nh3
from django import forms
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail import blocks
from wagtail.fields import RichTextField

EDITOR_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]
TAGS = {"p", "h3", "b", "strong", "i", "em", "ul", "ol", "li", "a", "br"}
# Wagtail keeps a link to a page as linktype and id, and the editor's paragraph identity as data-block-key.
ATTRIBUTES = {
    "a": {"href", "linktype", "id"},
    **{tag: {"data-block-key"} for tag in ("p", "h3", "li")},
}
URL_SCHEMES = {"http", "https", "mailto", "tel"}

_LINK = re.compile(r'<a(?: [a-z-]+="[^"]*")*>')
_ID = re.compile(r' id="[0-9]{1,18}"')  # more digits are no key that a database reads
_ANY_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)[^>]*>|<!--.*?-->", re.DOTALL)
_EMPTY = "<p></p>"
_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')


@dataclass(frozen=True)
class CleanText:
    """A text that is safe to store, and what was taken out of it: elements by name, attributes as element[name]."""

    value: str
    removed: tuple[str, ...] = ()


def clean_html(markup: str) -> str:
    """Return `markup` reduced to the elements, attributes and link schemes the rich-text editor offers.

    A link to a page or document that names none by its key, which Wagtail could not read, is a link to nowhere.
    """
    cleaned = nh3.clean(markup, tags=TAGS, attributes=ATTRIBUTES, url_schemes=URL_SCHEMES, link_rel=None)
    return _LINK.sub(_link_that_can_be_read, cleaned)


def _link_that_can_be_read(found: re.Match) -> str:
    is_broken = " linktype=" in found[0] and not _ID.search(found[0])
    return "<a>" if is_broken else found[0]


def clean_rich_text(text: str) -> CleanText:
    """Return `text` as storable rich text: plain text becomes paragraphs, HTML is reduced to the editor's subset."""
    text = _with_plain_line_ends(text)
    if not _ANY_TAG.search(text):
        return CleanText(_paragraphs(text))
    removed = _foreign_parts(text, TAGS)
    markup = _with_plain_line_ends(without_block_keys(clean_html(text)))
    if not _ANY_TAG.search(markup):
        markup = _paragraphs(html.unescape(markup))
    return CleanText(markup, removed)


def _paragraphs(text: str) -> str:
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return clean_html("".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in parts))


def clean_plain_text(text: str) -> CleanText:
    """Return `text` without any HTML elements; what comes out stays as it is when it is cleaned again."""
    removed: set[str] = set()
    while _ANY_TAG.search(text):  # what was written as &lt;b&gt; inside another element appears only in a second round
        removed.update(_foreign_parts(text, frozenset()))
        text = html.unescape(nh3.clean(text, tags=set()))
    return CleanText(_with_plain_line_ends(text), tuple(sorted(removed)))


def _with_plain_line_ends(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text).strip()


def without_block_keys(markup: str) -> str:
    """Return stored rich text without the editor's own paragraph identities."""
    return _BLOCK_KEY.sub("", markup)


def comparable(markup: str) -> str:
    """Return stored rich text so that two texts that say the same are equal, however often the editor saved them."""
    markup = without_block_keys(markup)
    return "" if markup == _EMPTY else markup


def linkify(text: str) -> SafeString:
    """Return plain `text` as HTML in which web addresses are links and line breaks are kept."""
    linked = bleach.linkify(escape(text), callbacks=[]).replace("\n", "<br>")
    return mark_safe(nh3.clean(linked, tags={"a", "br"}, attributes={"a": {"href"}}, url_schemes=URL_SCHEMES))  # noqa: S308


def _foreign_parts(text: str, tags) -> tuple[str, ...]:
    parser = _ForeignParts(tags)
    parser.feed(text)
    parser.close()
    return tuple(sorted(parser.found))


class _ForeignParts(HTMLParser):
    """Collects what a text has beyond `tags` and the attributes and link schemes allowed in them."""

    def __init__(self, tags):
        super().__init__()
        self.tags = tags
        self.found: set[str] = set()

    def handle_starttag(self, tag, attrs):
        if tag not in self.tags:
            self.found.add(tag)
            return
        for name, value in attrs:
            foreign_link = name == "href" and not _is_allowed_link(value or "")
            if foreign_link or name not in ATTRIBUTES.get(tag, ()):
                self.found.add(f"{tag}[{name}]")

    def handle_endtag(self, tag):
        if tag not in self.tags:
            self.found.add(tag)

    def handle_comment(self, data):
        self.found.add("Kommentar")


def _is_allowed_link(address: str) -> bool:
    try:
        return urlsplit(address.strip()).scheme in {"", *URL_SCHEMES}
    except ValueError:
        return False


class CleanRichTextBlock(blocks.RichTextBlock):
    """The same for rich text within a stream of blocks."""

    def get_prep_value(self, value):
        return clean_html(super().get_prep_value(value))


class RichTextFormField(forms.CharField):
    """A rich text is cleaned before anybody previews it.

    It counts as changed only where its words do: the editor gives paragraphs an identity each time it opens.
    """

    def to_python(self, value):
        return clean_html(super().to_python(value) or "")

    def has_changed(self, initial, data) -> bool:
        return comparable(initial or "") != comparable(data or "")


class CleanRichTextField(RichTextField):
    """Rich text that is cleaned again on its way into the database or a revision, whichever way it came."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("features", EDITOR_FEATURES)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": RichTextFormField, **kwargs})

    def pre_save(self, model_instance, add):
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)  # a revision takes it from there
        return value

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return clean_html(value) if isinstance(value, str) else value


def clean_draft(page) -> None:
    """Clean the rich text of a `page` made from a revision, which may be older than what is cleaned today."""
    for field in page._meta.get_fields():
        if isinstance(field, CleanRichTextField):
            setattr(page, field.name, field.get_prep_value(getattr(page, field.name)))
