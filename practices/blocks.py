"""Blocks for the lists that a page merely shows: links, documents, benefits, speakers."""

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from practices.web_addresses import WebAddressBlock


class LinkBlock(blocks.StructBlock):
    label = blocks.CharBlock(
        label="Beschriftung", max_length=255, help_text="Was findet man dort? Nicht „hier klicken“."
    )
    url = WebAddressBlock(
        label="Adresse", required=False, help_text="Leer lassen, wenn die Quelle nicht im Netz steht."
    )
    accessed = blocks.DateBlock(label="Zuletzt aufgerufen am", required=False)

    class Meta:
        label = "Link oder Quelle"
        icon = "link"


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label="Dokument")

    class Meta:
        label = "Dokument"
        icon = "doc-full"


class SpeakerBlock(blocks.StructBlock):
    name = blocks.CharBlock(
        label="Name",
        required=False,
        max_length=255,
        help_text="Nur mit Einwilligung der genannten Person.",
    )
    organisation = blocks.CharBlock(label="Organisation", required=False, max_length=255)

    class Meta:
        label = "Vortragende"
        icon = "user"


class LinkStreamBlock(blocks.StreamBlock):
    link = LinkBlock()


class DocumentStreamBlock(blocks.StreamBlock):
    document = DocumentBlock()


class BenefitStreamBlock(blocks.StreamBlock):
    benefit = blocks.CharBlock(label="Nutzen", max_length=500, icon="plus")


class SpeakerStreamBlock(blocks.StreamBlock):
    speaker = SpeakerBlock()
