"""One person's chart as known on a day: the shared vocabulary of every rule.

Each term is worked out once per chart, on first use.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pathway import findings, record, requests, standing, treatments
from pathway.catalogue import TOPICS
from pathway.choices import Choice, choices_about, topics_chosen
from pathway.facts import Event, PatientFacts


@dataclass(frozen=True, slots=True)
class Common:
    """Settings that belong to no single rule. ``reoffer_months`` overrides by topic."""

    reentry_grace_days: int = 14
    reoffer_months: Mapping[str, int] = field(default_factory=dict)


DEFAULTS = Common()


@dataclass(frozen=True, eq=False)
class Chart(record.Record):
    """What is known of a person on ``day``, in the catalogue's terms."""

    common: Common = DEFAULTS

    @classmethod
    def known_on(cls, facts: PatientFacts, day: date, common: Common = DEFAULTS) -> "Chart":
        """The chart at the end of ``day``.

        Leaves out what is recorded later or dated ahead, and what was entered in error
        as far as known by then.
        """
        known = record.read(facts, day)
        return cls(known.patient, known.day, known.kinds, known.ahead, common)

    @cached_property
    def standing(self) -> standing.Standing:
        """Status in force and returns to active."""
        return standing.standing(self)

    @cached_property
    def bulbar_impaired(self) -> findings.BulbarImpairment:
        """Truthy when bulbar impaired; says by what."""
        return findings.bulbar_impaired(self)

    @cached_property
    def fvc(self) -> Sequence[findings.Measure]:
        """Every FVC that is not null, in per cent of predicted, oldest first."""
        return findings.fvc_measured(self)

    @cached_property
    def measured_fvc(self) -> findings.Measure | None:
        """The latest FVC that is not null, in per cent of predicted."""
        return self.fvc[-1] if self.fvc else None

    @cached_property
    def equipment_requests(self) -> Sequence[requests.EquipmentRequest]:
        """Every known request, oldest first."""
        return requests.equipment_requests(self)

    @cached_property
    def referrals(self) -> Sequence[requests.Referral]:
        """Every known referral, oldest first."""
        return requests.referrals(self)

    @cached_property
    def niv_in_use(self) -> Event | None:
        """The start of the NIV use that is going on."""
        return treatments.niv_in_use(self)

    @cached_property
    def live_bpap_requests(self) -> Sequence[requests.EquipmentRequest]:
        """BPAP requests that are not cancelled, oldest first."""
        return treatments.live_bpap_requests(self.equipment_requests)

    @cached_property
    def tracheostomy(self) -> Event | None:
        """The first tracheostomy recorded."""
        return treatments.tracheostomy(self)

    @cached_property
    def pending_gastrostomy(self) -> Event | None:
        """The acceptance of a gastrostomy that has not been followed up yet."""
        return treatments.pending_acceptance(self)

    def fvc_below(self, limit: float) -> bool:
        """Whether the measured FVC is known and below ``limit`` per cent."""
        return self.measured_fvc is not None and self.measured_fvc.value < limit

    def first_fvc_below(self, limit: float) -> findings.Measure | None:
        """The first FVC below ``limit`` per cent; None when there is none."""
        return next((measure for measure in self.fvc if measure.value < limit), None)

    def choices(self, topic: str) -> Sequence[Choice]:
        """Declines and deferrals of a topic; none of a topic the catalogue does not know."""
        if not self._anything_chosen:
            return ()  # nearly everybody, and asked by every rule
        if topic not in self._choices:
            self._choices[topic] = self._read_choices(topic)
        return self._choices[topic]

    def declined(self, topic: str) -> bool:
        """Whether a decline or deferral of ``topic`` is in force."""
        return any(choice.in_force(self.day) for choice in self.choices(topic))

    def fresh_window(self, topic: str) -> Event | None:
        """What last ended a choice in force early and so starts a full window anew.

        A rule with a T and a topic judges from the latest of T and this event's date.
        """
        choices = self.choices(topic)
        if not choices:
            return None
        enders = [choice.ended_by for choice in choices if choice.gives_fresh_window]
        return max((event for event in enders if event), key=lambda event: event.order, default=None)

    @cached_property
    def look_again_on(self) -> date | None:
        """The next day on which this chart changes although nothing more is recorded.

        That is when something dated ahead takes effect, or a choice in force ends.
        """
        ahead = [event.on for event in self.ahead]
        ends = [
            choice.end
            for topic in topics_chosen(self)
            for choice in self.choices(topic)
            if choice.end is not None and choice.in_force(self.day)
        ]
        return min([*ahead, *ends], default=None)

    @cached_property
    def _anything_chosen(self) -> bool:
        return bool(self.of("decline") or self.of("deferral"))

    @cached_property
    def _choices(self) -> dict[str, Sequence[Choice]]:
        return {}

    def _read_choices(self, topic: str) -> Sequence[Choice]:
        if topic not in TOPICS:
            return ()
        months = self.common.reoffer_months.get(topic, TOPICS[topic].reoffer_months)
        return choices_about(self, topic, months)
