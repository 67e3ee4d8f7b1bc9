"""What editors wait for: the pages of the admin with many practices in the tree, by role, with their SQL queries.

Asked through Django's test client, so that the time is that of the page itself, without network and server.
"""

import time

from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.timing import Times, table
from editing.organisation_groups import group_of
from editing.roles import EDITORS, REVIEWERS
from practices.models import OrganisationPage, PracticePage
from practices.models.practices import PRACTICE_TYPES
from practices.services.find_pages import practice_index

TIMES = 20
DRAFTS, IN_REVIEW = 100, 50
_LONG_AGO = timezone.now() - timezone.timedelta(days=500)


def measure() -> dict:
    """Return for each role and page the number of queries and the times."""
    organisation = OrganisationPage.objects.order_by("-numchild", "pk").first()
    # So that there is something to show everywhere.
    PracticePage.objects.filter(pk__in=list(PracticePage.objects.values_list("pk", flat=True)[:2000])).update(
        last_published_at=_LONG_AGO
    )
    _leave_work(organisation)
    groups = {
        "contributor": group_of(organisation),
        "reviewer": Group.objects.get(name=REVIEWERS),
        "editor": Group.objects.get(name=EDITORS),
    }
    results = {}
    for role, group in groups.items():
        person, _ = User.objects.get_or_create(username=f"bench-{role}")
        person.groups.add(group)
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(person)
        for name, address in _addresses(organisation, role).items():
            results[f"{role}: {name}"] = _measure(client, address)
    return results


def _leave_work(organisation: OrganisationPage) -> None:
    """Let somebody have changed many pages of `organisation` and handed some in; a second call finds it done."""
    writer, is_new = User.objects.get_or_create(username="bench-contributor")
    pages = PracticePage.objects.descendant_of(organisation).specific()[:DRAFTS] if is_new else []
    for number, page in enumerate(pages):
        page.title += " (Entwurf)"
        page.save_revision(user=writer)
        if number < IN_REVIEW:
            page.get_workflow().start(page, writer)


def as_table(results: dict) -> str:
    """Return the results of `measure` as a table."""
    rows = [[name, row["queries"], row["p50_ms"], row["p95_ms"]] for name, row in results.items()]
    return table(["page", "queries", "p50 ms", "p95 ms"], rows)


def _addresses(organisation: OrganisationPage, role: str) -> dict[str, str]:
    addresses = {"start": reverse("wagtailadmin_home")}
    if role == "reviewer":
        return addresses | {"reviews": reverse("review_report")}
    addresses |= {
        "list of an organisation": reverse("wagtailadmin_explore", args=[organisation.pk]),
        "coverage": reverse("coverage_report"),
        "stale pages": reverse("stale_report"),
        "media": reverse("media_report"),
        "chooser": reverse("wagtailadmin_choose_page"),
    }
    if role == "editor":
        addresses["list of organisations"] = reverse("wagtailadmin_explore", args=[practice_index().pk])
    for key, model in PRACTICE_TYPES.items():
        page = model.objects.descendant_of(organisation).first()
        if page:
            addresses[f"edit a {key}"] = reverse("wagtailadmin_pages:edit", args=[page.pk])
            addresses[f"history of a {key}"] = reverse("wagtailadmin_pages:history", args=[page.pk])
    return addresses


def _measure(client: Client, address: str) -> dict:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        status = client.get(address).status_code
    number = len(queries)
    if status != 200:
        raise SystemExit(f"{address} answered {status}")
    times = Times()
    for _ in range(TIMES):
        started = time.perf_counter()
        client.get(address)
        times.add(started)
    return {"queries": number, **times.summary}
