"""Charts in the admin: seen by those with a clinical role in the clinic, never edited.

``ChartAdmin`` serves every model that hangs on a patient; ``FactAdmin`` adds the one
thing that may be done to a recorded fact, marking it entered in error.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import reads
from patients.facts import Fact
from patients.models import (
    CareTeamAssignment,
    Decline,
    DeclineWithdrawal,
    Deferral,
    DeferralEnd,
    Patient,
    PatientStatusChange,
)
from patients.selectors import visible_to
from patients.services import mark_entered_in_error
from teams.admin import AnyModelAdmin, once
from teams.models import User
from teams.selectors import holds_a_clinical_role


class ChartAdmin(AnyModelAdmin):
    """Read-only, limited to one's own patients, and every row shown is written to the read audit."""

    path_to_patient: ClassVar[str] = "patient"
    """Field names from the model to the patient, "" for the patient itself."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows of patients visible to the one who asks."""
        related = [*filter(None, [self.path_to_patient]), *(self.list_select_related or [])]  # type: ignore[misc]
        return super().get_queryset(request).filter(self.visible(request)).select_related(*related)

    def visible(self, request: HttpRequest) -> Q:
        """Condition on the rows that the one who asks may see."""
        patients = visible_to(cast(User, request.user))
        return Q(**{f"{self.path_to_patient}__in" if self.path_to_patient else "pk__in": patients})

    def patients_of(self, rows: Iterable[Any]) -> list[Patient]:
        """The patients that rows are about."""
        found = list(rows)
        for name in filter(None, self.path_to_patient.split("__")):
            found = [getattr(row, name) for row in found]
        return found

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever holds a clinical role."""
        return once(request, holds_a_clinical_role)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever holds a clinical role; the rows are limited by ``get_queryset``."""
        return once(request, holds_a_clinical_role)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Every page about one row goes through here."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            reads.show(self.patients_of([found]))
        return found

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; notes the rows of the page shown."""
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            reads.show(self.patients_of(context["cl"].result_list))
        return response

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, *args: Any) -> HttpResponse:
        """Somebody else's patient is as if absent: 404, as everywhere."""
        raise Http404


class ReasonForm(forms.Form):
    """Why a fact is wrong."""

    reason = forms.CharField(
        label=gettext_lazy("What was wrong"),
        max_length=300,
        help_text=gettext_lazy("Stays in the record, with your name."),
        widget=forms.TextInput(attrs={"class": "vTextField", "autofocus": True}),
    )


class FactAdmin(ChartAdmin):
    """Facts: looked at, and marked entered in error through the same service as everywhere."""

    change_form_template = "admin/fact_change_form.html"
    date_hierarchy = None
    ordering = ["-recorded_at"]
    list_display = ["patient", "happened_on", "recorded_on", "recorded_by", "stands"]
    list_select_related = ["patient", "recorded_by"]
    search_fields = ["patient__family_name", "patient__given_name", "patient__mrn"]

    @admin.display(description=gettext_lazy("stands"), boolean=True)
    def stands(self, fact: Fact) -> bool:
        """Whether the fact is not marked entered in error."""
        return not fact.is_voided

    def get_urls(self) -> list[URLPattern]:
        """Django's pages and the one to mark a fact."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_entered_in_error"
        view = self.admin_site.admin_view(self.entered_in_error)
        return [path("<path:object_id>/entered-in-error/", view, name=name), *super().get_urls()]

    def entered_in_error(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the reason, then mark."""
        fact = self.get_object(request, object_id)
        if fact is None or not self.has_view_permission(request, fact):
            raise Http404
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and self._marked(request, fact, form):
            return redirect(
                reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[fact.pk])
            )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Mark entered in error"),
            "opts": self.opts,
            "fact": fact,
            "form": form,
        }
        return TemplateResponse(request, "admin/entered_in_error.html", context)

    def _marked(self, request: HttpRequest, fact: Fact, form: ReasonForm) -> bool:
        try:
            mark_entered_in_error(
                fact=fact, user=cast(User, request.user), reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return False
        self.message_user(request, _("Marked entered in error."), messages.SUCCESS)
        return True


@admin.register(Patient)
class PatientAdmin(ChartAdmin):
    """People in care."""

    path_to_patient = ""
    list_display = ["family_name", "given_name", "mrn", "birth_on", "status", "clinic"]
    list_display_links = ["family_name"]
    list_select_related = ["clinic"]
    list_filter = ["status"]
    search_fields = ["family_name", "given_name", "mrn"]


@admin.register(PatientStatusChange)
class PatientStatusChangeAdmin(FactAdmin):
    """Changes of status."""

    list_display = ["status", *FactAdmin.list_display]
    list_filter = ["status"]


@admin.register(CareTeamAssignment)
class CareTeamAssignmentAdmin(FactAdmin):
    """Who sat in which seat."""

    list_display = ["discipline", "member", "outside_provider", *FactAdmin.list_display, "ended_on"]
    list_select_related = [*FactAdmin.list_select_related, "discipline", "member"]
    list_filter = ["discipline"]


@admin.register(Decline, DeclineWithdrawal, DeferralEnd)
class ChoiceAdmin(FactAdmin):
    """Choices of the person, and the end of what waited."""

    list_display = ["topic", *FactAdmin.list_display]
    list_filter = ["topic"]


@admin.register(Deferral)
class DeferralAdmin(FactAdmin):
    """Work that waits."""

    list_display = ["topic", "reason", "until", *FactAdmin.list_display]
    list_filter = ["reason"]
