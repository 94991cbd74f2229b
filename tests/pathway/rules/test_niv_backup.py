from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from pathway.facts import PatientFacts
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced


def _request(on: str, backup: object = None, id_: str = "B", item: str = "bpap") -> Raw:
    return event("equipment_request", on, event_id=f"asked {id_}", id=id_, item=item, backup_rate=backup)


def _start(on: str, backup: object = None) -> Raw:
    return event("niv_start", on, event_id="start", backup_rate=backup)


def _update(on: str, backup: object = None) -> Raw:
    return event("niv_device_update", on, event_id="update", backup_rate=backup)


def _bulbar(*events: Raw, **patient: Any) -> PatientFacts:
    return life(*events, onset_region="bulbar", **patient)


@pytest.mark.parametrize(
    ("backup", "asks"),
    [(True, False), (False, True), (None, True), ("yes", True), (1, True)],
)
@pytest.mark.parametrize("device", [_request, _start])
def test_unknown_is_not_confirmed(device: Any, backup: object, asks: bool) -> None:
    facts = _bulbar(device("2026-05-20", backup))

    assert alerts(facts, "NIV-BACKUP", "2026-12-31") == ([("", "2026-05-20", None)] if asks else [])
    if not asks:
        assert silenced(facts, "NIV-BACKUP", "2026-05-20") is None


def test_what_it_says() -> None:
    work = due(_bulbar(_start("2026-05-20", False)), "NIV-BACKUP", "2026-05-20")

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day("2026-05-20"), day("2026-05-20"))
    assert (work.owner, work.informed, work.severity, work.rises) == ("pulmonology", (), Severity.URGENT, ())
    assert (work.anchor, work.evidence) == ("start", ("start",))
    assert str(work.reason) == "Bulbar impairment; no backup rate confirmed since 20 May 2026."
    assert [str(step) for step in work.steps] == [
        "Device without a confirmed backup rate: 20 May 2026",
        "Due: 20 May 2026",
        "Overdue from: 20 May 2026",
    ]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        # The latest of request, start and update says.
        ([_request("2026-05-20", True), _start("2026-05-28", False)], [("", "2026-05-28", None)]),
        ([_request("2026-05-20", False), _start("2026-05-28", True)], [("", "2026-05-20", "2026-05-28")]),
        ([_start("2026-05-20", False), _request("2026-05-28", True)], [("", "2026-05-20", "2026-05-28")]),
        ([_start("2026-05-20", True), _request("2026-05-28", False)], [("", "2026-05-28", None)]),
        ([_start("2026-05-20", False), _update("2026-05-28", True)], [("", "2026-05-20", "2026-05-28")]),
        ([_start("2026-05-20", True), _update("2026-05-28", None)], [("", "2026-05-28", None)]),
        ([_update("2026-05-10", True), _start("2026-05-20", False)], [("", "2026-05-20", None)]),
        # On one day, the order of entry decides.
        ([_start("2026-05-20", False), _update("2026-05-20", True)], []),
        ([_update("2026-05-20", True), _start("2026-05-20", False)], [("", "2026-05-20", None)]),
        # Settings alone, without NIV or a request, are nobody's work.
        ([_update("2026-05-20", False)], []),
        # Another item is no device for breathing support.
        ([_request("2026-05-20", False, item="cough_assist")], []),
    ],
)
def test_the_latest_word_on_the_device_says(events: list[Raw], expected: list[object]) -> None:
    assert alerts(_bulbar(*events), "NIV-BACKUP", "2026-12-31") == expected


def test_another_word_without_a_backup_rate_resets_nothing() -> None:
    facts = _bulbar(_request("2026-05-20"), _start("2026-05-28", False), _update("2026-06-10"))

    work = due(facts, "NIV-BACKUP", "2026-06-10")

    assert work is not None
    assert (work.due_on, work.anchor, work.evidence) == (day("2026-05-20"), "asked B", ("asked B", "update"))
    assert str(work.reason) == "Bulbar impairment; no backup rate confirmed since 20 May 2026."
    assert alerts(facts, "NIV-BACKUP", "2026-12-31") == [("", "2026-05-20", None)]


@pytest.mark.parametrize(
    ("between", "since"),
    [
        (_update("2026-05-28", True), "2026-06-10"),
        (event("backup_override", "2026-05-28"), "2026-06-10"),
        (event("backup_override", "2026-05-19"), "2026-05-20"),
        (event("backup_override", "2026-05-20"), "2026-06-10"),
    ],
)
def test_it_counts_anew_after_a_confirmed_rate_or_an_override(between: Raw, since: str) -> None:
    later = event("niv_device_update", "2026-06-10", event_id="later", backup_rate=None)
    facts = _bulbar(_start("2026-05-20"), between, later)

    work = due(facts, "NIV-BACKUP", "2026-06-10")

    assert work is not None
    assert work.overdue_on == day(since)


def test_it_does_not_count_from_a_use_that_was_stopped() -> None:
    facts = _bulbar(_start("2026-02-02"), event("niv_stop", "2026-03-02"), _request("2026-05-20"))

    work = due(facts, "NIV-BACKUP", "2026-05-20")

    assert work is not None
    assert (work.overdue_on, work.anchor) == (day("2026-05-20"), "start")
    assert alerts(facts, "NIV-BACKUP", "2026-12-31") == [
        ("", "2026-02-02", "2026-03-02"),
        ("", "2026-05-20", None),
    ]


@pytest.mark.parametrize(
    ("override_on", "closes"),
    [("2026-05-19", None), ("2026-05-21", "2026-05-21"), ("2026-06-30", "2026-06-30")],
)
def test_an_override_on_the_day_of_the_device_or_later_closes_it(
    override_on: str, closes: str | None
) -> None:
    facts = _bulbar(
        _start("2026-05-20", False), event("backup_override", override_on, reason="Not tolerated")
    )

    assert alerts(facts, "NIV-BACKUP", "2026-12-31") == [("", "2026-05-20", closes)]


def test_an_override_on_the_very_day_is_enough() -> None:
    facts = _bulbar(event("backup_override", "2026-05-20"), _start("2026-05-20", False))

    assert alerts(facts, "NIV-BACKUP", "2026-12-31") == []
    assert silenced(facts, "NIV-BACKUP", "2026-05-20") is None


def test_an_override_holds_until_the_device_changes() -> None:
    facts = _bulbar(
        _start("2026-05-20", False), event("backup_override", "2026-05-25"), _update("2026-06-10", False)
    )

    assert alerts(facts, "NIV-BACKUP", "2026-12-31") == [
        ("", "2026-05-20", "2026-05-25"),
        ("", "2026-06-10", None),
    ]


@pytest.mark.parametrize(
    ("ended", "closes"),
    [
        (event("niv_stop", "2026-06-10"), "2026-06-10"),
        (event("equipment_status", "2026-06-10", id="B", status="cancelled"), None),
    ],
)
def test_the_end_of_niv_closes_it(ended: Raw, closes: str | None) -> None:
    facts = _bulbar(_start("2026-05-20", False), ended)

    assert alerts(facts, "NIV-BACKUP", "2026-12-31") == [("", "2026-05-20", closes)]


def test_with_a_live_request_the_end_of_niv_does_not_close_it() -> None:
    facts = _bulbar(
        _request("2026-05-10", False), _start("2026-05-20", False), event("niv_stop", "2026-06-10")
    )

    assert alerts(facts, "NIV-BACKUP", "2026-12-31") == [("", "2026-05-10", None)]


def test_a_cancelled_request_says_nothing_any_more() -> None:
    cancelled = event("equipment_status", "2026-06-10", id="B", status="cancelled")
    facts = _bulbar(_request("2026-05-20", False), cancelled)
    with_start = _bulbar(_start("2026-05-10", True), _request("2026-05-20", False), cancelled)

    assert alerts(facts, "NIV-BACKUP", "2026-12-31") == [("", "2026-05-20", "2026-06-10")]
    assert silenced(facts, "NIV-BACKUP", "2026-06-10") == Silenced(
        "NIV-BACKUP", "", CloseReason.NOT_APPLICABLE
    )
    assert alerts(with_start, "NIV-BACKUP", "2026-12-31") == [("", "2026-05-20", "2026-06-10")]


@pytest.mark.parametrize("item_status", ["delivered", "in_use", "transferred"])
def test_a_request_that_came_to_its_end_is_live_still(item_status: str) -> None:
    facts = _bulbar(
        _request("2026-05-20", False), event("equipment_status", "2026-06-10", id="B", status=item_status)
    )

    assert alerts(facts, "NIV-BACKUP", "2026-12-31") == [("", "2026-05-20", None)]


# --- bulbar impairment ---------------------------------------------------------


def test_without_bulbar_impairment_a_backup_rate_is_not_asked_for() -> None:
    facts = life(_start("2026-05-20", False))

    assert alerts(facts, "NIV-BACKUP", "2026-12-31") == []
    assert silenced(facts, "NIV-BACKUP", "2026-05-20") == Silenced(
        "NIV-BACKUP", "", CloseReason.NOT_APPLICABLE
    )


@pytest.mark.parametrize(
    ("found_on", "since"),
    [("2026-05-01", "2026-05-20"), ("2026-05-20", "2026-05-20"), ("2026-06-05", "2026-06-05")],
)
@pytest.mark.parametrize(("kind", "flag"), [("bulbar_status", "impaired"), ("swallow_screen", "positive")])
def test_missing_from_the_later_of_device_and_finding(
    kind: str, flag: str, found_on: str, since: str
) -> None:
    data: dict[str, Any] = {flag: True}
    finding = event(kind, found_on, event_id="found", **data)
    facts = life(_start("2026-05-20", False), finding)

    work = due(facts, "NIV-BACKUP", since)

    assert work is not None
    assert (work.overdue_on, work.anchor, work.evidence) == (day(since), "start", ("start", "found"))
    assert str(work.reason) == "Bulbar impairment; no backup rate confirmed since 20 May 2026."
    assert alerts(facts, "NIV-BACKUP", "2026-12-31") == [("", since, None)]


def test_the_earlier_of_two_findings_counts() -> None:
    facts = life(
        _start("2026-05-20", False),
        event("bulbar_status", "2026-06-08", event_id="status", impaired=True),
        event("swallow_screen", "2026-06-05", event_id="screen", positive=True),
    )

    work = due(facts, "NIV-BACKUP", "2026-06-08")

    assert work is not None
    assert (work.overdue_on, work.evidence) == (day("2026-06-05"), ("start", "status", "screen"))


def test_with_bulbar_onset_a_later_finding_moves_nothing() -> None:
    facts = _bulbar(_start("2026-05-20", False), event("bulbar_status", "2026-06-05", impaired=True))

    work = due(facts, "NIV-BACKUP", "2026-06-05")

    assert work is not None
    assert work.overdue_on == day("2026-05-20")


def test_impairment_that_has_gone_closes_it() -> None:
    facts = life(
        event("bulbar_status", "2026-05-01", impaired=True),
        _start("2026-05-20", False),
        event("bulbar_status", "2026-06-01", impaired=False),
    )

    assert alerts(facts, "NIV-BACKUP", "2026-12-31") == [("", "2026-05-20", "2026-06-01")]


def test_the_same_finding_again_moves_nothing() -> None:
    facts = life(
        event("bulbar_status", "2026-05-01", impaired=True),
        _start("2026-05-20", False),
        event("bulbar_status", "2026-06-01", event_id="again", impaired=True),
    )

    work = due(facts, "NIV-BACKUP", "2026-06-01")

    assert work is not None
    assert (work.overdue_on, work.evidence) == (day("2026-05-20"), ("start", "again"))
