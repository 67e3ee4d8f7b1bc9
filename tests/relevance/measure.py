"""How well the search answers: judged queries, asked as a reader asks them.

`python -m tests.relevance.measure` prints the figures as JSON, for the embedded engine and, where TEST_ELASTICSEARCH_URL
names a server, for Elasticsearch. It works in a folder of its own, with the example content and practices.jsonl of this
folder, which are test data.
"""

import json
import math
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
EXAMPLE = FOLDER.parent.parent / "practices" / "example" / "content.jsonl"
PRACTICES = FOLDER / "practices.jsonl"
QUERIES = FOLDER / "queries.jsonl"


@dataclass(frozen=True)
class Judged:
    """A query with the keys of the practices that answer it: 2 is what was asked for, 1 is useful, too."""

    query: str
    kind: str
    relevant: dict[str, int]


@dataclass(frozen=True)
class Measured:
    """What one query brought: keys in order of rank, and the figures."""

    judged: Judged
    keys: list[str]

    @property
    def recall(self) -> float:
        """The share of what was asked for (grade 2) among the first five hits."""
        return self._recall(at_least=2)

    @property
    def wide_recall(self) -> float:
        """The same with what is useful, too (grade 1), much of which has only some of the words."""
        return self._recall(at_least=1)

    def _recall(self, at_least: int) -> float:
        wanted = {key for key, grade in self.judged.relevant.items() if grade >= at_least}
        return len(wanted & set(self.keys[:5])) / min(len(wanted), 5)

    @property
    def ndcg(self) -> float:
        """Normalised discounted cumulative gain of the first ten hits (Järvelin and Kekäläinen 2002), gain 2^grade - 1."""
        gains = [self.judged.relevant.get(key, 0) for key in self.keys[:10]]
        ideal = sorted(self.judged.relevant.values(), reverse=True)[:10]
        return _discounted(gains) / _discounted(ideal)

    @property
    def found_nothing(self) -> bool:
        return not self.keys


def _discounted(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def read_queries(path: Path = QUERIES) -> list[Judged]:
    """Return the judged queries of a file."""
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Judged(line["query"], line["class"], line["relevant"]) for line in lines]


def measure(queries: Iterable[Judged]) -> list[Measured]:
    """Ask every query, as somebody who is not signed in."""
    from django.contrib.auth.models import AnonymousUser

    from practices.terms import all_terms
    from search.find import find
    from search.params import SearchParams

    terms = all_terms()
    return [
        Measured(judged, [hit.page.key for hit in find(SearchParams(q=judged.query), AnonymousUser(), terms).hits])
        for judged in queries
    ]


def by_class(results: Iterable[Measured]) -> dict[str, dict[str, float]]:
    """Return recall@5, nDCG@10 and the rate of zero hits, for each class of query and for "all"."""
    groups: dict[str, list[Measured]] = defaultdict(list)
    for result in results:
        groups[result.judged.kind].append(result)
        groups["all"].append(result)
    return {
        name: {
            "queries": len(group),
            "recall": sum(result.recall for result in group) / len(group),
            "wide_recall": sum(result.wide_recall for result in group) / len(group),
            "ndcg": sum(result.ndcg for result in group) / len(group),
            "zero": sum(result.found_nothing for result in group) / len(group),
        }
        for name, group in sorted(groups.items())
    }


def as_table(figures: dict[str, dict[str, float]]) -> str:
    """Return the figures as a table."""
    lines = [f"{'class':<14}{'queries':>8}{'recall@5':>10}{'with grade 1':>14}{'nDCG@10':>10}{'zero hits':>11}"]
    for name, row in figures.items():
        lines.append(
            f"{name:<14}{row['queries']:>8.0f}{row['recall']:>10.3f}{row['wide_recall']:>14.3f}{row['ndcg']:>10.3f}{row['zero']:>10.1%}"
        )
    return "\n".join(lines)


def load_content() -> None:
    """Put the shipped synonyms and the judged practices into the database."""
    from django.core.management import call_command

    from search.synonyms import load_shipped_synonyms

    load_shipped_synonyms()
    for path in (EXAMPLE, PRACTICES):
        call_command("import_practices", str(path), publish=True, verbosity=0, stdout=sys.stderr)


def main() -> dict[str, dict]:
    """Return the figures of every engine that can be asked here, in a database made for it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "transferhub.settings.test", "DATA_DIR": folder, "DATABASE_URL": ""}
        import django

        django.setup()
        from django.core.management import call_command
        from django.test import override_settings

        from search.rebuild import rebuild
        from tests.elasticsearch_server import client_options, engine_for_tests

        call_command("migrate", verbosity=0)
        call_command("load_terms", stdout=sys.stderr)
        call_command("set_up_site", stdout=sys.stderr)
        load_content()
        rebuild()
        results = {"embedded": by_class(measure(read_queries()))}
        if url := os.environ.get("TEST_ELASTICSEARCH_URL"):
            with (
                engine_for_tests(url) as server,
                override_settings(
                    ELASTICSEARCH_URL=server.url,
                    ELASTICSEARCH_PREFIX=server.prefix,
                    ELASTICSEARCH_OPTIONS=client_options(server.url),
                ),
            ):
                rebuild()
                results["elasticsearch"] = by_class(measure(read_queries()))
        return results


if __name__ == "__main__":
    print(json.dumps(main()))  # noqa: T201
