"""Which writes change what readers can see: all of them raise the content version, and name the practices they touch.

Both happen in the transaction of the write. Whether a practice really changed is not asked here: whoever brings a copy
up to date reads the database again.
"""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import m2m_changed, post_delete, post_save
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import (
    BaseViewRestriction,
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    ReferenceIndex,
    Site,
)
from wagtail.signals import post_page_move

from practices.models import (
    ContentChange,
    ContentVersion,
    CreditedDocument,
    CreditedImage,
    CreditedMedia,
    CreditedRendition,
    FundingProgramme,
    LessonAddressee,
    OrganisationPage,
    PracticeChange,
    PracticeCluster,
    PracticeCostBearer,
    PracticeFieldOfAction,
    PracticePage,
    PracticePartner,
    PracticeTag,
    PracticeTargetGroup,
    PracticeWorkArea,
    ProjectIndicator,
    ProjectObstacle,
    ProjectProfilePage,
    ProjectSuccessFactor,
    RecordingChapter,
    RecordingPage,
    Term,
)
from practices.noting import note_change
from practices.terms import FREE_TAGS, carriers
from practices.whole_saves import is_draft_work

APPS_WITH_CONTENT = {"practices", "home"}
MODELS_WITH_CONTENT = (Page, Site, BaseViewRestriction, Collection, Tag, Redirect)
# Notes of changes, and what is made of an image while a page is shown.
SEEN_BY_NOBODY = (ContentVersion, ContentChange, PracticeChange, CreditedRendition)
# A new one of these is seen once a page that names it is saved.
SEEN_ON_PAGES = (CreditedImage, CreditedDocument, CreditedMedia, FundingProgramme, Tag)
# Rows that belong to a practice, with the column that names it.
OWNED_ROWS = {
    PracticeCluster: "content_object_id",
    PracticeCostBearer: "content_object_id",
    PracticeFieldOfAction: "content_object_id",
    PracticeTargetGroup: "content_object_id",
    PracticeWorkArea: "content_object_id",
    PracticeTag: "content_object_id",
    LessonAddressee: "content_object_id",
    PracticePartner: "practice_id",
    ProjectIndicator: "project_id",
    ProjectObstacle: "project_id",
    ProjectSuccessFactor: "project_id",
    RecordingChapter: "recording_id",
}


def connect() -> None:
    """Listen from now on; called once, when the app is ready."""
    for signal in (post_save, post_delete):
        signal.connect(_on_write, dispatch_uid="content-changes")
    m2m_changed.connect(_on_link, dispatch_uid="content-changes")
    post_page_move.connect(_on_move, dispatch_uid="content-changes")


def _on_write(sender, instance, *, created=False, update_fields=None, raw=False, **kwargs) -> None:
    if raw or sender in SEEN_BY_NOBODY or (created and sender in SEEN_ON_PAGES):
        return
    if issubclass(sender, Page) and is_draft_work(update_fields):
        return
    if sender._meta.app_label in APPS_WITH_CONTENT or issubclass(sender, MODELS_WITH_CONTENT):
        if isinstance(instance, CreditedDocument):
            RecordingPage.renew_cues(instance)
        note_change(_practices_touched_by(instance))


def _on_link(sender, instance, action, **kwargs) -> None:
    if action.startswith("post_") and (
        instance._meta.app_label in APPS_WITH_CONTENT or isinstance(instance, MODELS_WITH_CONTENT)
    ):
        note_change([])


def _on_move(sender, instance, **kwargs) -> None:
    note_change(_below(instance.path))


def _practices_touched_by(instance) -> Iterable[int]:
    """Return the ids of practices that may read otherwise, be visible otherwise or be gone after `instance` was written."""
    match instance:
        case PracticePage():
            return [instance.pk]
        case OrganisationPage():
            return [*_below(instance.path), *instance.partnerships.values_list("practice", flat=True)]
        case Page():  # a practice may be saved through its base class
            return PracticePage.objects.filter(pk=instance.pk).values_list("pk", flat=True)
        case Term():
            return carriers(type(instance).scheme, _with_narrower(instance))
        case Tag():
            return carriers(FREE_TAGS, [instance.pk])
        case PageViewRestriction():
            return _below(instance.page.path)
        case CollectionViewRestriction():
            return _naming(get_document_model().objects.filter(collection__path__startswith=instance.collection.path))
        case Collection():
            return _naming(get_document_model().objects.filter(collection__path__startswith=instance.path))
        case CreditedDocument():
            return _naming(CreditedDocument.objects.filter(pk=instance.pk))
        case FundingProgramme():
            return ProjectProfilePage.objects.filter(programme=instance.pk).values_list("pk", flat=True)
    column = OWNED_ROWS.get(type(instance))
    return [getattr(instance, column)] if column else []


def _below(path: str) -> Iterable[int]:
    return PracticePage.objects.filter(path__startswith=path).order_by("pk").values_list("pk", flat=True)


def _with_narrower(term: Term) -> list[int]:
    """Return the ids of `term` and of every term below it: practices are found by all terms above theirs."""
    found, level = {term.pk}, {term.pk}
    while level:
        level = set(type(term).objects.filter(broader__in=level).values_list("pk", flat=True)) - found
        found |= level
    return sorted(found)


def _naming(documents) -> Iterable[int]:
    """Return the ids of the practices that name any of `documents`."""
    document_type = ContentType.objects.get_for_model(CreditedDocument)
    references = ReferenceIndex.objects.filter(
        to_content_type=document_type, to_object_id__in=[str(pk) for pk in documents.values_list("pk", flat=True)]
    )
    ids = {int(pk) for pk in references.values_list("object_id", flat=True) if pk.isdigit()}
    return PracticePage.objects.filter(pk__in=ids).values_list("pk", flat=True)
