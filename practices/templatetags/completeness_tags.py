"""How complete a practice is, in the editor."""

from django import template

from practices.completeness import assess_for_authors

register = template.Library()


@register.inclusion_tag("practices/admin/completeness.html")
def completeness(page) -> dict:
    """Show what `page` still lacks, with a link to every field."""
    return assess_for_authors(page)
