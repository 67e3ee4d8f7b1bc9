"""Blocks of the standard pages."""

from wagtail import blocks

from practices.richtext import EDITOR_FEATURES, CleanRichTextBlock


class PlaceholderBlock(blocks.CharBlock):
    """Data only the operator knows; shown as a visible gap until it is replaced by text."""

    class Meta:
        label = "Platzhalter"
        icon = "warning"
        template = "home/blocks/placeholder.html"
        help_text = "Erscheint auffällig auf der Seite, bis jemand ihn durch die richtige Angabe ersetzt."


class StandardPageBlock(blocks.StreamBlock):
    heading = blocks.CharBlock(label="Überschrift", icon="title", template="home/blocks/heading.html")
    text = CleanRichTextBlock(label="Text", features=EDITOR_FEATURES)
    placeholder = PlaceholderBlock(max_length=500)
