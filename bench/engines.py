"""The engines side by side: the same questions, asked in turn, so that whatever else the machine does meets all alike."""

import gc
import time
from collections.abc import Sequence

from bench.corpus import KIND_LABELS, KINDS, Query
from bench.interface import SHOWN, Candidate
from bench.timing import Times, table

WARM_UP = 20


def compare(candidates: Sequence[Candidate], queries: dict[str, list[Query]]) -> dict:
    """Ask every candidate every query; return times and numbers of hits by candidate and kind."""
    times = {(candidate.name, kind): Times() for candidate in candidates for kind in KINDS}
    totals: dict[tuple[str, str], list[int]] = {key: [] for key in times}
    for kind in KINDS:
        for query in queries[kind][:WARM_UP]:
            for candidate in candidates:
                candidate.ask(query)
    gc.collect()
    gc.freeze()
    for number in range(WARM_UP, len(queries[KINDS[0]])):
        for kind in KINDS:
            # The order changes, so that none always comes after the same other.
            turn = number % len(candidates)
            for candidate in [*candidates[turn:], *candidates[:turn]]:
                started = time.perf_counter()
                found = candidate.ask(queries[kind][number])
                times[candidate.name, kind].add(started)
                totals[candidate.name, kind].append(found.total)
                if len(found.highlights) != min(found.total, SHOWN):
                    raise AssertionError(f"{candidate.name} did not mark up every hit of {queries[kind][number]}")
    gc.unfreeze()
    return {
        candidate.name: {
            **{
                kind: times[candidate.name, kind].summary
                | {"median_hits": sorted(totals[candidate.name, kind])[len(totals[candidate.name, kind]) // 2]}
                for kind in KINDS
            },
            "mix": sum((times[candidate.name, kind] for kind in KINDS), Times()).summary,
        }
        for candidate in candidates
    }


def as_table(results: dict) -> str:
    """Return the results of `compare` as a table."""
    columns = [*KINDS, "mix"]
    return table(
        ["ms, p50 / p95 (median of hits)", *(KIND_LABELS.get(column, column) for column in columns)],
        [[name, *(_cell(result[column]) for column in columns)] for name, result in results.items()],
    )


def _cell(result: dict) -> str:
    hits = f" ({result['median_hits']:,})" if "median_hits" in result else ""
    return f"{result['p50_ms']:.1f} / {result['p95_ms']:.1f}{hits}"
