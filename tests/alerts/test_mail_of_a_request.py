"""One critical mail per person and equipment request, however much of it is overdue."""

import pytest

from alerts.models import AlertNotice, Delivery
from alerts.services import deliver
from alerts.services.deliver import deliver_due
from alerts.services.reading import mark_read
from alerts.services.sweep import sweep
from patients.models import Patient
from teams.models import Membership, User
from tests.alerts.outbox import Mailbox, mail_server
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, moment, requested
from worklist.models import CareTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient() -> Patient:
    """Joined on 2 Mar 2026."""
    with at("2026-03-02"):
        return a_patient(a_clinic())


def stand_still(patient: Patient, owner: User, item: str = "suction") -> None:
    """A request of 3 Mar that nobody moves; all of its work is one person's."""
    with at("2026-03-03"):
        request = requested(patient, "2026-03-03", item=item)
        CareTask.objects.filter(subject=request.pk).update(owner=owner, assigned_to=owner)


@pytest.fixture
def stalled(patient: Patient) -> tuple[User, Delivery, Delivery]:
    """A suction machine, stalled and late since Wednesday 1 Apr: one person has both, and a mail for each."""
    vera = a_member(patient.clinic, name="Vera Sung")
    Membership.objects.filter(user=vera).update(email_digest=False)
    stand_still(patient, vera)
    with at("2026-04-01 09:00"):
        sweep()
    first, second = Delivery.objects.filter(kind="critical").order_by("created_at", "pk")
    assert {first.alert.rule, second.alert.rule} == {"EQ-STAGE", "EQ-AGE"}  # type: ignore[union-attr]
    return vera, first, second


def state_of(*rows: Delivery) -> list[str]:
    for row in rows:
        row.refresh_from_db()
    return [row.state for row in rows]


def test_two_critical_alerts_on_one_request_are_one_mail(stalled: tuple[User, Delivery, Delivery]) -> None:
    vera, first, second = stalled
    with mail_server() as box, at("2026-04-01 09:15"):
        result = deliver_due()
    assert (result.sent, result.dropped) == (1, 1)
    assert box.ids == [first.message_id]
    assert state_of(first, second) == ["sent", "dropped"]
    told = AlertNotice.objects.values_list("alert", "user", "delivery")
    assert set(told) == {(first.alert_id, vera.pk, first.pk), (second.alert_id, vera.pk, first.pk)}


def test_the_second_mail_waits_for_the_first_whoever_asks(stalled: tuple[User, Delivery, Delivery]) -> None:
    _vera, first, second = stalled
    with at("2026-04-01 09:15"):
        claimed, another = deliver._claim(), deliver._claim()
    assert (claimed, another) == (first, None)
    with mail_server(Mailbox(answers=["450 Later"])) as box:
        with at("2026-04-01 09:20"):  # the lease has ended
            assert deliver_due().postponed == 1
        with at("2026-04-01 09:21"):
            assert deliver_due().sent == 1
    assert box.ids == [first.message_id]
    assert state_of(first, second) == ["sent", "dropped"]


def test_after_a_crash_the_same_mail_tells_of_what_is_left(stalled: tuple[User, Delivery, Delivery]) -> None:
    """The rows as a killed worker leaves them; then the first one's alert closes, the other stays."""
    vera, first, second = stalled
    with mail_server() as box:
        with at("2026-04-01 09:15"):
            deliver_due()
        Delivery.objects.update(state="waiting", finished_at=None)
        AlertNotice.objects.all().delete()
        with at("2026-04-01 09:16"):
            mark_read(alerts=[first.alert], user=vera)  # type: ignore[list-item]
            assert deliver_due().sent == 1
    assert box.ids == [first.message_id] * 2
    assert AlertNotice.objects.get().alert_id == second.alert_id


def test_without_the_first_alert_the_second_mail_keeps_its_own_time(
    stalled: tuple[User, Delivery, Delivery],
) -> None:
    vera, first, second = stalled
    Delivery.objects.filter(pk=second.pk).update(not_before=moment("2026-04-01 09:30"))
    with mail_server() as box:
        with at("2026-04-01 09:15"):
            mark_read(alerts=[first.alert], user=vera)  # type: ignore[list-item]
            assert (deliver_due().sent, state_of(first, second)) == (0, ["dropped", "waiting"])
        with at("2026-04-01 09:30"):
            assert deliver_due().sent == 1
    assert box.ids == [second.message_id]


def test_refused_for_good_each_is_tried_and_given_up(stalled: tuple[User, Delivery, Delivery]) -> None:
    _vera, first, second = stalled
    with mail_server(Mailbox(answers=["550 No", "550 No"])), at("2026-04-01 09:15"):
        assert deliver_due().failed == 2
    assert state_of(first, second) == ["failed", "failed"]


def test_what_becomes_overdue_on_the_request_later_is_mailed_then(
    stalled: tuple[User, Delivery, Delivery],
) -> None:
    vera, first, second = stalled
    Delivery.objects.filter(pk=second.pk).update(not_before=moment("2026-04-03 09:00"))
    with mail_server() as box:
        with at("2026-04-01 09:15"):
            assert deliver_due().sent == 1
        with at("2026-04-03 09:00"):
            assert deliver_due().sent == 1
    assert box.ids == [first.message_id, second.message_id]
    assert AlertNotice.objects.filter(user=vera).count() == 2


def test_two_requests_and_two_people_get_a_mail_each(
    patient: Patient, stalled: tuple[User, Delivery, Delivery]
) -> None:
    vera, ines = stalled[0], a_member(patient.clinic, name="Ines Ode")
    with at("2026-03-03"):
        linden = a_patient(patient.clinic, family_name="Linden")
    stand_still(patient, vera, item="cough_assist")
    stand_still(linden, vera)
    stand_still(patient, ines, item="bpap")
    with at("2026-04-01 09:00"):
        sweep()
    with mail_server() as box, at("2026-04-01 09:15"):
        assert deliver_due().sent == 4
    assert sorted(box.recipients) == sorted([vera.email] * 3 + [ines.email])
    assert len(set(box.ids)) == 4
