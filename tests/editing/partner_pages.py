"""Pages of every type in every state, with files that can be told apart, for partners to read; and what these may type."""

import html
import io
import itertools
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from django.core import signing
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from practices.models import (
    CreditedDocument,
    CreditedImage,
    CreditedMedia,
    CreditedRendition,
    FundingProgramme,
    ProjectTool,
)
from tests.factories import LessonFactory, OrganisationFactory, ProjectFactory, RecordingFactory, ToolFactory
from tests.practices.documents import document_of
from tests.practices.recordings import mp4
from tests.practices.rich_practices import make_document

TYPES = {
    "organisation": OrganisationFactory,
    "project": ProjectFactory,
    "tool": ToolFactory,
    "recording": RecordingFactory,
    "lesson": LessonFactory,
}
# The field of each type that holds rich text; an organisation has none.
_RICH_TEXT = {"project": "results", "tool": "description", "recording": "description", "lesson": "context"}
_sizes = itertools.count(40)


def picture(name: str) -> CreditedImage:
    """Return an image of a size that no other has, so that its renditions are known by their bytes."""
    size = next(_sizes)
    drawn = io.BytesIO()
    Image.new("RGB", (size, size), "navy").save(drawn, "PNG")
    file = ContentFile(drawn.getvalue(), name=f"{name}.png")
    return CreditedImage.objects.create(title=name, credit="Testquelle", description="Bild", file=file)


def document(name: str) -> CreditedDocument:
    return make_document(name, f"{name}.pdf", name)


def video(name: str) -> CreditedMedia:
    file = ContentFile(mp4(name.encode()), name=f"{name}.mp4")
    return CreditedMedia.objects.create(title=name, type="video", credit="Testquelle", duration=1, file=file)


def closed_document(name: str) -> CreditedDocument:
    """Return a document that only people with an account may fetch."""
    collection = Collection.objects.filter(name="Geschlossen").first()
    if collection is None:
        collection = Collection.get_first_root_node().add_child(name="Geschlossen")
        CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    return CreditedDocument.objects.create(
        title=name,
        credit="Testquelle",
        collection=collection,
        file=ContentFile(document_of(f"{name}.pdf", name), name=f"{name}.pdf"),
    )


class Others:
    """What belongs to others: an organisation whose draft has files, and nobody who reads along may see them."""

    def __init__(self, site: Page):
        self.page = RecordingFactory(parent=OrganisationFactory(parent=site, title="Andere"), live=False)
        self.document, self.video, self.image = document("fremd-anlage"), video("fremd-film"), picture("fremd-bild")
        self.page.documents = [("document", {"document": self.document})]
        self.page.video, self.page.image = self.video, self.image
        self.page.save_revision()
        self.rendition = self.image.get_rendition("width-20")


class PartnerPage:
    """A page of `kind` that partners read, and the names of the files they shall be able to fetch: `open`."""

    def __init__(self, kind: str, state: str, site: Page, others: Others):
        self.kind, self.others, self.open = kind, others, set[str]()
        parent = site if kind == "organisation" else OrganisationFactory(parent=site, title=f"Träger {kind} {state}")
        self.page = TYPES[kind](parent=parent, title=f"Seite {kind} {state}", live=False)
        self.name = f"{kind}-{state}"
        if kind == "project":
            emblem = picture(f"{self.name}-emblem")
            self.page.programme = FundingProgramme.objects.create(name=state, statement="Gefördert", emblem=emblem)
            self.page.tool_items.add(ProjectTool(tool=ToolFactory(parent=parent, image=picture(f"{self.name}-karte"))))
        STATES[state](self)

    def write(self, version: str = "1") -> None:
        """Save a draft that shows files of its own, and names those of others wherever an author can type."""
        page, name, others = self.page, f"{self.name}-{version}", self.others
        names = {part: f"{name}-{part}" for part in ("bild", "anlage", "verweis", "folien", "film")}
        page.summary = page.contact_name = f"Siehe {others.document.url} und {others.rendition.url}"
        page.links = [("link", {"label": others.video.url, "url": f"http://testserver{others.document.url}"})]
        page.documents = [
            ("document", {"document": document(names["anlage"])}),
            ("document", {"document": closed_document(f"{name}-zu")}),
        ]
        page.image = picture(names["bild"])
        shown = {names["bild"], names["anlage"]}
        if field := _RICH_TEXT.get(self.kind):
            linked = document(names["verweis"])
            text = (
                f'<p><a linktype="document" id="{linked.pk}">Verweis</a> <a href="{others.document.url}">Anlage</a>'
                f'<embed embedtype="image" id="{others.image.pk}" format="left" alt=""/></p>'
            )
            setattr(page, field, text)
            shown.add(names["verweis"])
        if self.kind == "recording":
            page.captions = make_document(f"{name}-rede", f"{name}-rede.vtt", f"WEBVTT\n\n{name}-rede")
            page.slides, page.video = document(names["folien"]), video(names["film"])
            shown |= {f"{name}-rede", names["folien"], names["film"]}
        page.save_revision()
        self.open = shown

    def publish(self) -> None:
        """Publish what was written last; the page goes on from there."""
        self.page.get_latest_revision().publish()
        self.page = Page.objects.get(pk=self.page.pk).specific

    def clear(self) -> None:
        """Save a draft without any file."""
        self.page = self.page.get_latest_revision_as_object()
        self.page.image, self.page.documents = None, []
        if field := _RICH_TEXT.get(self.kind):
            setattr(self.page, field, "")
        if self.kind == "recording":
            self.page.captions = self.page.slides = self.page.video = None
        self.page.save_revision()
        self.open = set()

    def set(self, **values) -> None:
        Page.objects.filter(pk=self.page.pk).update(**values)


def _live(made: PartnerPage) -> None:
    made.write()
    made.publish()


def _revised(made: PartnerPage) -> None:
    _live(made)
    made.write("2")


def _unpublished(made: PartnerPage) -> None:
    _live(made)
    made.page.unpublish()


def _expired(made: PartnerPage) -> None:
    _live(made)
    made.set(live=False, expired=True, expire_at=timezone.now() - timedelta(hours=1))


def _scheduled(made: PartnerPage) -> None:
    made.page.go_live_at = timezone.now() + timedelta(days=1)
    made.write()
    made.publish()


def _emptied(made: PartnerPage) -> None:
    made.write()
    made.clear()


def _emptied_while_live(made: PartnerPage) -> None:
    _live(made)
    made.clear()


def _restricted(made: PartnerPage) -> None:
    _live(made)
    PageViewRestriction.objects.create(page=made.page, restriction_type=PageViewRestriction.LOGIN)


STATES: dict[str, Callable[[PartnerPage], None]] = {
    "live": _live,
    "revised": _revised,
    "draft": lambda made: made.write(),
    "unpublished": _unpublished,
    "expired": _expired,
    "scheduled": _scheduled,
    "emptied": _emptied,
    "emptied-while-live": _emptied_while_live,
    "restricted": _restricted,
}


def names_of_files() -> dict[bytes, str]:
    """Return the titles of images, documents and videos by the bytes that a reader gets of them."""
    renditions = CreditedRendition.objects.select_related("image")
    works = [(rendition.file, rendition.image.title) for rendition in renditions]
    works += [(work.file, work.title) for kind in (CreditedDocument, CreditedMedia) for work in kind.objects.all()]
    return {Path(file.path).read_bytes(): title for file, title in works}


def typed_by_partners(made: PartnerPage, address_of_another_link: str) -> dict[str, list[str]]:
    """Return what somebody could type to be handed a file, by what they have in mind."""
    others, foreign = made.others, made.others.document.url
    own = CreditedDocument.objects.filter(title__startswith=made.name).first()
    own_picture = CreditedImage.objects.filter(title__startswith=made.name).first().get_rendition("width-20")
    payload = signing.b64_encode(signing.JSONSerializer().dumps([1, "creditedmedia", others.video.pk])).decode()
    return {
        "own files": [own.url, own_picture.url, f"/documents/{own.pk}/x"],
        "files of others": [
            foreign,
            others.video.url,
            others.rendition.url,
            others.image.file.url,
            f"/documents/{others.document.pk}/x",
            " ".join(f"/documents/{number}/x" for number in range(1, others.document.pk + 60)),
            f"{others.rendition.url} 480w, {others.video.url} 960w,{foreign}",
        ],
        "other spellings": [
            f"http://testserver{foreign}",
            f"//testserver{foreign}",
            foreign.upper(),
            others.video.url.upper(),
            foreign.replace("documents", "%64ocuments"),
            quote(foreign, safe=""),
            quote(quote(foreign, safe=""), safe=""),
            foreign.replace("/", "&#47;"),
            html.escape(f'"{foreign}"'),
            f"/medien/../documents/{others.document.pk}/x",
            f"./{foreign}",
            f"\\{foreign}",
            f"?{foreign}",
            f"#{foreign}",
            f"{foreign}?x=1#page=2",
        ],
        "markup": [
            f"\"{foreign}\" '{foreign}' `{foreign}` „{foreign}“",
            f'"><img src="{others.rendition.url}"><a href="{foreign}">x</a>',
            f'<a linktype="document" id="{others.document.pk}">',
            f"</textarea></main></body><main>{foreign}",
            "{% endpage_of_partner %}{% page_of_partner %}" + foreign,
        ],
        "nothing": [
            f"/documents/{9**30}/x",
            "/documents/-1/x",
            "/documents/1e9/x",
            "/documents/٣/x",
            "/documents//x",
            "/documents/1/%00",
            "/medien/",
            "/medien/%00",
            "/medien/%ff%fe",
        ],
        "signed": [
            address_of_another_link,
            *(f"/mitlesen/datei/{end}" for end in (f"{payload}:x:y", payload, "%00", "A" * 900)),
        ],
    }
