"""Small pieces of markup and formats that templates of every room use."""

from django import template
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from practices.richtext import linkify

register = template.Library()
register.filter("linkify", linkify)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a decorative icon of the sprite; the text beside it carries the meaning."""
    return format_html(
        '<svg class="th-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons/sprite.svg"),
        name,
    )


@register.filter
def timecode(seconds: int) -> str:
    """Return seconds as m:ss, from one hour on as h:mm:ss."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def duration(seconds: int) -> str:
    """Return seconds as a German duration in words."""
    minutes, rest = divmod(int(seconds), 60)
    if not minutes:
        return f"{rest} Sekunden"
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} Std."] if hours else []
    return " ".join([*parts, f"{minutes} Min."] if minutes else parts)


@register.filter
def euro(amount) -> str:
    """Return an amount of money; cents appear where there are any."""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{number_format(amount, places, force_grouping=True)} Euro"


@register.filter
def half_year(value: str) -> str:
    """Return 2018-H1 as „1. Halbjahr 2018“."""
    year, _, half = value.partition("-H")
    return f"{half}. Halbjahr {year}"


@register.filter
def number(value) -> str:
    """Return a decimal number without superfluous zeros, or a dash where there is none."""
    if value is None:
        return "–"
    return number_format(value.normalize().quantize(1) if value == value.to_integral_value() else value.normalize())
