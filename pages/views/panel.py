"""Answers of in-place forms: the form, what was wrong with it, or what replaces the row."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from pages.filters import WorkFilter
from pages.present import going_live, lists
from pages.present.links import place
from pages.present.tasks import Reader
from pages.rows import FormPanel, LoggedRow, TaskRow
from pages.rows.going_live import CatchUpPanel
from pages.selectors import work_counts
from teams.access import ClinicalRequest
from teams.models import Discipline
from worklist.selectors.catch_up import progress_of

NOT_VALID = 422
CHANGED_MEANWHILE = 409


def show_form(
    request: HttpRequest, *, form: forms.BaseForm, panel: FormPanel, status: int = 200
) -> HttpResponse:
    """The form under its row, or on a page of its own without htmx, which leads back where one came from."""
    if request.htmx:  # type: ignore[attr-defined]
        context = {"panel": panel, "form": form}
        return render(request, "components/inplace_form.html", context, status=status)
    url = f"{panel.url}{'&' if '?' in panel.url else '?'}{urlencode({'next': panel.cancel_url})}"
    context = {"panel": replace(panel, url=url), "form": form}
    return render(request, "pages/form.html", context, status=status)


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
    filters, progress = _filters_of_list(request), _progress_shown(request, reader)
    context: dict[str, Any] = {
        "row": row,
        "new_rows": new_rows or [],
        "catch_up": progress,
        "show_owner": filters is None or reader.membership.sees_whole_clinic,
    }
    if filters is None and progress is None and isinstance(row, TaskRow):
        context["row"] = replace(row, selectable=False)  # only lists of work have something to tick for
    if progress is not None:
        context["lead"] = progress.lead
    if filters is not None:
        counts = work_counts(reader.membership, filters)
        context["horizon"] = lists.tabs(counts.tasks, filters)
        context["lead"] = lists.lead(counts.tasks, people=counts.people_overdue, membership=reader.membership)
    return render(request, "components/logged.html", context)


def came_from(request: HttpRequest, default: str = "") -> str:
    """The page of ours to go back to: as the form's address says, else the page before, else My work."""
    for address in (request.GET.get("next", ""), request.headers.get("Referer", "")):
        ours = url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        if address and ours and urlsplit(address).path != request.path:
            return address
    return default or reverse("pages:my_work")


def _progress_shown(request: ClinicalRequest, reader: Reader) -> CatchUpPanel | None:
    """How far the clean-up is now, when the row stands on the page of a clinic going live."""
    url = urlsplit(request.htmx.current_url or "")  # type: ignore[attr-defined]
    if url.path != place("going_live:page"):
        return None
    clinic, chosen = reader.membership.clinic, going_live.part_of(QueryDict(url.query).get("discipline", ""))
    return going_live.panel(progress_of(clinic), clinic, list(Discipline.objects.all()), chosen)


def _filters_of_list(request: ClinicalRequest) -> WorkFilter | None:
    """The filters of My work, when the row stands there."""
    url = urlsplit(request.htmx.current_url or "")  # type: ignore[attr-defined]
    if url.path != reverse("pages:my_work"):
        return None
    return WorkFilter.read(QueryDict(url.query), membership=request.membership)
