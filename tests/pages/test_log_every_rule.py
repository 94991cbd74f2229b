"""Whoever has the work of a rule opens, in its row, the form whose saving ends it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exchange.services.replaying import _Life
from pathway import clock
from pathway.registry import rules
from pathway.rule import Rule
from pathway.timeline import parse
from tests.factories import a_member
from tests.worklist.records import turn_on
from worklist.models import CareTask

pytestmark = pytest.mark.django_db

ZONE = "America/New_York"


def overdue_under(rule: Rule[Any]) -> tuple[CareTask, date]:
    """The overdue work of a rule's first example that has any, and the day it opened."""
    example = next(each for each in rule.examples if each.alerts)
    subject, opens_on, _closes = example.alerts[0]
    events = [{"id": f"e{place}", **raw} for place, raw in enumerate(example.events)]
    life = _Life(
        parse({"id": rule.code, "patient": example.patient, "as_of": opens_on, "events": events}), ZONE
    )
    life.live()
    assert life.refused == []
    if rule.optional:
        with clock.set_to(clock.start_of_day(date.fromisoformat(opens_on), ZONE) + timedelta(hours=9)):
            turn_on(life.patient.clinic, rule.code)
    task = CareTask.objects.get(patient=life.patient, rule=rule.code, closed_at=None, alerts__closed_at=None)
    assert life.recorder.subject_of(task.subject) == subject
    return task, date.fromisoformat(opens_on)


@pytest.mark.parametrize(
    "rule", [rule for rule in rules().values() if not rule.quiet], ids=lambda rule: rule.code
)
def test_the_work_of_a_rule_opens_its_form_and_its_explanation(rule: Rule[Any], client: Client) -> None:
    task, day = overdue_under(rule)
    client.force_login(a_member(task.clinic, "neurology"))

    with clock.set_to(clock.start_of_day(day, ZONE) + timedelta(hours=10)):
        form = client.get(reverse("pages:task_log", args=[task.pk]), HTTP_HX_REQUEST="true")
        others = [
            client.get(f"{reverse('pages:task_log', args=[task.pk])}?kind={kind}")
            for kind in rule.also_recorded_as
        ]
        why = client.get(reverse("pages:why", args=[task.pk]))

    if rule.recorded_as == "team_assign":
        assert form["Location"] == reverse("pages:team", args=[task.patient_id])
    else:
        assert form.context["panel"].item == f"task-{task.pk}"
        named = {name: form.context["form"].initial[name] for name in rule.usual_record(task.subject)}
        assert named == rule.usual_record(task.subject)
    assert [answer.status_code for answer in others] == [200] * len(others)
    assert [answer.context["form"].kind.code for answer in others] == list(rule.also_recorded_as)
    text = why.content.decode()
    assert "%(" not in text
    assert all(line.term for line in why.context["why"].lines)
    assert len(why.context["why"].facts) == len(set(task.evidence))
