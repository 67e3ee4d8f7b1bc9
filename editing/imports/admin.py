"""Importing spreadsheets in the admin: upload, look through, put right, try, import, take back."""

from urllib.parse import urlsplit

from django.core.paginator import Paginator
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy

from editing.imports.checking import MOST_FINDINGS, correct, findings_of, has_mistakes, proposals_of, store_upload
from editing.imports.forms import CellForm, UploadForm
from editing.imports.running import progress_of, request_task
from editing.models import Import
from practices.admin_pages import AdminPageMixin
from practices.exchange.selection import UnknownSelection
from practices.exchange.spreadsheet.export import export_workbook
from practices.exchange.spreadsheet.tables import Unreadable
from practices.exchange.spreadsheet.writer import template
from practices.services.find_pages import SiteIncomplete

POLICY = ModelPermissionPolicy(Import)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REFRESH_SECONDS = 3
_SHOWN = 50
_PAGES_AT_ONCE = 100
State, Task = Import.State, Import.Task


def may_import(user) -> bool:
    """Return whether `user` may import spreadsheets, look at imports and take them back."""
    return POLICY.user_has_permission(user, "add")


class ImportPermissionMixin:
    """Lets in only those with the right to import."""

    def dispatch(self, request, *args, **kwargs):
        if not may_import(request.user):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class ImportListView(ImportPermissionMixin, AdminPageMixin, TemplateView):
    """The form for a new import, and the last ones."""

    template_name = "editing/imports/list.html"
    page_title = "Tabellen-Import"
    header_icon = "table"

    def get_context_data(self, **kwargs) -> dict:
        form = kwargs.pop("form", None) or UploadForm()
        imports = Import.objects.select_related("user").defer("findings", "corrections")[:_SHOWN]
        return super().get_context_data(**kwargs) | {"form": form, "imports": imports}

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            data = form.cleaned_data
            row = Import(csv_title=data["csv_title"], publish=data["publish"], user_id=request.user.pk)
            try:
                store_upload(data["file"], row)
            except (Unreadable, SiteIncomplete) as error:
                form.add_error("file", str(error))
            except OSError:
                form.add_error(
                    "file", "Die Datei ließ sich nicht speichern. Bitte versuchen Sie es später noch einmal."
                )
            else:
                return redirect("import", row.pk)
        return self.render_to_response(self.get_context_data(form=form))


class ImportMixin(ImportPermissionMixin):
    """Something about one import."""

    kwargs: dict

    @cached_property
    def row(self) -> Import:
        return get_object_or_404(Import.objects.select_related("user"), pk=self.kwargs["pk"])


class ImportPageMixin(ImportMixin, AdminPageMixin):
    """A page about one import, below the list of all."""

    header_icon = "table"
    above = (("imports", "Tabellen-Import"),)

    def get_page_title(self) -> str:
        return self.row.name


class ImportView(ImportPageMixin, TemplateView):
    """What was found in a file, how far its import is, or what became of it."""

    template_name = "editing/imports/import.html"

    def get_context_data(self, **kwargs) -> dict:
        row = self.row
        is_at_work = row.state in (State.WAITING, State.RUNNING)
        pages = Paginator(row.pages.all(), _PAGES_AT_ONCE).get_page(self.request.GET.get("seite"))
        progress = progress_of(row) if is_at_work else None
        return super().get_context_data(**kwargs) | {
            "row": row,
            "findings": findings_of(row),
            "has_mistakes": has_mistakes(row),
            "proposals": len(proposals_of(row)),
            "pages": pages,
            "is_at_work": is_at_work,
            "is_open": row.state in (State.CHECKED, State.FAILED),
            "most_findings": MOST_FINDINGS,
            "locks_database": connection.vendor == "sqlite",
            "progress": progress,
        }

    def render_to_response(self, context, **kwargs) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        if context["is_at_work"]:
            response["Refresh"] = str(REFRESH_SECONDS)
        return response


class CorrectView(ImportMixin, View):
    """Puts proposed texts into cells: one, or all."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        proposals = proposals_of(self.row)
        cell = request.POST.get("zelle")
        wanted = proposals if cell is None else {cell: proposals[cell]} if cell in proposals else {}
        return _correct(request, self.row, wanted)


class CellView(ImportPageMixin, TemplateView):
    """What was found in one cell, and a field for what shall stand there."""

    template_name = "editing/imports/cell.html"

    def get_page_title(self) -> str:
        return "Zelle ändern"

    def get_context_data(self, **kwargs) -> dict:
        found = [finding for finding in findings_of(self.row) if finding.cell == self.request.GET.get("zelle")]
        if not found or self.row.state not in (State.CHECKED, State.FAILED):
            raise Http404
        form = kwargs.pop("form", None) or CellForm(initial={"text": found[0].proposal or found[0].value})
        return super().get_context_data(**kwargs) | {"row": self.row, "findings": found, "form": form}

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = CellForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        return _correct(request, self.row, {request.GET.get("zelle", ""): form.cleaned_data["text"]})


def _correct(request: HttpRequest, row: Import, texts: dict[str, str]) -> HttpResponse:
    try:
        with transaction.atomic():
            locked = Import.objects.select_for_update().get(pk=row.pk)
            is_open = locked.state in (State.CHECKED, State.FAILED)
            number = correct(locked, texts) if is_open else 0
    except (Unreadable, SiteIncomplete) as error:
        messages.error(request, str(error))
    else:
        if number:
            messages.success(request, f"Geändert und neu geprüft. Zellen: {number}")
        else:
            messages.warning(request, "Es wurde nichts geändert: Der Stand ist inzwischen ein anderer.")
    return redirect("import", row.pk)


class TaskView(ImportMixin, View):
    """Lets the worker try a file or import it."""

    http_method_names = ["post"]
    task = Task.TRIAL

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if has_mistakes(self.row):
            messages.error(request, "Bitte beheben Sie zuerst alle Fehler.")
        elif not request_task(self.row, self.task):
            messages.warning(request, "Dieser Import ist schon in Arbeit oder abgeschlossen.")
        return redirect("import", self.row.pk)


class UndoView(ImportPageMixin, TemplateView):
    """Asks before an import is taken back, and takes it back when it is sent by POST."""

    template_name = "editing/imports/undo.html"

    def get_context_data(self, **kwargs) -> dict:
        numbers = {
            "new": self.row.pages.filter(is_new=True).count(),
            "changed": self.row.pages.filter(is_new=False).count(),
        }
        return super().get_context_data(**kwargs) | {"row": self.row} | numbers

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request_task(self.row, Task.UNDO):
            messages.warning(request, "Dieser Import lässt sich in seinem jetzigen Stand nicht zurücknehmen.")
        return redirect("import", self.row.pk)


class TemplateDownloadView(ImportPermissionMixin, View):
    """The workbook to fill in."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return _download(template(), "vorlage-transferhub.xlsx")


class ContentDownloadView(ImportPermissionMixin, View):
    """What is live, all of it or what an address of a search selects, as a workbook to change and import again."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        typed = request.GET.get("auswahl", "").strip()
        try:
            content = export_workbook(urlsplit(typed).query if "?" in typed else typed)
        except ValueError as error:
            message = str(error) if isinstance(error, UnknownSelection) else "Das ist keine Adresse einer Suche."
            messages.error(request, message)
            return redirect("imports")
        return _download(content, f"inhalte-{timezone.localdate().isoformat()}.xlsx")


def _download(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


class ImportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_import(request.user)


import_urls = [
    path("tabellen-import/", ImportListView.as_view(), name="imports"),
    path("tabellen-import/vorlage/", TemplateDownloadView.as_view(), name="import_template"),
    path("tabellen-import/inhalte/", ContentDownloadView.as_view(), name="import_content"),
    path("tabellen-import/<int:pk>/", ImportView.as_view(), name="import"),
    path("tabellen-import/<int:pk>/vorschlaege/", CorrectView.as_view(), name="import_correct"),
    path("tabellen-import/<int:pk>/zelle/", CellView.as_view(), name="import_cell"),
    path("tabellen-import/<int:pk>/probelauf/", TaskView.as_view(task=Task.TRIAL), name="import_trial"),
    path("tabellen-import/<int:pk>/einlesen/", TaskView.as_view(task=Task.IMPORT), name="import_run"),
    path("tabellen-import/<int:pk>/zuruecknehmen/", UndoView.as_view(), name="import_undo"),
]
