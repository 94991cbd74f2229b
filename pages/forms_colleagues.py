"""Choosing a colleague, with a mark on those who are away."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from pages.present.people import away
from teams.models import Clinic, User
from teams.selectors import colleagues, with_absence


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of a clinic's people; whoever is away today is marked, and can be chosen all the same."""

    def __init__(self, **options: Any) -> None:
        super().__init__(User.objects.none(), **options)

    def label_from_instance(self, obj: User) -> str:
        """The name, and until when they are away."""
        absence = vars(obj).get("away")
        if not absence:
            return str(obj)
        until = date.fromisoformat(absence["until"]) if absence["until"] else None
        return f"{obj} ({away(until, absence['deputy'] or '')})"


def offer(form: forms.BaseForm, name: str, *, clinic: Clinic, people: QuerySet[User] | None = None) -> None:
    """Let one choose in this field among a clinic's people, or these of them."""
    field = form.fields[name]
    assert isinstance(field, ColleagueField)
    chosen = colleagues(clinic=clinic) if people is None else people
    field.queryset = with_absence(chosen, clinic=clinic)
