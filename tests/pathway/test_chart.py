import pytest

from tests.pathway.build import Raw, chart, day, event, life


def test_nothing_ahead_means_no_need_to_look_again() -> None:
    assert (
        chart(life(event("nutrition_review", "2026-02-01", weight_kg=80)), "2026-02-01").look_again_on is None
    )


def test_what_is_not_recorded_yet_cannot_be_foreseen() -> None:
    late = event("nutrition_review", "2026-02-01", recorded_on="2026-02-10", weight_kg=80)

    assert chart(life(late), "2026-02-05").look_again_on is None


DATED_AHEAD = event("status_change", "2026-02-10", recorded_on="2026-02-01", event_id="s", status="hospice")
DECLINE = event("decline", "2026-02-01", topic="vfss", reoffer_on="2026-03-01")
DEFERRAL = event("deferral", "2026-02-01", topic="niv", until="2026-02-20")


@pytest.mark.parametrize(
    ("events", "on", "look_again_on"),
    [
        ([DATED_AHEAD], "2026-01-31", None),
        ([DATED_AHEAD], "2026-02-01", "2026-02-10"),
        ([DATED_AHEAD], "2026-02-10", None),
        ([DATED_AHEAD, event("void", "2026-02-05", ref="s")], "2026-02-05", None),
        ([DECLINE], "2026-02-01", "2026-03-01"),
        ([DECLINE], "2026-03-01", None),
        ([DEFERRAL], "2026-02-19", "2026-02-20"),
        ([DECLINE, DEFERRAL, DATED_AHEAD], "2026-02-01", "2026-02-10"),
        ([DECLINE, DEFERRAL, DATED_AHEAD], "2026-02-10", "2026-02-20"),
        ([DECLINE, DEFERRAL, DATED_AHEAD], "2026-02-20", "2026-03-01"),
        ([event("decline", "2026-02-01", topic="vfss", permanent=True)], "2026-02-01", None),
    ],
)
def test_look_again_when_something_takes_effect_or_a_choice_ends(
    events: list[Raw], on: str, look_again_on: str | None
) -> None:
    found = chart(life(*events), on).look_again_on

    assert found == (day(look_again_on) if look_again_on else None)
