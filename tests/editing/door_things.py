"""Pages, media and what else the admin is about, in every state that an address asks for."""

from datetime import date, timedelta

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupApprovalTask,
    Page,
    PageViewRestriction,
    Site,
    Task,
    UploadedFile,
    Workflow,
    WorkflowPage,
)

from editing.models import Import, Invitation, PartnerLink
from feeds.models import DigestRun, NewsletterIntroduction
from practices.media_owners import collection_of
from practices.models import CreditedMedia, FundingProgramme
from search.models import SynonymGroup
from tests.factories import ToolFactory
from tests.practices.documents import pdf
from tests.practices.recordings import mp4
from tests.practices.rich_practices import make_document, make_image

_MONDAY = date(2030, 1, 7)
_FINDING = ["Werkzeuge", 2, "A", "Titel", "x", "Bitte ändern Sie das."]


def _hand_in(what, author: User):
    what.save_revision(user=author)
    return what.get_workflow().start(what, author)


def _plan(what, author: User):
    return what.save_revision(user=author, approved_go_live_at=timezone.now() + timedelta(days=9))


def things_of_pages(own, author: User) -> dict[str, Model]:
    """One page online with a newer draft, and others: never published, in review, planned, closed, locked, an alias."""
    made = {
        name: ToolFactory(parent=own, title=title, live=title != "Entwurf", owner=author)
        for name, title in _TITLES.items()
    }
    made["page"].save_revision(user=author).publish()
    made["draft"].save_revision(user=author)
    Page.objects.filter(pk=made["alias"].pk).update(alias_of=made["closed_page"])
    locked = {"locked": True, "locked_by": author, "locked_at": timezone.now()}
    Page.objects.filter(pk=made["locked_page"].pk).update(**locked)
    state = _hand_in(made["reviewed_page"], author)
    now = timezone.now()
    placed = Workflow.objects.create(name="Eigener Ablauf")
    WorkflowPage.objects.create(page=made["page_with_workflow"], workflow=placed)
    made |= {"workflow_state": state, "task_state": state.current_task_state, "task": state.current_task_state.task}
    return made | {
        "revision": made["page"].save_revision(user=author),
        "planned_revision": _plan(made["planned_page"], author),
        "placed_workflow": placed,
        "page_restriction": PageViewRestriction.objects.create(
            page=made["closed_page"], restriction_type="password", password="geheim"
        ),
        "partner_link": PartnerLink.objects.create(
            page=made["draft"], partner="West", expires_at=now + timedelta(days=9)
        ),
        "editing_session": EditingSession.objects.create(user=author, content_object=made["page"], last_seen_at=now),
    }


_TITLES = {
    "page": "Online",
    "draft": "Entwurf",
    "reviewed_page": "In Prüfung",
    "planned_page": "Geplant",
    "closed_page": "Geschlossen",
    "locked_page": "Gesperrt",
    "page_with_workflow": "Eigens geprüft",
    "alias": "Spiegel",
}


def things_of_media(own, author: User) -> dict[str, Model]:
    """An image, a document and a video that `author` added for `own`, and two files whose forms are still to be filled in."""
    image, document = make_image(), make_document("Blatt", "blatt.pdf")
    video = CreditedMedia(title="Film", type="video", duration=1, file=ContentFile(mp4(b"film"), name="film.mp4"))
    for work in (image, document, video):
        work.uploaded_by_user, work.collection = author, collection_of(own)
        work.save()
    made = {"image": image, "document": document, "video": video}
    with image.file.open() as opened:
        files = (get_image_model(), opened.read() + b" ", "neu.png"), (get_document_model(), pdf("neu"), "neu.pdf")
    for model, content, name in files:
        uploaded = UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(model),
            uploaded_by_user=author,
            file=ContentFile(content, name=name),
        )
        made["uploaded_image" if name == "neu.png" else "uploaded_document"] = uploaded
    return made


def things_of_the_platform(people: dict[str, User], organisation) -> dict[str, Model]:
    """What editors and administrators take care of, and what is under way for the organisation of C."""
    now, editor = timezone.now(), people["E"]
    collection = Collection.get_first_root_node().add_child(name="Sammlung")
    imports = {"name": "a.xlsx", "user": editor}
    return {
        **_newsletters(editor),
        "collection": collection,
        "collection_restriction": CollectionViewRestriction.objects.create(
            collection=collection, restriction_type="password", password="geheim"
        ),
        "synonyms": SynonymGroup.objects.create(words="Kita\nKindertagesstätte"),
        "programme": FundingProgramme.objects.create(name="ESF"),
        "redirect": Redirect.objects.create(old_path="/alt", redirect_link="https://example.org/"),
        "site": Site.objects.get(is_default_site=True),
        "workflow": Workflow.objects.filter(active=True).first(),
        "former_workflow": Workflow.objects.create(name="Früher", active=False),
        "any_task": Task.objects.filter(active=True).first(),
        "former_task": GroupApprovalTask.objects.create(name="Früher", active=False),
        "import": Import.objects.create(state=Import.State.DONE, finished_at=now, **imports),
        "checked_import": Import.objects.create(total=1, findings=[_FINDING], **imports),
        "invitation": Invitation.objects.create(
            email="x@example.org",
            role=Invitation.Role.CONTRIBUTOR,
            organisation=organisation,
            invited_by=people["C"],
            expires_at=now + timedelta(days=1),
        ),
        "run": DigestRun.objects.create(frequency="daily", slot=now - timedelta(hours=1)),
    }


def _newsletters(editor: User) -> dict[str, Model]:
    """Introductions of the newsletter: a draft, one in review, one planned, one locked, one online."""
    names = ("news", "reviewed_news", "planned_news", "locked_news", "live_news")
    made: dict = {
        name: NewsletterIntroduction.objects.create(
            title=name, text="x", week=_MONDAY + number * timedelta(days=7), live=name == "live_news"
        )
        for number, name in enumerate(names)
    }
    NewsletterIntroduction.objects.filter(pk=made["locked_news"].pk).update(locked=True, locked_by=editor)
    made["news_revision"] = made["news"].save_revision(user=editor)
    made["news_plan"] = _plan(made["planned_news"], editor)
    state = made["news_state"] = _hand_in(made["reviewed_news"], editor)
    return made | {"news_task_state": state.current_task_state, "news_task": state.current_task_state.task}
