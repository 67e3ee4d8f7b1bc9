"""The API behind the admin's menu of pages: it names pages as the admin does."""

from rest_framework.fields import ReadOnlyField
from wagtail.admin.api.serializers import AdminPageSerializer
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.api.v2.serializers import PageParentField

from editing.page_titles import is_known

# The menu asks for neither, and each names pages beyond those it lists.
_LEFT_OUT = {"ancestors", "alias_of"}
_ADDRESSES = ("slug", "html_url", "url_path")


class KnownParentField(PageParentField):
    """The page above, where it may be known."""

    def get_attribute(self, instance):
        parent = super().get_attribute(instance)
        return parent if parent is not None and is_known(parent) else None


class KnownPageSerializer(AdminPageSerializer):
    """Says nothing of a page that only leads to others but that it is there."""

    title = ReadOnlyField(source="get_admin_display_title")
    parent = KnownParentField(read_only=True)

    def to_representation(self, page):
        data = super().to_representation(page)
        if not is_known(page):
            data["meta"] |= {name: None for name in _ADDRESSES if name in data["meta"]}
        return data


class KnownPagesAPIViewSet(PagesAdminAPIViewSet):
    """Wagtail's own, with the titles that somebody may know."""

    base_serializer_class = KnownPageSerializer
    meta_fields = [name for name in PagesAdminAPIViewSet.meta_fields if name not in _LEFT_OUT]
