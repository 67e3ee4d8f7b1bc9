"""Parts of mails that many mails share, written once."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from feeds.composing import News

register = template.Library()


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
