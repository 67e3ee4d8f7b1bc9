"""Parts of mails that many mails share, written once."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from feeds.composing import News
from feeds.mail_messages import WIDTH

register = template.Library()


@register.filter
def underlined(text: str) -> str:
    """Return a heading of a mail in plain text: marks before it would be read aloud."""
    return f"{text}\n{'-' * min(len(text), WIDTH)}"


@register.filter
@lru_cache(maxsize=1000)
def as_text(news: News) -> SafeString:
    """Return what a mail in plain text says of a practice."""
    return render_to_string("feeds/mail/news.txt", {"news": news})


@register.filter
@lru_cache(maxsize=1000)
def as_html(news: News) -> SafeString:
    """Return what a mail in HTML says of a practice."""
    return render_to_string("feeds/mail/news.html", {"news": news})
