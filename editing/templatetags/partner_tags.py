"""What the base template marks of a page that a partner reads."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from editing.partner_files import open_files

register = template.Library()


@register.simple_block_tag(takes_context=True)
def page_of_partner(context: Context, content: SafeString) -> SafeString:
    """Return what was rendered of a page; where a partner reads it by a link, with its files open to them."""
    reading = context.get("reading")
    return open_files(content, reading["page"], reading["link"]) if reading else content
