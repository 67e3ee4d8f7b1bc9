"""What the admin shows of practices beyond their pages."""

from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.documents.views.chooser import viewset as document_chooser
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from practices.exports import write_safe_files
from practices.file_serving import check_document
from practices.media.document_views import (
    AddDocumentView,
    AddManyDocumentsView,
    ChooserUploadView,
    CreateOneOfManyDocumentsView,
    EditDocumentView,
)
from practices.media.library import (
    KnownDocumentsAPIViewSet,
    KnownImagesAPIViewSet,
    choosable_recordings,
    recording_chosen,
    show_known_files,
)
from practices.media.views import AddManyView, CreateOneOfManyPicturesView
from practices.media_owners import describe_owner
from practices.models import FundingProgramme
from practices.removal_reasons import note_before_bulk_action, note_before_delete, note_before_unpublish
from practices.rich_links import OpenDocumentLinkHandler, OpenPageLinkHandler
from practices.services.confirm_page import LOG_ACTION
from practices.term_admin import VocabularyGroup


class FundingProgrammeChooser(SnippetChooserViewSet):
    """Offers the programmes there are; Wagtail's address to make one on the way has no form and breaks."""

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


class FundingProgrammeViewSet(SnippetViewSet):
    model = FundingProgramme
    chooser_viewset_class = FundingProgrammeChooser
    icon = "pick"
    menu_label = "Förderprogramme"
    menu_order = 260
    add_to_admin_menu = True
    list_display = ["name", "funder", "kind"]
    panels = [
        FieldPanel("name"),
        FieldPanel("funder"),
        FieldPanel("kind"),
        FieldPanel("statement"),
        FieldPanel("emblem"),
    ]


@hooks.register("register_log_actions")
def register_confirmation(actions):
    actions.register_action(LOG_ACTION, "Bestätigt", "Als aktuell bestätigt")


@hooks.register("register_rich_text_features", order=1)  # after Wagtail's own, which they replace
def register_open_links(features):
    features.register_link_type(OpenPageLinkHandler)
    features.register_link_type(OpenDocumentLinkHandler)


@hooks.register("register_admin_urls", order=-1)  # before Wagtail's own, which it replaces
def register_picture_urls():
    return [
        path("images/multiple/add/", AddManyView.as_view()),
        path(
            "images/multiple/create_from_uploaded_image/<int:uploaded_file_id>/", CreateOneOfManyPicturesView.as_view()
        ),
    ]


@hooks.register("register_admin_urls", order=-1)
def register_document_urls():
    return [
        path("documents/add/", AddDocumentView.as_view()),
        path("documents/edit/<int:document_id>/", EditDocumentView.as_view()),
        path("documents/multiple/add/", AddManyDocumentsView.as_view()),
        path(
            "documents/multiple/create_from_uploaded_document/<int:uploaded_file_id>/",
            CreateOneOfManyDocumentsView.as_view(),
        ),
    ]


@hooks.register("register_admin_urls", order=-1)
def register_recording_urls():
    return [path("media/chooser/<int:media_id>/", recording_chosen)]


@hooks.register("construct_admin_api", order=1)  # after Wagtail's own, which are replaced
def register_known_files(router):
    router.register_endpoint("images", KnownImagesAPIViewSet)
    router.register_endpoint("documents", KnownDocumentsAPIViewSet)


@hooks.register("insert_global_admin_js")
def keep_saving():
    return format_html('<script src="{}" defer></script>', static("js/autosave.js"))


@hooks.register("insert_global_admin_js")
def keep_typed_dates():
    return format_html('<script src="{}"></script>', static("js/typed-dates.js"))


register_snippet(VocabularyGroup)
register_snippet(FundingProgrammeViewSet)
# Wagtail takes its own from here when it makes the addresses of the admin.
document_chooser.create_view_class = ChooserUploadView
show_known_files()
hooks.register("construct_media_chooser_queryset", choosable_recordings)
hooks.register("describe_collection_contents", describe_owner)
hooks.register("before_serve_document", check_document)
hooks.register("before_unpublish_page", note_before_unpublish)
hooks.register("before_delete_page", note_before_delete)
hooks.register("before_bulk_action", note_before_bulk_action)
write_safe_files()
