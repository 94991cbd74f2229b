"""Having an alert wait: who may for how long, what it leaves alone, and what ends it early."""

from contextlib import suppress
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction

from alerts.models import Alert, Delivery, Escalation, Snooze
from alerts.selectors.inbox import alerts_of_member, bell, snoozed_alerts, tab_counts
from alerts.selectors.outbox import news_for
from alerts.services import settle
from alerts.services.reading import mark_read
from alerts.services.snooze import end_snooze, snooze
from alerts.services.sweep import sweep
from assessments.services import log_assessment
from equipment.services import advance
from patients.services import mark_entered_in_error
from teams.models import Clinic, Membership, User
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day, moment, requested, reviewed, task
from worklist.models import CareTask, Severity
from worklist.selectors.tasks import Horizon, counts, tasks_of_clinic
from worklist.services.own_tasks import add_task, complete_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic() -> Clinic:
    """In New York, open on weekdays, digest at seven."""
    return a_clinic()


@pytest.fixture
def owner(clinic: Clinic) -> User:
    return a_member(clinic, name="Vera Sung")


def overdue(clinic: Clinic, owner: User, severity: Severity = Severity.ATTENTION) -> Alert:
    """The alert on the only work of a new person: overdue from Wednesday 4 Mar 2026."""
    with at("2026-03-02"):
        patient = a_patient(clinic)
        made = add_task(
            patient=patient,
            user=owner,
            title="Call",
            due_on=day("2026-03-03"),
            owner=owner,
            severity=severity,
        )
        CareTask.objects.exclude(rule="").update(wake_at=None, rises_at=None)
    with at("2026-03-04 00:00"):
        sweep()
    return Alert.objects.get(task=made)


def waits(alert: Alert, owner: User, until: str, note: str = "") -> Snooze:
    [made] = snooze(alert_id=alert.pk, user=owner, until=day(until), reason="booked", note=note)
    return made


def member_of(user: User) -> Membership:
    return Membership.objects.select_related("clinic", "user").get(user=user)


def in_view(user: User) -> dict[str, int]:
    """What each place counts for a person, now."""
    member = member_of(user)
    horizons = counts(tasks_of_clinic(membership=member).filter(rule=""), today=member.clinic.today())
    return {
        "inbox": alerts_of_member(membership=member).count(),
        "tab": tab_counts(membership=member).mine,
        "bell": bell(membership=member)[0],
        "to do": horizons[Horizon.NOW],
        "snoozed": snoozed_alerts(membership=member).count(),
        "snoozed work": horizons[Horizon.SNOOZED],
    }


HERE = {"inbox": 1, "tab": 1, "bell": 1, "to do": 1, "snoozed": 0, "snoozed work": 0}
AWAY = {"inbox": 0, "tab": 0, "bell": 0, "to do": 0, "snoozed": 1, "snoozed work": 1}


def test_it_leaves_every_count_and_is_back_on_its_day(clinic: Clinic, owner: User) -> None:
    alert = overdue(clinic, owner)
    with at("2026-03-05"):
        assert in_view(owner) == HERE
        waits(alert, owner, "2026-03-10")
        assert in_view(owner) == AWAY
    with at("2026-03-09 23:59"):
        assert in_view(owner) == AWAY
    with at("2026-03-10 00:00"):
        assert in_view(owner) == HERE


def test_the_digest_leaves_it_out(clinic: Clinic, owner: User) -> None:
    alert = overdue(clinic, owner)
    digest = Delivery.objects.filter(recipient=owner, kind="digest").order_by("not_before")[0]
    with at("2026-03-04 06:30"):
        waits(alert, owner, "2026-03-10")
    with at("2026-03-04 07:00"):
        assert news_for(digest) is None
        end_snooze(alert_id=alert.pk, user=owner)
        news = news_for(digest)
        assert news is not None
        assert news.told == (alert.pk,)


def test_the_coordinator_sees_who_snoozed_it_and_why(clinic: Clinic, owner: User) -> None:
    coordinator = a_member(clinic, role="coordinator", name="Maya Quill")
    alert = overdue(clinic, owner)
    with at("2026-03-05"):
        waits(alert, owner, "2026-03-10", "Video visit on Monday")
        [seen] = snoozed_alerts(membership=member_of(coordinator))
    [said] = seen.snoozes.all()
    assert (said.snoozed_by, said.get_reason_display(), said.note) == (
        owner,
        "Visit or call booked",
        "Video visit on Monday",
    )


@pytest.mark.parametrize(
    ("severity", "latest"),
    [(Severity.ATTENTION, "2026-03-19"), (Severity.URGENT, "2026-03-12"), (Severity.CRITICAL, "2026-03-07")],
)
def test_its_severity_says_until_when_at_most(
    clinic: Clinic, owner: User, severity: Severity, latest: str
) -> None:
    alert, last = overdue(clinic, owner, severity), day(latest)
    with at("2026-03-05"):
        for wrong in (last.fromordinal(last.toordinal() + 1), date(2026, 3, 5), date(2026, 3, 1)):
            with pytest.raises(ValidationError) as refused:
                snooze(alert_id=alert.pk, user=owner, until=wrong, reason="booked", note="Call")
            assert list(refused.value.message_dict) == ["until"]
        assert waits(alert, owner, latest, "Call").until == last


def test_the_clinic_says_for_how_long(clinic: Clinic, owner: User) -> None:
    Clinic.objects.update(attention_snooze=3)
    alert = overdue(clinic, owner)
    with at("2026-03-05"), pytest.raises(ValidationError, match="8 Mar 2026 at the latest"):
        waits(alert, owner, "2026-03-09")


@pytest.mark.parametrize(
    ("severity", "reason", "note", "allowed"),
    [
        (Severity.URGENT, "booked", "", True),
        (Severity.CRITICAL, "booked", "", False),
        (Severity.CRITICAL, "booked", "  ", False),
        (Severity.CRITICAL, "booked", "Family calls on Friday", True),
        (Severity.ATTENTION, "other", "", False),
        (Severity.ATTENTION, "tired", "Monday", False),
    ],
)
def test_a_reason_is_needed_and_for_critical_work_a_note(
    clinic: Clinic, owner: User, severity: Severity, reason: str, note: str, allowed: bool
) -> None:
    alert = overdue(clinic, owner, severity)
    with at("2026-03-05"):
        with suppress(ValidationError):
            snooze(alert_id=alert.pk, user=owner, until=day("2026-03-06"), reason=reason, note=note)
    assert Snooze.objects.exists() is allowed


def test_it_ends_when_the_severity_rises_by_a_day(clinic: Clinic, owner: User) -> None:
    alert = overdue(clinic, owner)
    rises = [[moment("2026-03-08 00:00").isoformat(), 2]]
    CareTask.objects.filter(pk=alert.task_id).update(rises=rises, rises_at=moment("2026-03-08 00:00"))
    with at("2026-03-05"):
        made = waits(alert, owner, "2026-03-12")
    with at("2026-03-08 00:00"):
        sweep()
        assert in_view(owner) == HERE
    made.refresh_from_db()
    assert (made.end_reason, made.ended_at) == ("worse", moment("2026-03-08 00:00"))


def rule_alert(clinic: Clinic, rule: str, owner: User, on: str) -> Alert:
    """The alert of a rule on a person who joined on 2 Mar 2026, snoozed at ``on`` until three days on."""
    with at("2026-03-02"):
        patient = a_patient(clinic)
    with at(on):
        sweep()
        alert = Alert.objects.get(patient=patient, rule=rule, closed_at__isnull=True)
        until = day(on).fromordinal(day(on).toordinal() + 3)
        snooze(alert_id=alert.pk, user=owner, until=until, reason="booked", note="Friday")
    return alert


def test_it_ends_with_the_fact_that_makes_it_worse(clinic: Clinic, owner: User) -> None:
    """In the transaction that records it: nobody waits for a sweep."""
    alert = rule_alert(clinic, "PALL-REF", owner, "2026-04-10")
    with at("2026-04-11"):
        bulbar(alert)
        alert.task.refresh_from_db()
    assert (alert.task.severity, alert.task.snoozed_until) == (Severity.CRITICAL, None)
    assert alert.snoozes.get().end_reason == "worse"


def test_without_that_part_of_the_statement_it_would_not(
    clinic: Clinic, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault, which the test above must catch."""
    alert = rule_alert(clinic, "PALL-REF", owner, "2026-04-10")
    deaf = settle._SETTLE.replace("OR t.severity > s.severity OR", "OR")
    assert deaf != settle._SETTLE
    monkeypatch.setattr(settle, "_SETTLE", deaf)
    with at("2026-04-11"):
        bulbar(alert)
    assert alert.snoozes.get().ended_at is None


def bulbar(alert: Alert) -> None:
    """Record bulbar signs, which make the missing palliative referral critical."""
    log_assessment(
        patient_id=alert.patient_id,
        user=None,
        kind="bulbar_status",
        findings={"impaired": True},
        on=day("2026-04-11"),
    )


def test_it_ends_when_the_need_hangs_on_another_fact_and_is_overdue_still(
    clinic: Clinic, owner: User
) -> None:
    """A stage moved weeks ago, entered now: the request is stalled in another stage."""
    with at("2026-03-02"):
        patient = a_patient(clinic)
        wheelchair = requested(patient, "2026-03-02", item="power_wheelchair")
    with at("2026-03-20"):
        sweep()
        alert = Alert.objects.get(rule="EQ-STAGE")
        snooze(alert_id=alert.pk, user=owner, until=day("2026-03-24"), reason="others")
        advance(request=wheelchair, user=owner, status="documented", on=day("2026-03-03"))
        alert.refresh_from_db()
    assert alert.closed_at is None
    assert alert.snoozes.get().end_reason == "anew"
    assert CareTask.objects.get(pk=alert.task_id).snoozed_until is None


def test_work_done_ends_it_and_undone_work_is_not_snoozed(clinic: Clinic, owner: User) -> None:
    alert = rule_alert(clinic, "NUTR-3M", owner, "2026-04-10")
    with at("2026-04-10 12:00"):
        review = reviewed(alert.patient, "2026-04-10", user=owner)
        assert alert.snoozes.get().end_reason == "closed"
        mark_entered_in_error(fact=review, user=owner, reason="Mistyped.")
    assert task(alert.patient).snoozed_until is None


def test_it_may_be_ended_by_hand_and_keeps_its_row(clinic: Clinic, owner: User) -> None:
    alert = overdue(clinic, owner)
    with at("2026-03-05"):
        made = waits(alert, owner, "2026-03-10")
        for _twice in range(2):
            end_snooze(alert_id=alert.pk, user=owner)
        assert in_view(owner) == HERE
    made.refresh_from_db()
    assert (made.end_reason, made.ended_by, made.until) == ("by_hand", owner, day("2026-03-10"))


def test_another_snooze_takes_its_place(clinic: Clinic, owner: User) -> None:
    alert = overdue(clinic, owner)
    with at("2026-03-05"):
        waits(alert, owner, "2026-03-10")
        waits(alert, owner, "2026-03-11")
    said = Snooze.objects.order_by("until").values_list("until", "end_reason")
    assert list(said) == [(day("2026-03-10"), "replaced"), (day("2026-03-11"), "")]


def test_what_a_snooze_says_is_kept(clinic: Clinic, owner: User) -> None:
    alert = overdue(clinic, owner)
    with at("2026-03-05"):
        waits(alert, owner, "2026-03-10")
    for change in (lambda: Snooze.objects.update(note="Other"), lambda: Snooze.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
            change()


def test_nothing_is_snoozed_that_has_closed(clinic: Clinic, owner: User) -> None:
    alert = overdue(clinic, owner)
    with at("2026-03-05"):
        complete_task(task_id=alert.task_id, user=owner)
        with pytest.raises(ValidationError, match="closed meanwhile"):
            waits(alert, owner, "2026-03-10")


def test_all_alerts_of_one_request_wait_together(clinic: Clinic, owner: User) -> None:
    with at("2026-03-02"):
        patient = a_patient(clinic)
        requested(patient, "2026-03-02")
    with at("2026-03-12"):
        sweep()
        alert = Alert.objects.get(rule="EQ-AGE")
        made = snooze(alert_id=alert.pk, user=owner, until=day("2026-03-13"), reason="others", note="Ships")
    assert sorted(each.alert.rule for each in made) == ["EQ-AGE", "EQ-STAGE"]


def test_it_holds_the_next_step_back_and_no_longer_than_one_may_last(clinic: Clinic, owner: User) -> None:
    """Due at the coordinator on 11 March; snoozed again and again, it goes on 18 March and is back."""
    coordinator = a_member(clinic, role="coordinator", name="Maya Quill")
    alert = overdue(clinic, owner)
    with at("2026-03-04 12:00"):
        waits(alert, owner, "2026-03-16")
    for on in ("2026-03-11", "2026-03-13", "2026-03-17"):
        with at(f"{on} 12:00"):
            sweep()
            waits(alert, owner, "2026-03-25")
    assert Escalation.objects.count() == 0
    with at("2026-03-18 00:00"):
        sweep()
        assert in_view(coordinator)["inbox"] == 1
    assert Escalation.objects.filter(step=1).count() == 1
    assert Snooze.objects.filter(ended_at__isnull=True).count() == 0


def test_ended_by_hand_the_step_that_was_held_is_taken(clinic: Clinic, owner: User) -> None:
    a_member(clinic, role="coordinator", name="Maya Quill")
    alert = overdue(clinic, owner)
    with at("2026-03-05"):
        waits(alert, owner, "2026-03-16")
    with at("2026-03-12"):
        sweep()
        assert Escalation.objects.count() == 0
        end_snooze(alert_id=alert.pk, user=owner)
        sweep()
    assert Escalation.objects.get().taken_at == moment("2026-03-12")


def test_acknowledging_stops_nothing_but_the_bell(clinic: Clinic, owner: User) -> None:
    a_member(clinic, role="coordinator", name="Maya Quill")
    alert = overdue(clinic, owner)
    with at("2026-03-05"):
        mark_read(alerts=[alert], user=owner)
        assert in_view(owner) == {**HERE, "bell": 0}
    with at("2026-03-11 00:00"):
        sweep()
    assert Escalation.objects.count() == 1
