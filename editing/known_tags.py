"""The tags proposed while somebody types one: of pages they may know of, and of files they work with."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from taggit.models import Tag, TaggedItem
from wagtail.admin.views import tags
from wagtail.models import Page
from wagtail.permissions import policy_registry

from editing.known_pages import known_pages, viewer_of
from practices.models import CreditedDocument, CreditedImage, CreditedMedia, OrganisationTag, PracticeTag

_FILES = (CreditedImage, CreditedDocument, CreditedMedia)
_WORK = ["add", "change", "delete", "choose"]


def known_tags(user) -> QuerySet[Tag]:
    """Return the tags that `user` may come across."""
    pages = known_pages(Page.objects.order_by(), user).values("pk")
    rows = [model.objects.filter(content_object__in=pages) for model in (PracticeTag, OrganisationTag)]
    for model in _FILES:
        files = policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, _WORK)
        kind = ContentType.objects.get_for_model(model)
        rows.append(TaggedItem.objects.filter(content_type=kind, object_id__in=files.order_by().values("pk")))
    on_any = Q()
    for tagged in rows:
        on_any |= Q(pk__in=tagged.values("tag"))
    return Tag.objects.filter(on_any)


def autocomplete(request: HttpRequest, app_name: str | None = None, model_name: str | None = None) -> HttpResponse:
    """Return the names that begin as was typed. Of terms, which everybody may read, Wagtail knows them all."""
    asks_for_terms = app_name and (app_name, model_name) != (Tag._meta.app_label, Tag._meta.model_name)
    if asks_for_terms or viewer_of(request.user).knows_all:
        return tags.autocomplete(request, app_name, model_name)
    typed = request.GET.get("term", "")
    found = known_tags(request.user).filter(name__istartswith=typed) if typed else Tag.objects.none()
    names = found.order_by("name").values_list("name", flat=True)
    return JsonResponse(list(names[: tags.TAGS_AUTOCOMPLETE_LIMIT]), safe=False)
