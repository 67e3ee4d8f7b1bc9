"""Addresses elsewhere in the web that pages link to: only http and https come in, are read, and so are shown.

Templates, feeds and the API print what a field or block holds. So both ask here whichever way a value comes: by form, import or
code, from a revision, or from a row that another program wrote.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from wagtail import blocks

_MESSAGE = "Bitte geben Sie eine vollständige Adresse an, die mit https:// beginnt."
_is_address = URLValidator(schemes=["http", "https"], message=_MESSAGE)


def check_address(text: str) -> None:
    """Raise ValidationError, with what to do, where `text` is no whole address that a link may lead to."""
    _is_address(text)
    if not safe_address(text):
        raise ValidationError(_MESSAGE, code="invalid")


def safe_address(text: str) -> str:
    """Return the address in `text` if a link may lead there, else nothing.

    What browsers leave out of an address (blanks and controls, WHATWG URL, section 4.1) hides schemes from whoever looks.
    """
    address = text.strip(" ")
    if any(letter <= " " or letter == "\x7f" for letter in address):
        return ""
    return address if address.lower().startswith(("http://", "https://")) else ""


class WebAddressFormField(forms.URLField):
    """Asks for a whole address; who leaves out the scheme means https."""

    default_validators = [check_address]
    default_error_messages = {"invalid": _MESSAGE}

    def __init__(self, **kwargs):
        super().__init__(**{"assume_scheme": "https", **kwargs})


class WebAddressField(models.URLField):
    """A URLField, in migrations too, that neither stores nor shows another scheme."""

    default_validators = [check_address]

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": WebAddressFormField, **kwargs})

    def clean(self, value, model_instance):
        if value:
            check_address(value)
        return super().clean(value, model_instance)

    def to_python(self, value):
        return safe_address(super().to_python(value) or "")

    def from_db_value(self, value, expression, connection):
        return safe_address(value or "")

    def pre_save(self, model_instance, add):
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)  # a revision takes it from there
        return value

    def get_prep_value(self, value):
        return self.to_python(super().get_prep_value(value))


class WebAddressBlock(blocks.URLBlock):
    """The same for an address within a stream of blocks."""

    def __init__(self, **kwargs):
        super().__init__(**{"validators": [check_address], **kwargs})

    def deconstruct(self):
        _path, args, kwargs = super().deconstruct()
        return "wagtail.blocks.URLBlock", args, kwargs

    def normalize(self, value):
        return safe_address(value or "")

    def to_python(self, value):
        return safe_address(value or "")

    def get_prep_value(self, value):
        return safe_address(value or "")
