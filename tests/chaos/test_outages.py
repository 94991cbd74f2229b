"""A day without mail server, broker or beat, in the running product: all is caught up with, once.

The day goes by in minutes: the product's one clock, ``pathway.clock``, runs ahead of the
machine's by what a file says (tests/chaos/bent.py), in all its processes at once. Celery, PostgreSQL,
the broker and the mail server keep the machine's time, and what they do is real.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from launch.stack import Stack
from tests.alerts.outbox import text_of
from tests.chaos.runs import LATE, all_arrive, ask_database, run_inside, wait_for
from tests.chaos.sink import Mail, MailServer
from tests.chaos.visit import work

pytestmark = [pytest.mark.full, pytest.mark.chaos]

DAYS = Path(__file__).with_name("days.py")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SETTLED_WITHIN = 150.0  # seconds at most until sweep and outbox have seen a moment
A_SWEEP_LATER = timedelta(seconds=3)  # a sweep that ended so long after the clock was moved saw it moved
CAUGHT_UP_WITHIN = 120.0  # seconds after the broker is back
REAL_SECONDS_AN_HOUR = 10.0  # so that the broker is away until Celery makes its longest pauses between tries
SWEPT = "SELECT count(*) FROM alerts_lastrun WHERE name = 'sweep' AND finished_at >= '{}'"
UNSENT = "SELECT count(*) FROM alerts_delivery WHERE state = 'waiting' AND not_before <= '{}'"
NEWLY = re.compile(r"(\d+) items? became overdue since your last email")
NEW_YORK, SYDNEY = ZoneInfo("America/New_York"), ZoneInfo("Australia/Sydney")
CHANGES = (  # Sundays on which clocks are moved, one after another: forward, back, forward, back
    (SYDNEY, date(2026, 10, 4)),
    (NEW_YORK, date(2026, 11, 1)),
    (NEW_YORK, date(2027, 3, 14)),
    (SYDNEY, date(2027, 4, 4)),
)

People = Mapping[str, tuple[str, list[str]]]
"""By address: when that colleague's digest goes out ("" = critical mail instead), when each item is due."""


@dataclass
class Clock:
    """The product's clock, moved from here; ``ahead`` is the file that says by how many seconds."""

    ahead: Path

    def now(self) -> datetime:
        """The time the product thinks it is."""
        return datetime.now(UTC) + timedelta(seconds=float(self.ahead.read_text()))

    def set(self, moment: datetime) -> None:
        """It is this moment now, and goes on."""
        fresh = self.ahead.with_suffix(".new")
        fresh.write_text(str((moment - datetime.now(UTC)).total_seconds()))
        fresh.replace(self.ahead)


@dataclass
class Life:
    """The product, living through days of one clinic."""

    stack: Stack
    server: MailServer
    clock: Clock

    def begin(self, name: str, zone: ZoneInfo, people: People) -> None:
        """A clinic with this work, and the product at work."""
        plan = json.dumps({"time_zone": zone.key, "people": people})
        run_inside(self.stack, "make", DAYS, name=name, plan=plan)
        self.stack.start_product()

    def go_to(self, moment: datetime) -> None:
        """Let it be that moment, and wait until the sweep has seen it and every mail due has been tried."""
        self.sweep_at(moment)
        assert wait_for(lambda: self._counts(UNSENT, moment) == 0, within=SETTLED_WITHIN)

    def sweep_at(self, moment: datetime) -> None:
        """Let it be that moment, and wait until the sweep has seen it."""
        self.clock.set(moment)
        seen = moment.astimezone(UTC) + A_SWEEP_LATER
        assert wait_for(lambda: self._counts(SWEPT, seen) == 1, within=SETTLED_WITHIN)

    def digests(self, address: str, zone: ZoneInfo) -> list[tuple[date, int]]:
        """Digests that reached an address: the local day, and how many items were news."""
        mails = [mail for mail in self.server.sink.mails if mail.address == address]
        return [(datetime.fromtimestamp(mail.at, zone).date(), newly(mail)) for mail in mails]

    def opened(self, name: str) -> dict[str, list[str]]:
        """On which days alerts opened, by address."""
        return dict(json.loads(run_inside(self.stack, "tell", DAYS, name=name)))

    def _counts(self, question: str, moment: datetime) -> int:
        return int(ask_database(self.stack, question.format(moment.isoformat())))


def newly(mail: Mail) -> int:
    """How many items a digest tells as news; 0 in other mail."""
    found = NEWLY.search(text_of(mail.message))
    return int(found[1]) if found else 0


def local(zone: ZoneInfo, day: date, at: str) -> datetime:
    """A moment of the clinic."""
    return datetime.combine(day, datetime.strptime(at, "%H:%M").time(), tzinfo=zone)  # noqa: DTZ007


def each_hour(begin: datetime, hours: int, zone: ZoneInfo) -> list[datetime]:
    """So many moments, an hour of real time apart."""
    return [(begin.astimezone(UTC) + number * HOUR).astimezone(zone) for number in range(hours)]


@pytest.fixture
def sweep_seconds() -> str:
    """How often beat asks."""
    return "1"


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    """The clock of the stack."""
    clock = Clock(tmp_path / "ahead")
    clock.set(datetime.now(UTC))
    return clock


@pytest.fixture
def own_settings(clock: Clock, sweep_seconds: str) -> dict[str, str]:
    """The product with a clock that can be moved."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.chaos.bent",
        "CHAOS_CLOCK": str(clock.ahead),
        "ALSCARE_SWEEP_SECONDS": sweep_seconds,
    }


@pytest.fixture
def life(stack: Stack, mail_server: MailServer, clock: Clock) -> Life:
    """The product in another time."""
    mail_server.sink.now = lambda: clock.now().timestamp()
    return Life(stack, mail_server, clock)


def a_day_of_work(tuesday: date, outage: list[datetime]) -> dict[str, tuple[str, list[str]]]:
    """Twenty colleagues with two items each, overdue from Tuesday and Wednesday; a critical item an hour."""
    items = [(tuesday - DAY).isoformat(), tuesday.isoformat()]
    digests = {f"digest{number}@example.org": ("07:00", items) for number in range(20)}
    critical = {f"hour{number}@example.org": ("", [at.isoformat()]) for number, at in enumerate(outage)}
    return digests | critical


def test_a_day_without_mail_server(life: Life, measured: Callable[..., None]) -> None:
    """Away from Tuesday 5:55 to Wednesday 7:55, two mornings: one digest each tells both days' work."""
    tuesday = date(2026, 6, 9)
    wednesday, thursday = tuesday + DAY, tuesday + 2 * DAY
    outage = each_hour(local(NEW_YORK, tuesday, "05:55"), 26, NEW_YORK)
    people = a_day_of_work(tuesday, outage)
    life.clock.set(local(NEW_YORK, tuesday - DAY, "12:00"))
    life.begin("A day without mail", NEW_YORK, people)
    life.go_to(local(NEW_YORK, tuesday, "05:50"))

    life.server.stop()
    for at in outage:
        life.sweep_at(at)
    assert life.server.sink.mails == []
    life.server.start()
    for hour in ("07:55", "08:10", "08:25", "08:40", "08:56"):
        life.go_to(local(NEW_YORK, wednesday, hour))

    verdict = all_arrive(life.server.sink, people, within=0)
    last = max(mail.at for mail in life.server.sink.mails)
    life.go_to(local(NEW_YORK, thursday, "07:10"))
    assert (verdict.lost, verdict.under_two_ids, verdict.repeats) == (frozenset(), frozenset(), 0)
    assert {life.digests(each, NEW_YORK)[0] for each in people if people[each][0]} == {(wednesday, 2)}
    assert len(life.server.sink.mails) == len(people)
    assert life.opened("A day without mail") == opening(people, NEW_YORK)
    back = local(NEW_YORK, wednesday, "07:55").timestamp()
    measured(hours_away=26, mails=len(people), lost=0, twice=0, minutes_until_last=round((last - back) / 60))


def opening(people: People, zone: ZoneInfo) -> dict[str, list[str]]:
    """On which day each item's alert opens: the day after a day, the local day of a moment."""
    return {
        address: [opens_on(item, zone).isoformat() for item in items]
        for address, (_at, items) in people.items()
    }


def opens_on(item: str, zone: ZoneInfo) -> date:
    """The local day on which an item counts as overdue first."""
    at = datetime.fromisoformat(item)
    return at.astimezone(zone).date() if at.tzinfo else at.date() + DAY


@pytest.mark.parametrize("sweep_seconds", ["60"])
def test_a_day_without_broker(life: Life, measured: Callable[..., None]) -> None:
    """Beat asks once a minute, as it does in a clinic; people work on meanwhile."""
    tuesday = date(2026, 6, 9)
    wednesday = tuesday + DAY
    outage = each_hour(local(NEW_YORK, tuesday, "05:55"), 25, NEW_YORK)
    people = a_day_of_work(tuesday, outage)
    life.server.sink.refusing = 0.0
    life.clock.set(local(NEW_YORK, tuesday - DAY, "12:00"))
    life.begin("A day without broker", NEW_YORK, people)
    [told] = json.loads(run_inside(life.stack, "open", names="seen"))
    life.go_to(local(NEW_YORK, tuesday, "05:50"))
    running = [life.stack.pids(name)[0] for name in ("worker", "beat")]

    life.stack.supervisor.halt("broker")
    for at in outage:
        life.clock.set(at)
        time.sleep(REAL_SECONDS_AN_HOUR)
        if at.hour == 12:
            work(life.stack.url, told)
    assert life.server.sink.mails == []
    life.stack.supervisor.start(life.stack.broker.service())
    back = time.monotonic()
    critical = [address for address in people if not people[address][0]]
    verdict = all_arrive(life.server.sink, critical, within=CAUGHT_UP_WITHIN)
    took = time.monotonic() - back - LATE

    assert (verdict.lost, verdict.under_two_ids, verdict.repeats) == (frozenset(), frozenset(), 0)
    life.go_to(local(NEW_YORK, wednesday, "07:10"))
    for address, (digest_at, items) in people.items():
        mails = life.digests(address, NEW_YORK)
        mornings = 2 if digest_at else 1  # Tuesday's, late, and Wednesday's
        assert len(mails) <= mornings, address
        assert sum(news for _day, news in mails) == (len(items) if digest_at else 0), address
    assert life.opened("A day without broker") == opening(people, NEW_YORK)
    assert running == [life.stack.pids(name)[0] for name in ("worker", "beat")]
    measured(
        hours_away=25, mails=len(life.server.sink.mails), lost=0, twice=0, seconds_until_caught_up=round(took)
    )


def test_beat_away_for_26_hours_while_clocks_are_moved(life: Life, measured: Callable[..., None]) -> None:
    """Each item once, and one digest per person and local morning, even at an hour left out or told twice."""
    for number, (zone, sunday) in enumerate(CHANGES):
        name = f"{zone.key.rpartition('/')[2].lower()}{number}"
        people = over_a_change(life, name, zone, sunday)
        assert life.opened(name) == opening(people, zone)
        for address, (digest_at, items) in people.items():
            mails = life.digests(address, zone)
            days = [day for day, _news in mails]
            assert len(days) == len(set(days)), (address, days)
            assert max(days) <= sunday + DAY, address
            assert sum(news for _day, news in mails) == (len(items) if digest_at else 0)
            assert digest_at or len(mails) == 1, address
        assert life.digests(f"late.{name}@example.org", zone) == [(sunday + DAY, 1)]
    assert len({mail.message_id for mail in life.server.sink.mails}) == len(life.server.sink.mails)
    measured(changes=len(CHANGES), mails=len(life.server.sink.mails), lost=0, twice=0)


def over_a_change(life: Life, name: str, zone: ZoneInfo, sunday: date) -> People:
    """Friday to Tuesday, without beat from Saturday 16:00 for 26 hours; returns who had what work."""
    friday, saturday, monday, tuesday = (sunday + days * DAY for days in (-2, -1, 1, 2))
    away = each_hour(local(zone, saturday, "16:00"), 27, zone)
    items = [day.isoformat() for day in (friday, saturday, sunday)]
    people: dict[str, tuple[str, list[str]]] = {
        f"early.{name}@example.org": ("07:00", items),
        f"late.{name}@example.org": ("07:00", [saturday.isoformat()]),
        f"night.{name}@example.org": ("02:30", items),
    }
    for number, at in enumerate(away[:-1]):
        people[f"hour{number}.{name}@example.org"] = ("", [at.isoformat()])
    life.clock.set(local(zone, friday, "12:00"))
    life.begin(name, zone, people)
    for hour in ("00:10", "03:10", "07:10", "15:50"):
        life.go_to(local(zone, saturday, hour))

    life.stack.supervisor.halt("beat")
    for moment in away:
        life.clock.set(moment)
        time.sleep(0.1)
    life.stack.start_product()
    life.go_to(away[-1])
    for hour in ("00:10", "03:10", "07:10"):
        life.go_to(local(zone, monday, hour))
    for hour in ("03:10", "07:10"):
        life.go_to(local(zone, tuesday, hour))
    return people
