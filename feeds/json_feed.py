"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json

from django.templatetags.static import static

from feeds.entries import Entry, absolute
from feeds.syndication import ICON, Feed, entry_html, tag_uri

CONTENT_TYPE = "application/feed+json; charset=utf-8"


def write_json(feed: Feed) -> bytes:
    """Return a page of a feed as JSON Feed."""
    following = feed.links("feed_json").get("next")
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{feed.title} – TransferHub",
        "home_page_url": feed.home,
        "feed_url": feed.address("feed_json"),
        "description": "Was es in dieser Auswahl Neues gibt",
        "icon": absolute(static(ICON)),
        "language": "de",
        "authors": [{"name": "TransferHub", "url": absolute("/")}],
        **({"next_url": following} if following else {}),
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _item(entry: Entry) -> dict:
    owner = entry.organisation
    published = {"date_published": entry.published.isoformat()} if entry.published else {}
    return {
        "id": tag_uri(f"praxis:{entry.key}"),
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry_html(entry),
        **published,
        "date_modified": entry.changed.isoformat(),
        "authors": [{"name": owner.title, "url": owner.url}] if owner else [{"name": "TransferHub"}],
        "tags": [entry.type_label, *(term.label for term in entry.terms)],
        "attachments": [
            {"url": file.url, "mime_type": file.mime_type, "title": file.title, "size_in_bytes": file.length}
            for file in entry.attachments
        ],
        "_transferhub": {
            "key": entry.key,
            "type": entry.type_key,
            "change_note": entry.note,
            "terms": [{"scheme": term.scheme, "key": term.key, "label": term.label} for term in entry.terms],
        },
    }
