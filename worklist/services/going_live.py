"""What a clinic does not have: its people's work is judged again when that changes."""

from django.db import transaction
from django.db.models import F

from patients.models import Patient
from teams.models import Clinic


@transaction.atomic
def judge_everybody_again(*, clinic: Clinic) -> int:
    """Have the sweep judge every person of a clinic again; returns how many.

    Side effects: their charts fall behind, so that pages say "recalculating" until then.
    """
    people = Patient.objects.filter(clinic=clinic)
    held = list(people.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    return Patient.objects.filter(pk__in=held).update(chart_version=F("chart_version") + 1)
