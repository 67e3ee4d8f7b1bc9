"""What templates of the media library need."""

from django import template

from practices.media import library

register = template.Library()


@register.simple_tag(takes_context=True)
def known_collections(context, collections):
    """Return those of `collections` that the person looking may know of."""
    return library.known_collections(collections, context["request"].user)
