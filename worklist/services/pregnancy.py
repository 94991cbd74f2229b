"""A pregnancy while a drug is taken that may harm the child: its prescriber decides (catalogue 2.3)."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.drugs import word
from assessments.models import Assessment
from pathway import catalogue
from pathway.chart import Chart
from pathway.facts import Event
from pathway.treatments import current_course
from patients.models import Patient
from teams.models import Discipline, User
from worklist.models import CareTask, CloseReason, Severity
from worklist.selectors.recorded import chart_of, recorded_about
from worklist.services.endings import close_own, reopen_own
from worklist.services.own_tasks import add_task

ASKED_AFTER = ("pregnancy", "med_start")
"""Kinds of findings after which there may be something to decide."""

WARNED_OF = ("riluzole", "edaravone")


@transaction.atomic
def ask_prescriber(*, patient: Patient, user: User) -> CareTask | None:
    """Give neurology one task to decide, while a pregnancy and such a course are both recorded.

    It is given once in a pregnancy for the same drugs, whatever became of it. Its title
    does not say why; the note, which only the product's pages show, does. Side effects:
    those of ``add_task``.
    """
    since, drugs = _to_decide(patient)
    if since is None or not drugs:
        return None
    title = _("Prescriber decision: %(drugs)s") % {"drugs": ", ".join(map(word, drugs))}
    asked = CareTask.objects.filter(
        patient=patient, rule="", title=title, opened_at__gte=patient.clinic.start_of(since.on)
    )
    if asked.exclude(close_reason=CloseReason.VOIDED).exists():
        return None
    return add_task(
        patient=patient,
        user=user,
        title=title,
        due_on=patient.clinic.today(),
        discipline=Discipline.objects.get(pk=catalogue.NEUROLOGY),
        note=_("Pregnancy recorded."),
        severity=Severity.URGENT,
        anchor=since.id,
    )


def follow_correction(*, fact: Assessment, user: User | None) -> None:
    """A pregnancy or a course was marked entered in error, or no longer is: so is what was asked.

    Nobody is asked to decide while there is nothing to decide; when the mark is taken back,
    the question is open again. Side effects: as ``close_own``.
    """
    if fact.kind not in ASKED_AFTER:
        return
    pregnancies = Assessment.objects.filter(patient=fact.patient_id, kind="pregnancy")
    asked = CareTask.objects.filter(
        patient=fact.patient_id,
        rule="",
        anchor__in=[str(pk) for pk in pregnancies.values_list("pk", flat=True)],
    ).select_for_update(no_key=True)
    if all(_to_decide(fact.patient)):
        reopen_own(asked.filter(close_reason=CloseReason.VOIDED), patient=fact.patient)
    else:
        still_open = asked.filter(closed_at__isnull=True)
        close_own(still_open, patient=fact.patient, reason=CloseReason.VOIDED, user=user)


def _to_decide(patient: Patient) -> tuple[Event | None, list[str]]:
    """The pregnancy there is, and the running courses of drugs that may harm the child."""
    chart = chart_of(patient, recorded_about(patient))
    return _pregnant_since(chart), [drug for drug in WARNED_OF if current_course(chart, drug)]


def _pregnant_since(chart: Chart) -> Event | None:
    """The first answer of the unbroken run of those that say so; None when the latest does not."""
    first = None
    for answer in chart.with_flag("pregnancy", "pregnant"):
        if not answer.data["pregnant"]:
            first = None
        elif first is None:
            first = answer
    return first
