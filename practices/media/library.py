"""What people see of the library: media they may choose or change, and nothing of others."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from rest_framework.authentication import SessionAuthentication
from taggit.models import Tag
from wagtail.admin import filters
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.documents.views.bulk_actions.document_bulk_action import DocumentBulkAction
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.images.views import chooser as image_chooser
from wagtail.images.views.bulk_actions.image_bulk_action import ImageBulkAction
from wagtail.models import Collection
from wagtail.permissions import policy_registry
from wagtailmedia.views import chooser as recording_chooser
from wagtailmedia.views import media as recordings

from practices.models import CreditedMedia

_KNOWING = ["choose", "change"]


def known_files(model: type[Model], user) -> QuerySet:
    """Return the media of `model` that `user` may choose or change."""
    return policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, _KNOWING)


class _KnownFilesOnly:
    """An endpoint of the admin's API; Wagtail's own lists every file there is."""

    authentication_classes = [SessionAuthentication]

    def get_queryset(self) -> QuerySet:
        known = known_files(self.model, self.request.user)  # type: ignore[attr-defined]
        return super().get_queryset().filter(pk__in=known.order_by().values("pk"))  # type: ignore[misc]


class KnownImagesAPIViewSet(_KnownFilesOnly, ImagesAdminAPIViewSet):
    """Images, for the admin."""


class KnownDocumentsAPIViewSet(_KnownFilesOnly, DocumentsAdminAPIViewSet):
    """Documents, for the admin."""


def choosable_recordings(recordings: QuerySet[CreditedMedia], request: HttpRequest) -> QuerySet[CreditedMedia]:
    """Return what may be chosen, as of images and documents; Wagtail's extension offers what may be changed."""
    return known_files(CreditedMedia, request.user)


def recording_chosen(request: HttpRequest, media_id: int) -> HttpResponse:
    """Answer the dialogue with the recording that was chosen there."""
    recording = get_object_or_404(known_files(CreditedMedia, request.user), pk=media_id)
    chosen = {"step": "media_chosen", "result": recording_chooser.get_media_json(recording)}
    return render_modal_workflow(request, None, None, None, json_data=chosen)


def known_collections(collections: QuerySet[Collection], user) -> QuerySet[Collection]:
    """Return those of `collections` from which `user` may choose recordings, or in which they may change some."""
    policy = policy_registry.get_by_type(CreditedMedia)
    known = policy.collections_user_has_any_permission_for(user, _KNOWING)
    return collections.filter(pk__in=known.order_by().values("pk"))


def _common_tags(model: type[Model], count: int = 10) -> QuerySet[Tag]:
    """Return the tags that most media for all carry: those that everybody may see, as Wagtail does not say who asks."""
    common = model._default_manager.filter(collection__belongs_to__is_common=True).values("pk")
    kind = ContentType.objects.get_for_model(model)
    carried = Tag.objects.filter(
        taggit_taggeditem_items__content_type=kind, taggit_taggeditem_items__object_id__in=common
    )
    return carried.annotate(item_count=Count("taggit_taggeditem_items")).order_by("-item_count", "name")[:count]


def _known_objects(action: ImageBulkAction | DocumentBulkAction) -> tuple[list, dict]:
    """Return what Wagtail does, without the files the user may not know of: not among those left as they are, either."""
    files, left_out = BulkAction.get_actionable_objects(action)
    named = {file.pk for them in left_out.values() for file in them}
    known = set(known_files(action.model, action.request.user).filter(pk__in=named).values_list("pk", flat=True))
    return files, {reason: [file for file in them if file.pk in known] for reason, them in left_out.items()}


def show_known_files() -> None:
    """Put the above in the place of what Wagtail and its extension for recordings show of all media."""
    for module in (filters, image_chooser, recording_chooser, recordings):
        module.popular_tags_for_model = _common_tags
    for action in (ImageBulkAction, DocumentBulkAction):
        action.get_actionable_objects = _known_objects
