"""The introduction that editors may write to the weekly digest."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

from feeds.models import DigestRun, NewsletterIntroduction, Subscription
from feeds.schedule import BERLIN
from practices.richtext import clean_html
from search.documents import plain_text

_LINK = re.compile(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Introduction:
    """An introduction as a mail shows it."""

    title: str
    text_html: SafeString
    text_plain: str


def introduction_for(run: DigestRun | None) -> Introduction | None:
    """Return the published introduction for the week of a weekly `run`; None for other runs and where there is none."""
    if run is None or run.frequency != Subscription.Frequency.WEEKLY:
        return None
    day = run.slot.astimezone(BERLIN).date()
    monday = day - timedelta(days=day.weekday())
    found = NewsletterIntroduction.objects.filter(week=monday, live=True).first()
    return present_introduction(found) if found else None


def present_introduction(introduction: NewsletterIntroduction) -> Introduction:
    """Return `introduction` as a mail shows it; links to pages of the site are spelt out."""
    text = expand_db_html(introduction.text).replace('href="/', f'href="{settings.WAGTAILADMIN_BASE_URL}/')
    with_addresses = _LINK.sub(r"\2 (\1)", text)
    return Introduction(introduction.title, mark_safe(clean_html(text)), plain_text(with_addresses))  # noqa: S308 - cleaned
