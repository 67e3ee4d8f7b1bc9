"""Atom 1.0 (RFC 4287), with pages (RFC 5005)."""

import re
from io import StringIO
from typing import Any

from django.templatetags.static import static
from django.utils.feedgenerator import Atom1Feed, Enclosure

from feeds.entries import Entry, absolute
from feeds.syndication import ICON, Feed, entry_html, licence_label, scheme_uri, tag_uri

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
# What XML 1.0 can not say, not even escaped (section 2.2).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Atom(Atom1Feed):
    """Django's Atom with schemes of categories, content beside the summary, more links and who made it."""

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for relation, address in self.feed["links"].items():
            handler.addQuickElement("link", "", {"rel": relation, "href": address, "type": "application/atom+xml"})
        handler.addQuickElement("generator", "TransferHub", {"uri": absolute("/")})
        handler.addQuickElement("icon", absolute(static(ICON)))

    def latest_post_date(self):
        return self.feed["updated"]

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, {**item, "description": None, "categories": ()})
        handler.addQuickElement("summary", item["description"], {"type": "text"})
        handler.addQuickElement("content", item["content"], {"type": "html"})
        for category in item["terms"]:
            handler.addQuickElement("category", "", category)


def write_atom(feed: Feed) -> bytes:
    """Return a page of a feed as Atom."""
    atom = _Atom(
        title=_xml(f"{feed.title} – TransferHub"),
        link=feed.home,
        description=None,
        language="de",
        subtitle="Was es in dieser Auswahl Neues gibt",
        author_name="TransferHub",
        author_link=absolute("/"),
        feed_url=feed.address("feed_atom"),
        feed_guid=feed.id,
        links=feed.links("feed_atom"),
        updated=feed.updated,
    )
    for entry in feed.entries:
        atom.add_item(**_item(entry))
    text = StringIO()
    atom.write(text, "utf-8")
    return text.getvalue().encode()


def _item(entry: Entry) -> dict[str, Any]:
    owner = entry.organisation
    return {
        "title": _xml(entry.title),
        "link": entry.url,
        "description": _xml(entry.summary),
        "content": _xml(entry_html(entry)),
        "unique_id": tag_uri(f"praxis:{entry.key}"),
        "pubdate": entry.published,
        "updateddate": entry.changed,
        "author_name": _xml(owner.title) if owner else "TransferHub",
        "author_link": owner.url if owner else None,
        "item_copyright": licence_label(entry) or None,
        "enclosures": [Enclosure(file.url, str(file.length), file.mime_type) for file in entry.attachments],
        "terms": [
            {"term": entry.type_key, "scheme": absolute("/suche/"), "label": entry.type_label},
            *({"term": term.key, "scheme": scheme_uri(term), "label": _xml(term.label)} for term in entry.terms),
        ],
    }


def _xml(text: str) -> str:
    return _NOT_XML.sub(" ", text)
