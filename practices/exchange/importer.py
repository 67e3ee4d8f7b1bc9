"""Import an exchange file: all of it or nothing, and nothing twice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from practices.exchange.catalogue import PAGE_MODELS, Catalogue, load_catalogue
from practices.exchange.compare import find_unchanged
from practices.exchange.files import FileChecks, FileStore
from practices.exchange.fill_in import Filler
from practices.exchange.obstacles import find_gaps, find_obstacles
from practices.exchange.pages import (
    create_page,
    model_problems,
    move_page,
    page_ids,
    page_to_edit,
    publish_page,
    save_draft,
)
from practices.exchange.problems import Problem
from practices.exchange.reader import Line, Reading, read_exchange_file
from practices.exchange.references import check_dates, check_references, resolve_terms
from practices.exchange.schema import Organisation, Practice, Record
from practices.media.outcome import Refused
from practices.noting import noted_at_once

Progress = Callable[[list[Line]], Iterable[Line]]


@dataclass
class Report:
    """What became of the lines of a file. Where it has errors, nothing was stored."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        """Whether anything was found that keeps the file from being imported."""
        return any(not problem.is_warning for problem in self.problems)


def import_records(path: Path, *, publish: bool = False, dry_run: bool = False, progress: Progress = iter) -> Report:
    """Import the exchange file at `path` and return what became of its lines; see `import_lines`.

    Raises OSError where the file can not be read, SiteIncomplete where the site was never set up.
    """
    return import_lines(read_exchange_file(path), path.parent, publish=publish, dry_run=dry_run, progress=progress)


def import_lines(
    reading: Reading,
    folder: Path,
    *,
    publish: bool = False,
    dry_run: bool = False,
    progress: Progress = iter,
    user: AbstractBaseUser | None = None,
) -> Report:
    """Import what was read and return what became of its lines. The files they name lie below `folder`.

    A line describes its whole page: what it leaves out becomes empty, `published` and what it keeps apart. A page that
    says the same already is not touched. With `publish`, pages go live; without, new pages stay drafts and changes become
    drafts of the pages there are, readers see no difference. `dry_run` does everything and takes it back. `progress` wraps
    the lines that are worked through. The history names `user`. Pages that somebody else is at are not written over, but
    reported. Nothing is stored where the report has errors, no files either.

    Raises SiteIncomplete where the site was never set up.
    """
    catalogue = load_catalogue()
    lines, problems = _check(reading, catalogue, folder)
    report = Report(problems=problems)
    if report.has_errors:
        return _failure(report)
    files = FileStore(folder)
    is_kept = False
    try:
        with transaction.atomic(), disable_reference_index_auto_update():
            with noted_at_once():
                _Import(catalogue, files, publish, report, user).run(lines, progress)
            is_wanted = not dry_run and not report.has_errors
            transaction.set_rollback(not is_wanted)
        is_kept = is_wanted
    finally:
        if not is_kept:
            files.take_back()
    return _failure(report) if report.has_errors else report


@dataclass
class Preview:
    """What an import would do, as far as can be told without doing it: the lines by what becomes of their pages."""

    created: list[Line] = field(default_factory=list)
    updated: list[Line] = field(default_factory=list)
    unchanged: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def preview_lines(reading: Reading, folder: Path, *, publish: bool, user: AbstractBaseUser | None = None) -> Preview:
    """Return what it would do if `user` imported `reading`. Reads only. Raises SiteIncomplete where the site was never set up."""
    catalogue = load_catalogue()
    lines, problems = _check(reading, catalogue, folder)
    preview = Preview(problems=problems)
    unchanged = find_unchanged(lines, FileStore(folder), catalogue.editorial_key, publish)
    preview.problems += _look_at(_without(lines, unchanged), catalogue, publish, user)
    for line in lines:
        if line.record.key in unchanged:
            preview.unchanged.append(line)
        elif line.record.key in catalogue.types:
            preview.updated.append(line)
        else:
            preview.created.append(line)
    return preview


def _without(lines: list[Line], keys: set[str]) -> list[Line]:
    return [line for line in lines if line.record.key not in keys]


def _look_at(changed: list[Line], catalogue: Catalogue, publish: bool, user: AbstractBaseUser | None) -> list[Problem]:
    """Return what speaks against writing the lines that say something new."""
    gaps = find_gaps(changed, catalogue.types) if publish else []
    return find_obstacles(changed, publish, user) + gaps


def _failure(report: Report) -> Report:
    lines = {problem.line for problem in report.problems if problem.line and not problem.is_warning}
    return Report(failed=len(lines), problems=report.problems)


def _check(reading: Reading, catalogue: Catalogue, folder: Path) -> tuple[list[Line], list[Problem]]:
    problems, lines, files = list(reading.problems), [], FileChecks(folder)
    for line in reading.lines:
        resolved, found = resolve_terms(line, catalogue)
        found += check_references(resolved, catalogue, reading.types)
        found += files.problems_of(resolved) + check_dates(resolved)
        lines.append(resolved)
        problems += found
    return lines, sorted(problems, key=lambda problem: problem.line or 0)


@dataclass
class _Import:
    """First every page comes to be, then each is filled in, so that lines may refer to each other in any order."""

    catalogue: Catalogue
    files: FileStore
    publish: bool
    report: Report
    user: AbstractBaseUser | None

    def run(self, lines: list[Line], progress: Progress) -> None:
        unchanged = find_unchanged(lines, self.files, self.catalogue.editorial_key, self.publish)
        changed = _without(lines, unchanged)
        self.report.problems += _look_at(changed, self.catalogue, self.publish, self.user)
        if self.report.has_errors:
            return
        ids = page_ids()
        new = {line.record.key for line in changed} - ids.keys()
        for line in sorted(changed, key=lambda line: not isinstance(line.record, Organisation)):
            self._place(line, ids)
        filler = Filler(self.catalogue, ids, self.files)
        for line in progress(lines):
            if line.record.key in unchanged:
                self.report.unchanged += 1
            elif self._write(line, filler):
                self.report.created += line.record.key in new
                self.report.updated += line.record.key not in new
        if not self.report.has_errors:
            self._note_references([line.record for line in changed])

    def _place(self, line: Line, ids: dict[str, int]) -> None:
        record, owner_id = line.record, None
        if isinstance(record, Practice):
            owner_id = ids[record.organisation or self.catalogue.editorial_key]
        if record.key not in ids:
            ids[record.key] = create_page(record, owner_id).pk
        elif owner_id and "organisation" not in line.kept:
            move_page(record, owner_id, self.publish)

    def _write(self, line: Line, filler: Filler) -> bool:
        page = page_to_edit(line.record, self.publish)
        try:
            filler.fill_in(page, line.record, line.kept)
            if self.publish:
                publish_page(page, line.record, self.user)
            else:
                save_draft(page, self.user)
        except ValidationError as error:
            self.report.problems += model_problems(line, error)
            return False
        except Refused as refusal:
            self.report.problems.append(Problem(line.number, "", str(refusal)))
            return False
        return True

    def _note_references(self, records: list[Record]) -> None:
        """Bring Wagtail's index of references up to date, once for each page instead of at every save."""
        for model in PAGE_MODELS.values():
            keys = [record.key for record in records if PAGE_MODELS[record.type] is model]
            for page in model.objects.filter(key__in=keys):
                ReferenceIndex.create_or_update_for_object(page)
        for instance in self.files.created:
            ReferenceIndex.create_or_update_for_object(instance)
