"""The dialogues in which pages are chosen: they offer what somebody may know of, and lead there through what they may not."""

from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    ExternalLinkElementHandler,
    PageLinkElementHandler,
)
from wagtail.admin.views import chooser
from wagtail.models import Page
from wagtail.query import PageQuerySet

from editing.known_pages import known_pages, viewer_of
from editing.page_titles import is_known
from practices.incomplete_forms import IncompleteForm

_can_choose_page = chooser.can_choose_page


class BrowsePagesView(chooser.BrowseView):
    """Shows the pages below one. It begins at the lowest page above all there are to choose where nobody named one, and where
    the dialogue opens beside a relation to a page that was hidden since, below pages that lead nowhere any more."""

    def get(self, request: HttpRequest, parent_page_id: int | None = None) -> HttpResponse:
        parent = get_object_or_404(Page, pk=parent_page_id) if parent_page_id else None
        if parent is None or not self._leads_somewhere(parent, request.user):
            parent = self._start(request)
        return super().get(request, parent.pk)

    def get_object_list(self) -> PageQuerySet:
        pages = super().get_object_list()
        if viewer_of(self.request.user).knows_all:
            return pages
        below = known_pages(Page.objects.filter(path__startswith=self.parent_page.path), self.request.user)
        way = Substr("path", 1, len(self.parent_page.path) + Page.steplen)
        return pages.filter(path__in=below.order_by().values_list(way))

    def _start(self, request: HttpRequest) -> Page:
        try:
            classes = chooser.page_models_from_string(request.GET.get("page_type") or chooser.base_page_type_string)
        except (ValueError, LookupError) as error:
            raise Http404 from error
        if classes == (Page,):
            return Page.get_first_root_node()
        return known_pages(Page.objects.type(*classes), request.user).first_common_ancestor()

    def _leads_somewhere(self, page: Page, user) -> bool:
        return viewer_of(user).knows(page) or known_pages(page.get_descendants(), user).exists()


class PagesChosenView(chooser.ChosenMultipleView):
    """Says of several pages that they were chosen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        ids = [pk for pk in request.GET.getlist("id") if pk.isdecimal()]
        known = known_pages(Page.objects.filter(pk__in=ids), request.user)
        asked = request.GET.copy()
        asked.setlist("id", [str(pk) for pk in known.values_list("pk", flat=True)])
        request.GET = asked  # type: ignore[assignment]
        return super().get(request)


class ExternalLinkView(chooser.ExternalLinkView):
    """Takes the address of a page for a link to that page; of one that is hidden for an address like any other."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if f"{self.form_prefix}-{self.link_url_field_name}" not in request.POST:
            raise IncompleteForm(self.link_url_field_name)  # Wagtail's field breaks where there is nothing to read
        return super().post(request)

    def render_chosen_response(self, result: dict) -> HttpResponse:
        page = Page.objects.filter(pk=result.get("id")).first()
        if page is not None:
            viewer = viewer_of(self.request.user)
            result = result | {"adminTitle": viewer.title_of(page)} if viewer.knows(page) else self.get_result_data()
        return super().render_chosen_response(result)


class KnownPageLinkHandler(PageLinkElementHandler):
    """A link to a page in the editor for rich text, which shows its address."""

    def get_attribute_data(self, attrs: dict) -> dict:
        page = Page.objects.filter(pk=attrs["id"]).first()
        if page is None or not is_known(page):
            # As Wagtail says of one that is gone: the link stays a link to that page.
            return {"id": int(attrs["id"]), "url": None, "parentId": None}
        parent = page.get_parent()
        return {"id": page.pk, "url": page.url, "parentId": parent.pk if parent else None}


def can_choose_page(page: Page, user, *args, **kwargs) -> bool:
    """Return what Wagtail returns for a page that `user` knows of: what only leads to others is not chosen itself."""
    return viewer_of(user).knows(page) and _can_choose_page(page, user, *args, **kwargs)


def find_known_pages(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Let the search find nothing but what somebody may know of; browsing has its own way, through pages they may not."""
    is_search = request.resolver_match and request.resolver_match.url_name == "wagtailadmin_choose_page_search"
    return known_pages(pages, request.user) if is_search else pages


def register_known_links(features) -> None:
    """Replace Wagtail's own rule for links."""
    handlers = {"a[href]": ExternalLinkElementHandler("LINK"), 'a[linktype="page"]': KnownPageLinkHandler("LINK")}
    rule = {"from_database_format": handlers, "to_database_format": {"entity_decorators": {"LINK": link_entity}}}
    features.register_converter_rule("contentstate", "link", rule)
