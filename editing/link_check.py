"""Trying the links to other sites, page by page, so that nobody who follows one is left standing.

A link is reported when it failed twice, a day apart: servers have bad days.
"""

from collections.abc import Callable, Generator, Iterable
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields import URLField
from django.utils import timezone
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Site
from wagtail.rich_text import RichText

from editing.models import BrokenLink, LinkCheck
from editing.web_addresses import CannotTell, fault_of
from feeds.aside import do_aside, until_answered

AGAIN_AFTER = timedelta(days=30)
RETRY_AFTER = timedelta(days=1)
REPORTED_AFTER = 2


def check_links(fault_of: Callable[[str], str] = fault_of) -> Generator[float]:
    """Try the links of the page that waits longest, if one is due; yield after how many seconds to look again.

    Servers are waited for in a thread, so that the worker does other things meanwhile. What is known stays where this
    server can not look up names. Nothing happens with CHECK_LINKS off.
    """
    page = _next_page() if settings.CHECK_LINKS else None
    if page is None:
        return
    faults = {}
    for url in links_of(page.specific):
        try:
            answer = do_aside(partial(fault_of, url))
            yield from until_answered(answer)
            faults[url] = answer.result()
        except CannotTell:
            return
    _store(page, {url: fault for url, fault in faults.items() if fault})


def links_of(page: Page) -> list[str]:
    """Return the addresses at other sites to which `page` links, each once."""
    found = dict.fromkeys(url for field in page._meta.get_fields() for url in _links_in(field, page))
    own = set(Site.objects.values_list("hostname", flat=True))
    return [url for url in found if url.startswith(("http://", "https://")) and _host(url) not in own]


def reported_links() -> QuerySet[BrokenLink]:
    """Return the links that failed often enough, on pages that readers see."""
    return BrokenLink.objects.filter(failures__gte=REPORTED_AFTER, page__live=True)


def _links_in(field, page: Page) -> Iterable[str]:
    if isinstance(field, URLField):
        yield field.value_from_object(page)
    elif isinstance(field, RichTextField):
        yield from _links_in_html(field.value_from_object(page))
    elif isinstance(field, StreamField):
        for block in field.value_from_object(page):
            if block.block_type == "link":
                yield block.value["url"]
            elif isinstance(block.value, RichText):
                yield from _links_in_html(block.value.source)


def _links_in_html(html: str) -> Iterable[str]:
    for link in BeautifulSoup(html, "html.parser").find_all("a", href=True):
        yield str(link["href"])


def _host(url: str) -> str | None:
    """Return the host in `url`; None where it is no address at all, which is said of it when it is tried."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _next_page() -> Page | None:
    """Return a page that was never tried, or not since it was published, or not for long; what failed comes sooner."""
    now = timezone.now()
    pages = Page.objects.live().filter(depth__gt=1)
    failing = Exists(BrokenLink.objects.filter(page=OuterRef("pk")))
    due = (
        Q(link_check=None)
        | Q(link_check__checked_at__lt=now - AGAIN_AFTER)
        | Q(link_check__checked_at__lt=F("last_published_at"))
        | (Q(link_check__checked_at__lt=now - RETRY_AFTER) & failing)
    )
    return pages.filter(due).order_by(F("link_check__checked_at").asc(nulls_first=True), "pk").first()


@transaction.atomic
def _store(page: Page, faults: dict[str, str]) -> None:
    now = timezone.now()
    LinkCheck.objects.update_or_create(page=page, defaults={"checked_at": now})
    BrokenLink.objects.filter(page=page).exclude(url__in=faults).delete()
    known = {link.url: link for link in BrokenLink.objects.filter(page=page)}
    for url, fault in faults.items():
        link = known.get(url) or BrokenLink(page=page, url=url, failures=0, since=now)
        link.fault, link.failures = fault, link.failures + 1
        link.save()
