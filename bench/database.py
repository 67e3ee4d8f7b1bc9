"""The generated practices as real pages, some 1,000 a second."""

import datetime
import itertools
import random
import uuid
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from bench.corpus import SEED, Practice, make_practices
from practices import models
from practices.services.find_pages import practice_index
from tests.practices.page_rows import insert_practices

ORGANISATIONS = 200
BATCH = 2000
TAGS = 300
REGIONS = ("Nordrhein-Westfalen", "Thüringen", "Bayern", "Berlin", "Sachsen", "Hessen", "Hamburg", "Saarland")
# How many of a hundred practices are of each type, and which fields hold the parts of their text.
TYPES = (
    (models.ProjectProfilePage, 60, ("situation", "goals", "approach", "results")),
    (models.ToolPage, 15, ("description", "prerequisites")),
    (models.RecordingPage, 15, ("description",)),
    (models.LessonPage, 10, ("context", "recommendation")),
)


@transaction.atomic
def fill_database(number: int) -> None:
    """Add `number` live practices to a site that was set up; nothing is told to signals, so rebuild the index afterwards.

    They are the practices of `make_practices`, with two more facets, tags, and a type each.
    """
    chance = random.Random(SEED)  # noqa: S311 - for tests
    owners = list(_organisations())
    practices = make_practices(number)
    count = 0
    while batch := list(itertools.islice(practices, BATCH)):
        pages = []
        for practice in batch:
            owner = owners[count % ORGANISATIONS]
            pages.append(_make_page(practice, owner, count // ORGANISATIONS + 1, chance))
            count += 1
        insert_practices(pages)
        _assign_terms(batch, pages, chance)
    for place, owner in enumerate(owners):
        Page.objects.filter(pk=owner.pk).update(numchild=len(range(place, number, ORGANISATIONS)))
    models.ContentVersion.raise_number()


def _organisations() -> Iterator[models.OrganisationPage]:
    index = practice_index()
    with disable_reference_index_auto_update():
        for count in range(ORGANISATIONS):
            yield index.add_child(
                instance=models.OrganisationPage(
                    title=f"Träger {count}",
                    slug=f"traeger-{count}",
                    key=f"traeger-{count}",
                    summary="Eine Organisation mit vielen Praxisbeispielen.",
                    region=REGIONS[count % len(REGIONS)],
                )
            )


def _make_page(
    practice: Practice, owner: models.OrganisationPage, place: int, chance: random.Random
) -> models.PracticePage:
    """Return the page of a practice, not saved, as the child number `place` of `owner`."""
    model, _, fields = chance.choices(TYPES, weights=[weight for _, weight, _ in TYPES])[0]
    slug = f"praxis-{practice.id}"
    noon = datetime.datetime.combine(practice.date, datetime.time(12), tzinfo=datetime.UTC)
    page = model(
        title=practice.title,
        draft_title=practice.title,
        slug=slug,
        key=slug,
        summary=practice.summary,
        path=Page._get_path(owner.path, owner.depth + 1, place),
        depth=owner.depth + 1,
        url_path=f"{owner.url_path}{slug}/",
        translation_key=uuid.UUID(int=chance.getrandbits(128), version=4),
        live=True,
        first_published_at=noon,
        last_published_at=noon,
        latest_revision_created_at=timezone.now(),
    )
    for field, text in zip(fields, _portions(practice.body, len(fields)), strict=True):
        setattr(page, field, f"<p>{text}</p>")
    return page


def _portions(text: str, number: int) -> list[str]:
    """Cut a text into `number` parts of about the same length, between words."""
    words = text.split()
    size = -(-len(words) // number)
    return [" ".join(words[start : start + size]) for start in range(0, size * number, size)]


def _assign_terms(practices: list[Practice], pages: list[models.PracticePage], chance: random.Random) -> None:
    for through, facet in (
        (models.PracticeCluster, "cluster"),
        (models.PracticeFieldOfAction, "handlungsfeld"),
        (models.PracticeTargetGroup, "zielgruppe"),
    ):
        keys = dict(through.tag_model().objects.values_list("slug", "pk"))
        through.objects.bulk_create(
            through(tag_id=keys[key], content_object_id=page.pk)
            for practice, page in zip(practices, pages, strict=True)
            for key in practice.facets[facet]
        )
    for through in (models.PracticeCostBearer, models.PracticeWorkArea):
        _assign_at_random(through, list(through.tag_model().objects.values_list("pk", flat=True)), 2, pages, chance)
    if not Tag.objects.filter(slug="stichwort-0").exists():
        Tag.objects.bulk_create(Tag(name=f"Stichwort {count}", slug=f"stichwort-{count}") for count in range(TAGS))
    tags = list(Tag.objects.filter(slug__startswith="stichwort-").values_list("pk", flat=True))
    _assign_at_random(models.PracticeTag, tags, 3, pages, chance)


def _assign_at_random(through, terms: list[int], most: int, pages: list, chance: random.Random) -> None:
    """Give each page up to `most` of `terms`, the first ones most often."""
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(terms) + 1)))
    through.objects.bulk_create(
        through(tag_id=term, content_object_id=page.pk)
        for page in pages
        for term in set(chance.choices(terms, cum_weights=weights, k=chance.randint(0, most)))
    )
