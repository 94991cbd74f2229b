"""The whole product under kill -9: nothing lost, nothing alerted twice, one Message-ID per item.

PostgreSQL, broker, worker with its pool, beat and web run as ``./run`` runs them.
Items fall due all the time while one process after another is killed and people
work on; mails are counted at a real mail server that refuses some of them for a while.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from launch.ports import free
from launch.stack import Stack
from tests.chaos.runs import PARTS, all_arrive, due, kill_at_random, latencies, run_inside
from tests.chaos.sink import MailServer, Sink
from tests.chaos.visit import at_work, work

REFUSED = 0.1  # of recipients, and of messages, for a while
MOST_REPEATED = 0.02  # of all mails: SMTP itself cannot promise none
LOGGED = {"reviews": 1, "calls": 1, "alert": "satisfied", "added": [], "open": 0}


@dataclass(frozen=True)
class Size:
    """How long a run is: items due while all is well, items due while processes are killed, kills, people.

    ``patience``: seconds at most until the last mail has come. What is late is not lost, and
    after hundreds of kills on a busy machine many are late. ``refused``: the share that the
    mail server refuses for a while even before the kills, which costs a quarter of a minute.
    """

    calm: int
    items: int
    kills: int
    people: int
    patience: float
    refused: float
    seconds_a_kill: float

    @property
    def due_over(self) -> float:
        """Seconds over which the items fall due: nearly as long as the killing takes."""
        return self.kills * self.seconds_a_kill


SHORT = Size(calm=20, items=200, kills=18, people=1, patience=120, refused=0, seconds_a_kill=1.6)
FULL = Size(calm=200, items=2000, kills=500, people=2, patience=900, refused=REFUSED, seconds_a_kill=2.5)


@pytest.mark.chaos
@pytest.mark.parametrize(
    "size", [pytest.param(SHORT, id="short"), pytest.param(FULL, id="full", marks=pytest.mark.full)]
)
def test_nothing_is_lost_or_doubled(
    size: Size, stack: Stack, mail_server: MailServer, measured: Callable[..., None]
) -> None:
    sink = mail_server.sink
    names = " ".join(f"seen{number}" for number in range(size.people + 1))
    clinic, *clinics = json.loads(run_inside(stack, "open", names=names))
    items = due(stack, "item", size.items, seconds=size.due_over, ahead=10 + size.calm / 5)
    calm = due(stack, "calm", size.calm, seconds=size.calm / 5, ahead=2)
    sink.refusing = size.refused
    stack.start_product()
    nothing_amiss(sink, calm, repeats=0, within=size.patience)

    sink.refusing = REFUSED
    with at_work(stack.url, clinics) as people:
        kills = kill_at_random(stack, sink, items, kills=size.kills)
        mailed = len({mail.address for mail in sink.mails} & set(items))
        repeats = nothing_amiss(sink, items, repeats=MOST_REPEATED * size.items, within=size.patience)
    assert all(kills[part] >= 2 for part in PARTS), kills
    assert mailed >= size.items / 2  # it was killed at work, not while it started
    assert sink.refused
    assert [colleague.wrong for colleague in people] == [[]] * size.people
    assert all(colleague.done for colleague in people)

    sink.refusing = 0
    dumb = while_the_broker_is_away(stack, clinic)
    nothing_amiss(sink, dumb, repeats=0, within=size.patience)
    logged, *added = json.loads(run_inside(stack, "visited", names=names))
    assert logged == LOGGED
    assert [each["added"] for each in added] == [sorted(colleague.done) for colleague in people]
    assert [each["open"] for each in added] == [0] * size.people
    held = json.loads(run_inside(stack, "report"))
    total = len(calm) + len(items) + len(dumb)
    assert (held["alerts"], held["tasks alerted"], held["rows"]) == (total, total, total)
    measured(
        kills=dict(kills),
        items=total,
        lost=0,
        alerted_twice=0,
        mailed_while_killing=mailed,
        mails_repeated=repeats,
        refused_for_now=len(sink.refused),
        seconds_until_mailed={"calm": latencies(sink, calm), "under kills": latencies(sink, items)},
        tasks_done_by_people=sum(len(colleague.done) for colleague in people),
        answers_to_people=dict(sum((colleague.answers for colleague in people), Counter[str]())),
    )


def nothing_amiss(sink: Sink, expected: dict[str, float], *, repeats: float, within: float) -> int:
    """Await the mails: none lost, none under two Message-IDs, few repeated; returns how many were."""
    verdict = all_arrive(sink, expected, within=within)
    assert (verdict.lost, verdict.under_two_ids) == (frozenset(), frozenset())
    assert verdict.repeats <= repeats
    return verdict.repeats


def while_the_broker_is_away(stack: Stack, told: dict[str, str]) -> dict[str, float]:
    """People work on, and items fall due that are mailed after it is back."""
    stack.supervisor.halt("broker")
    dumb = due(stack, "dumb", 20, seconds=4)
    work(stack.url, told)
    stack.supervisor.start(stack.broker.service())
    return dumb


@pytest.mark.chaos
@pytest.mark.parametrize("own_settings", [{"BROKER_URL": f"redis://127.0.0.1:{free()}/0"}])
def test_people_work_on_where_no_broker_ever_answered(stack: Stack) -> None:
    """Also a worker and a beat that cannot reach it leave the pages alone."""
    [clinic] = json.loads(run_inside(stack, "open", names="quiet"))
    stack.start_product()

    work(stack.url, clinic)

    assert json.loads(run_inside(stack, "visited", names="quiet")) == [LOGGED]
