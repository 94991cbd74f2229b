"""Answers of in-place forms: the form, what was wrong with it, or what replaces the row."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from pages.filters import WorkFilter
from pages.present import lists
from pages.present.tasks import Reader
from pages.rows import FormPanel, LoggedRow, TaskRow
from pages.selectors import work_counts, work_of
from teams.access import ClinicalRequest

NOT_VALID = 422
CHANGED_MEANWHILE = 409


def show_form(
    request: HttpRequest, *, form: forms.BaseForm, panel: FormPanel, status: int = 200
) -> HttpResponse:
    """The form under its row, or on a page of its own without htmx."""
    template = "components/inplace_form.html" if request.htmx else "pages/form.html"  # type: ignore[attr-defined]
    return render(request, template, {"panel": panel, "form": form}, status=status)


def replace_row(
    request: ClinicalRequest,
    *,
    row: LoggedRow | TaskRow,
    reader: Reader,
    new_rows: list[TaskRow] | None = None,
    back: str = "",
) -> HttpResponse:
    """What stands in the row's place after saving, with the counts brought up to date."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(back or came_from(request), permanent=False)
    context: dict[str, Any] = {
        "row": row,
        "new_rows": new_rows or [],
        "show_owner": reader.membership.sees_whole_clinic,
    }
    filters = _filters_of_list(request)
    if filters is not None:
        tasks = work_of(reader.membership, filters)
        counts = work_counts(tasks, today=reader.today)
        context["horizon"] = lists.tabs(counts.tasks, filters)
        context["lead"] = lists.lead(counts.tasks, people=counts.people_overdue, membership=reader.membership)
    return render(request, "components/logged.html", context)


def came_from(request: HttpRequest, default: str = "") -> str:
    """The page of ours the person came from, else My work."""
    referer = request.POST.get("next") or request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        referer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return referer if ours and referer else default or reverse("pages:my_work")


def _filters_of_list(request: ClinicalRequest) -> WorkFilter | None:
    """The filters of My work, when the row stands there."""
    url = urlsplit(request.htmx.current_url or "")  # type: ignore[attr-defined]
    if url.path != reverse("pages:my_work"):
        return None
    return WorkFilter.read(QueryDict(url.query), membership=request.membership)
