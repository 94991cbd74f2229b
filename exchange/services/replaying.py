"""A timeline lived through the product: real services, reconcile and sweep, under a moving clock."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min

from alerts.models import Alert
from alerts.services.sweep import sweep
from audit.actor import acting
from exchange.services.directory import Directory
from exchange.services.recording import NOT_SAID, NotRecordedError, Recorder
from pathway import clock
from pathway.catalogue import ONSET_REGIONS
from pathway.facts import Event
from pathway.timeline import Timeline, parse
from patients.models import Patient
from patients.services import create_patient
from teams.models import Clinic
from worklist.models import CareTask


class RulesFailedError(RuntimeError):
    """Facts were recorded, but could not be turned into care tasks."""


def through_database(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The alerts that recording one timeline day by day opens and closes; nothing is kept.

    Beside ``alerts`` the answer holds ``refused`` (events the services refuse: id and
    reason) and ``not_recorded`` (how many events of kinds nobody records yet).

    Raises:
        TimelineError: the timeline cannot be read.
        RulesFailedError: reconciling failed.
    """
    timeline = parse(raw)
    zone = raw["patient"].get("clinic_tz") or "UTC"
    with acting(user_id=None, purpose="replay"), transaction.atomic():
        life = _Life(timeline, zone)
        life.live()
        answer = {
            "id": timeline.id,
            "alerts": life.alerts(),
            "refused": life.refused,
            "not_recorded": dict(sorted(life.not_recorded.items())),
        }
        transaction.set_rollback(True)
    return answer


def _named(event: Event) -> Event:
    """Timelines fill a seat without saying with whom."""
    if event.kind != "team_assign":
        return event
    return replace(event, data={"outside_provider": NOT_SAID, **event.data})


@dataclass(slots=True)
class _Stretch:
    """One alert, or several that follow each other without a day between."""

    rule: str
    subject: str
    opens_on: date
    closes_on: date | None

    def joins(self, later: "_Stretch") -> bool:
        same = (self.rule, self.subject) == (later.rule, later.subject)
        return same and self.closes_on == later.opens_on

    def as_text(self) -> dict[str, str | None]:
        return {
            "rule": self.rule,
            "subject": self.subject,
            "opens_on": self.opens_on.isoformat(),
            "closes_on": self.closes_on.isoformat() if self.closes_on else None,
        }


@dataclass
class _Life:
    """One person in a clinic of their own, from the first entry to the last day."""

    timeline: Timeline
    zone: str
    refused: list[dict[str, str]] = field(default_factory=list)
    not_recorded: Counter[str] = field(default_factory=Counter)

    def live(self) -> None:
        """Record each day's events at noon; sweep just after each midnight that matters."""
        as_of, day = self.timeline.as_of, self.timeline.facts.enrolled_on
        by_day = self._by_day()
        with clock.set_to(self._at(day, 0, 1)):
            self._join()
        while day <= as_of:
            with clock.set_to(self._at(day, 0, 5)):
                sweep()
            for minutes, event in enumerate(by_day.get(day, ())):
                with clock.set_to(self._at(day, 12, minutes)):
                    self._record(event)
            day = min([*(each for each in by_day if each > day), *self._days_to_look(day)], default=date.max)

    def _by_day(self) -> Mapping[date, list[Event]]:
        """Events by the day they are written; what was recorded before joining comes with the person."""
        facts, as_of = self.timeline.facts, self.timeline.as_of
        known = [event for event in facts.events if event.recorded_on <= as_of]
        written = groupby(known, key=lambda event: max(event.recorded_on, facts.enrolled_on))
        return {day: list(group) for day, group in written}

    def alerts(self) -> list[dict[str, str | None]]:
        """Alerts by day: within one day dropped, closed and reopened the same day joined."""
        joined: list[_Stretch] = []
        for stretch in self._stretches():
            earlier = next((each for each in reversed(joined) if each.joins(stretch)), None)
            if earlier is None:
                joined.append(stretch)
            else:
                earlier.closes_on = stretch.closes_on
        scope = self.timeline.scope
        answers = [each.as_text() for each in joined if scope is None or each.rule in scope]
        return sorted(
            answers, key=lambda each: (each["opens_on"] or "", each["rule"] or "", each["subject"] or "")
        )

    def _stretches(self) -> Iterator[_Stretch]:
        alerts = Alert.objects.filter(patient=self.patient).exclude(rule="").order_by("opens_on", "closed_at")
        for alert in alerts:
            subject = self.recorder.subject_of(alert.subject)
            if alert.closes_on != alert.opens_on:
                yield _Stretch(alert.rule, subject, alert.opens_on, alert.closes_on)

    def _join(self) -> None:
        facts = self.timeline.facts
        self.clinic = Clinic.objects.create(name=f"Replay {uuid.uuid4()}", time_zone=self.zone)
        baseline = facts.baseline_weight_g
        self.patient = create_patient(
            clinic=self.clinic,
            user=None,
            mrn="D-REPLAY",
            given_name="Sample",
            family_name="Sorrel",
            birth_on=date(1960, 1, 1),
            onset_region=facts.onset_region if facts.onset_region in ONSET_REGIONS else "unknown",
            diagnosed_on=None if self._is_diagnosed_later() else facts.diagnosed_on,
            enrolled_on=facts.enrolled_on,
            baseline_weight_g=baseline if baseline and 20_000 <= baseline <= 250_000 else None,
        )
        if self._is_diagnosed_later():
            self._know_diagnosis()
        self.recorder = Recorder(self.patient, Directory(self.clinic))

    def _is_diagnosed_later(self) -> bool:
        facts = self.timeline.facts
        return facts.diagnosed_on is not None and facts.diagnosed_on > facts.enrolled_on

    def _know_diagnosis(self) -> None:
        """A timeline knows of a diagnosis to come from the first day; a form would not take it yet."""
        self.patient.chart_version += 1
        self.patient.diagnosed_on = self.timeline.facts.diagnosed_on
        self.patient.save(update_fields=["chart_version", "diagnosed_on"])

    def _record(self, event: Event) -> None:
        try:
            with transaction.atomic():
                self.recorder.record(_named(event))
        except NotRecordedError:
            self.not_recorded[event.kind] += 1
        except ValidationError as error:
            self.refused.append({"id": event.id, "reason": " ".join(error.messages)})
        if Patient.objects.get(pk=self.patient.pk).is_recalculating:
            raise RulesFailedError(f"Timeline {self.timeline.id}: the rules failed after event {event.id}.")

    def _days_to_look(self, day: date) -> Iterator[date]:
        """Later days on which a task falls due or rises, or something dated ahead takes effect."""
        tasks = CareTask.objects.filter(patient=self.patient, closed_at__isnull=True)
        moments = tasks.aggregate(Min("wake_at"), Min("rises_at")).values()
        again = Patient.objects.values_list("look_again_at", flat=True).get(pk=self.patient.pk)
        days = (clock.local_date(moment, self.zone) for moment in (*moments, again) if moment)
        return (each for each in days if each > day)

    def _at(self, day: date, hour: int, minutes: int) -> datetime:
        return clock.start_of_day(day, self.zone) + timedelta(hours=hour, minutes=minutes)
