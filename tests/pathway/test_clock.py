from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pathway import clock

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_now_is_the_machines_time_in_utc_unless_held() -> None:
    before = datetime.now(UTC)

    moment = clock.now()

    assert before <= moment <= datetime.now(UTC)
    assert moment.utcoffset() == timedelta(0)


def test_the_clock_can_be_held_and_holds_nest() -> None:
    with clock.set_to(NOON):
        with clock.set_to(NOON + timedelta(days=1)):
            inner = clock.now()
        outer = clock.now()

    assert (inner, outer) == (NOON + timedelta(days=1), NOON)
    assert clock.now() != NOON


def test_the_hold_ends_when_the_block_fails() -> None:
    with pytest.raises(RuntimeError), clock.set_to(NOON):
        raise RuntimeError

    assert clock.now() != NOON


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-05-21T03:30:00+00:00", "America/New_York", "2026-05-20"),
        ("2026-05-21T04:30:00+00:00", "America/New_York", "2026-05-21"),
        ("2026-01-21T04:30:00+00:00", "America/New_York", "2026-01-20"),
        ("2026-01-20T13:00:00+00:00", "Pacific/Auckland", "2026-01-21"),
    ],
)
def test_a_moment_becomes_the_clinics_day(moment: str, zone: str, day: str) -> None:
    with clock.set_to(datetime.fromisoformat(moment)):
        assert clock.today(zone) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "zone", "starts"),
    [
        ("2026-01-20", "America/New_York", "2026-01-20T05:00:00+00:00"),
        ("2026-07-20", "America/New_York", "2026-07-20T04:00:00+00:00"),
        # Clocks go forward at midnight here: the day starts at what the wall calls 01:00.
        ("2026-04-24", "Africa/Cairo", "2026-04-23T22:00:00+00:00"),
        # Midnight comes twice here: the first one starts the day.
        ("2026-11-01", "America/Havana", "2026-11-01T04:00:00+00:00"),
    ],
)
def test_start_of_day_is_the_first_instant_of_the_local_day(day: str, zone: str, starts: str) -> None:
    start = clock.start_of_day(date.fromisoformat(day), zone)
    just_before = start - timedelta(microseconds=1)

    assert start == datetime.fromisoformat(starts)
    assert start.utcoffset() == timedelta(0)
    assert clock.local_date(start, zone) == date.fromisoformat(day)
    assert clock.local_date(just_before, zone) == date.fromisoformat(day) - timedelta(days=1)


def test_a_moment_without_a_zone_is_turned_away() -> None:
    naive = NOON.replace(tzinfo=None)

    with pytest.raises(ValueError, match="without a time zone"), clock.set_to(naive):
        pass
    with pytest.raises(ValueError, match="without a time zone"):
        clock.local_date(naive, "UTC")


def test_the_start_of_a_day_is_given_in_utc() -> None:
    assert clock.start_of_day(date(2026, 3, 8), "America/New_York").tzinfo is UTC


def test_a_moment_without_a_time_zone_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match=r"^A moment without a time zone is not a moment\.$"):
        clock.local_date(datetime(2026, 3, 1), "UTC")  # noqa: DTZ001


def test_a_held_moment_is_told_in_utc() -> None:
    with clock.set_to(NOON.astimezone(timezone(timedelta(hours=-5)))):
        assert clock.now() == NOON
        assert clock.now().tzinfo is UTC
