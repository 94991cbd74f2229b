"""What a preview finds in a clinic's past year, on what was known at the time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment
from pathway.comparison import Difference
from patients.models import Patient
from patients.services import change_status, mark_entered_in_error
from teams.models import Clinic, Role, User
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, columns, day, episodes, reviewed, task
from worklist.models import RuleRun, RunBatch, RunKind
from worklist.selectors.runs import Preview, found_by, is_outdated, preview_of
from worklist.selectors.voids import facts_with_mistakes
from worklist.services import runs
from worklist.services.rule_settings import activate_setting, draft_setting, repeat_preview
from worklist.services.runs import work_off

pytestmark = pytest.mark.django_db

TODAY = "2026-12-31"


@pytest.fixture
def clinic() -> Clinic:
    """A clinic that has been at work for a year and a half."""
    return a_clinic()


@pytest.fixture
def lead(clinic: Clinic) -> User:
    """Who changes settings."""
    return a_member(clinic, role=Role.LEAD)


@pytest.fixture
def ruth(clinic: Clinic) -> Patient:
    """Joined on 2 Jun 2025; reviews in January, on 1 May (entered on 20 May) and one in error."""
    with at("2025-06-02"):
        ruth = a_patient(clinic, enrolled_on=day("2025-06-02"), diagnosed_on=day("2025-05-19"))
    with at("2026-01-10"):
        reviewed(ruth, "2026-01-10")
    with at("2026-05-20"):
        reviewed(ruth, "2026-05-01")
    with at("2026-07-30"):
        wrong = reviewed(ruth, "2026-07-30")
    with at("2026-08-10"):
        mark_entered_in_error(fact=wrong, user=None, reason="Another person.")
    return ruth


def previewed(clinic: Clinic, lead: User, rule: str = "NUTR-3M", **values: object) -> Preview:
    """Draft on the last day of 2026 and see what the preview finds."""
    with at(TODAY):
        setting = draft_setting(clinic=clinic, rule=rule, user=lead, seen=0, **values)  # type: ignore[arg-type]
        work_off()
    run = preview_of(setting)
    assert run is not None
    return found_by(run)


def test_alerts_are_those_the_clinic_had(clinic: Clinic, lead: User, ruth: Patient) -> None:
    """The two alerts of the year: until the late entry, and again since the mistake was marked."""
    found = previewed(clinic, lead, parameters={"interval_months": 4})

    with at(TODAY):
        reviewed(ruth, TODAY)
    had = [alert for alert in episodes(ruth, "NUTR-3M") if alert[1] > "2026-01-01"]
    assert [(opens, closes) for _rule, opens, closes, _why in had] == [
        ("2026-04-11", "2026-05-20"),
        ("2026-08-10", TODAY),
    ]
    assert found.now == {"nutrition": 2}
    assert found.then == {"nutrition": 2}
    assert found.differs == {Difference.OPENED_LATER: 2}
    later = found.examples[Difference.OPENED_LATER]
    assert [(each.now, each.then) for each in later] == [
        ((day("2026-04-11"), day("2026-05-20")), (day("2026-05-11"), day("2026-05-20"))),
        ((day("2026-08-10"), None), (day("2026-09-02"), None)),
    ]
    assert {(each.patient_id, each.rule, each.subject) for each in later} == {(ruth.pk, "NUTR-3M", "")}


def test_rates_are_per_month_in_care(clinic: Clinic, lead: User, ruth: Patient) -> None:
    with at("2026-07-02"):
        change_status(patient_id=ruth.pk, user=None, status="discharged", on=day("2026-07-02"))

    found = previewed(clinic, lead, enabled=False)

    assert found.days == 183  # 31 Dec 2025 to 1 Jul 2026
    assert (found.now, found.then) == ({"nutrition": 1}, {})
    assert found.per_month(1) == pytest.approx(1 / (183 / 365.25 * 12))
    # The first review was missing since July 2025: with the rule off, that alert is closed from the start.
    assert found.differs == {Difference.NOT_OPENED: 1, Difference.CLOSED_EARLIER: 1}


def test_a_preview_changes_nothing(clinic: Clinic, lead: User, ruth: Patient) -> None:
    before = columns(task(ruth)), columns(task(ruth, "PALL-REF")), episodes(ruth)

    previewed(clinic, lead, enabled=False)

    assert (columns(task(ruth)), columns(task(ruth, "PALL-REF")), episodes(ruth)) == before


def test_a_handful_of_examples_is_kept(clinic: Clinic, lead: User) -> None:
    with at("2026-03-02"):
        for _number in range(12):
            a_patient(clinic)

    found = previewed(clinic, lead, enabled=False)

    assert found.differs == {Difference.NOT_OPENED: 12}
    assert len(found.examples[Difference.NOT_OPENED]) == 5
    assert RunBatch.objects.count() == 2


def test_the_common_terms_are_previewed_over_every_rule(clinic: Clinic, lead: User, ruth: Patient) -> None:
    with at("2026-09-01"):
        change_status(patient_id=ruth.pk, user=None, status="hospice", on=day("2026-09-01"))
    with at("2026-10-01"):
        change_status(patient_id=ruth.pk, user=None, status="active", on=day("2026-10-01"))

    found = previewed(clinic, lead, "COMMON", parameters={"reentry_grace_days": 30})

    assert found.rules["NUTR-3M"] == found.rules["PALL-REF"] == 1
    assert found.differs[Difference.OPENED_LATER] >= 2


def test_records_that_cannot_be_judged_are_counted_and_hold_up_nobody(
    clinic: Clinic, lead: User, ruth: Patient
) -> None:
    with at("2026-03-02"):
        joseph = a_patient(clinic)
    Assessment.objects.filter(patient=ruth).update(findings={"from_a_newer_release": 1})

    found = previewed(clinic, lead, enabled=False)

    assert (found.failed, found.progress.done) == (1, 2)
    assert {each.patient_id for each in found.examples[Difference.NOT_OPENED]} == {joseph.pk}


def test_a_preview_is_outdated_by_another_day_or_another_setting(clinic: Clinic, lead: User) -> None:
    previewed(clinic, lead, enabled=False)
    run = RuleRun.objects.get()
    assert is_outdated(run, today=day("2027-01-01"))
    assert not is_outdated(run, today=day(TODAY))
    with at(TODAY):
        draft_setting(clinic=clinic, rule="PALL-REF", user=lead, seen=0, enabled=False)
        work_off()
        activate_setting(clinic=clinic, rule="PALL-REF", version=1, user=lead, why="Agreed.")
        assert is_outdated(run, today=day(TODAY))
        again = repeat_preview(clinic=clinic, rule="NUTR-3M", version=1)
        assert not is_outdated(again, today=day(TODAY))
    assert RuleRun.objects.filter(kind=RunKind.PREVIEW, setting=again.setting).count() == 1


def test_facts_come_with_their_mistakes_by_two_queries(clinic: Clinic, ruth: Patient) -> None:
    with at("2026-03-02"):
        people = [ruth, a_patient(clinic)]

    with CaptureQueriesContext(connection) as queries:
        facts = facts_with_mistakes(people)

    assert len(queries) == 2
    (mark,) = [event for event in facts[ruth.pk].events if event.kind == "void"]
    assert mark.recorded_on == day("2026-08-10")
    assert mark.data["ref"] in {event.id for event in facts[ruth.pk].events}


def test_a_batch_takes_the_same_queries_however_many_people(
    clinic: Clinic, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "SIZES", dict.fromkeys(RunKind, 50))
    counts = []
    for people in (1, 20):
        with at("2026-03-02"):
            for _number in range(people):
                a_patient(clinic)
        with at(TODAY):
            seen = RuleRun.objects.count()
            draft_setting(
                clinic=clinic, rule="NUTR-3M", user=lead, seen=seen, parameters={"grace_days": people}
            )
            with CaptureQueriesContext(connection) as queries:
                work_off()
            counts.append(len(queries))
        RuleRun.objects.update(finished_at=None)
    assert counts[0] == counts[1]
