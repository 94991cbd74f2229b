import pytest

from pathway.catalogue import PatientStatus
from pathway.rule import ACTIVE, ACTIVE_OR_HOSPICE
from pathway.standing import Standing
from tests.pathway.build import Raw, chart, day, event, life


def _changes(*changes: tuple[str, str]) -> list[Raw]:
    return [event("status_change", on, status=status) for on, status in changes]


def _standing(*changes: tuple[str, str]) -> Standing:
    return chart(life(*_changes(*changes)), "2026-12-31").standing


def test_everyone_starts_active() -> None:
    standing = _standing()

    assert (standing.status, standing.set_by, standing.returns) == (PatientStatus.ACTIVE, None, [])


def test_the_latest_change_sets_the_status() -> None:
    standing = _standing(("2026-02-01", "hospice"), ("2026-03-01", "deceased"))

    assert standing.status is PatientStatus.DECEASED
    assert standing.set_by is not None
    assert standing.set_by.on == day("2026-03-01")


@pytest.mark.parametrize("status", ["asleep", None, 3])
def test_a_status_nobody_knows_is_passed_over(status: object) -> None:
    facts = life(event("status_change", "2026-02-01", status=status))

    assert chart(facts, "2026-03-01").standing.status is PatientStatus.ACTIVE


def test_of_several_changes_on_one_date_only_the_last_counts() -> None:
    standing = _standing(("2026-02-01", "hospice"), ("2026-02-01", "active"))

    assert (standing.status, standing.returns) == (PatientStatus.ACTIVE, [])


@pytest.mark.parametrize(
    ("changes", "for_active", "for_hospice_too"),
    [
        ([("2026-02-01", "active")], None, None),
        ([("2026-02-01", "discharged"), ("2026-03-01", "active")], "2026-03-01", "2026-03-01"),
        ([("2026-02-01", "deceased"), ("2026-03-01", "active")], "2026-03-01", "2026-03-01"),
        ([("2026-02-01", "hospice"), ("2026-03-01", "active")], "2026-03-01", None),
        ([("2026-02-01", "discharged"), ("2026-03-01", "hospice")], None, None),
        (
            [("2026-02-01", "discharged"), ("2026-03-01", "hospice"), ("2026-04-01", "active")],
            "2026-04-01",
            None,
        ),
        (
            [("2026-02-01", "discharged"), ("2026-03-01", "active"), ("2026-03-01", "active")],
            "2026-03-01",
            "2026-03-01",
        ),
        (
            [
                ("2026-02-01", "discharged"),
                ("2026-03-01", "active"),
                ("2026-03-05", "hospice"),
                ("2026-03-08", "active"),
            ],
            "2026-03-08",
            "2026-03-01",
        ),
    ],
)
def test_a_return_counts_for_rules_that_did_not_apply_before(
    changes: list[tuple[str, str]], for_active: str | None, for_hospice_too: str | None
) -> None:
    standing = _standing(*changes)

    found = [standing.last_return(statuses) for statuses in (ACTIVE, ACTIVE_OR_HOSPICE)]

    days = [back.event.on.isoformat() if back else None for back in found]
    assert days == [for_active, for_hospice_too]
