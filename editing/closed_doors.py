"""What Wagtail opens in the admin and nobody here needs: closed for all of its kind, not address by address."""

from wagtail.admin.viewsets.model import ModelViewSet


def close_copies() -> None:
    """Leave the address for copies out of every viewset, of Wagtail's, of ours and of packages still to come.

    Wagtail's form for a copy works on the original: what is posted to that address is saved over it, past every guard of
    the views that change things. Copies of pages are made by a view of their own, which makes one.
    """
    ModelViewSet.copy_view_enabled = False
