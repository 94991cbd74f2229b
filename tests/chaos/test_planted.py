"""The crash run finds planted faults in the running product: one line of its outbox wrong.

Workers are killed while a slow mail server holds them in the middle of a mail. The
faults are put into the processes by tests/chaos/bent.py; without one, the same run passes.
"""

import random
import time
from collections.abc import Callable

import pytest

from launch.stack import Stack
from tests.chaos.runs import all_arrive, ask_database, due, kill, wait_for
from tests.chaos.sink import MailServer, Sink, Verdict

pytestmark = [pytest.mark.full, pytest.mark.chaos]

ITEMS, KILLS = 60, 15
MAILING_AGAIN = 15.0  # seconds; a lease that a killed process held ends before
PATIENCE = 180.0  # seconds at most until every mail is sent or thought to be
WAITING = "SELECT count(*) FROM alerts_delivery WHERE state = 'waiting' AND kind = 'critical'"
SENT = "SELECT count(*) FROM alerts_delivery WHERE state = 'sent' AND kind = 'critical'"


def passes(verdict: Verdict) -> bool:
    """What the crash run asks, and that a kill hit between sending a mail and noting it."""
    return not verdict.lost and not verdict.under_two_ids and verdict.repeats > 0


def loses(verdict: Verdict) -> bool:
    """Found: mail lost."""
    return bool(verdict.lost)


def renames(verdict: Verdict) -> bool:
    """Found: one mail under two Message-IDs."""
    return bool(verdict.under_two_ids)


def bent(**how: str) -> dict[str, str]:
    """Settings of a product bent by the test."""
    return {"DJANGO_SETTINGS_MODULE": "tests.chaos.bent", **how}


@pytest.mark.parametrize(
    ("own_settings", "found"),
    [
        pytest.param(bent(), passes, id="none"),
        pytest.param(bent(CHAOS_FAULT="mark before send"), loses, id="mark before send"),
        pytest.param(bent(CHAOS_FAULT="new Message-ID per try"), renames, id="new Message-ID per try"),
    ],
)
def test_a_planted_fault_is_found(
    stack: Stack,
    mail_server: MailServer,
    found: Callable[[Verdict], bool],
    measured: Callable[..., None],
) -> None:
    sink = mail_server.sink
    sink.refusing, sink.slow = 0.0, 0.5
    stack.start_product()
    expected = due(stack, "item", ITEMS, seconds=1)

    kills = sum(kill_in_mid_mail(stack, sink) for _kill in range(KILLS))
    assert wait_for(lambda: outbox(stack) == (0, ITEMS), within=PATIENCE)
    verdict = all_arrive(sink, expected, within=0)

    assert found(verdict)
    measured(
        kills=kills,
        items=ITEMS,
        lost=len(verdict.lost),
        under_two_message_ids=len(verdict.under_two_ids),
        mails_repeated=verdict.repeats,
    )


def kill_in_mid_mail(stack: Stack, sink: Sink) -> bool:
    """Kill a process of the worker's pool while mail is being sent."""
    time.sleep(random.uniform(0.5, 1.5))
    return wait_for(lambda: sink.holding, within=MAILING_AGAIN) and kill(stack, "child")


def outbox(stack: Stack) -> tuple[int, int]:
    """Mails waiting, and mails thought to be sent."""
    return int(ask_database(stack, WAITING)), int(ask_database(stack, SENT))
