"""Everything recorded about one patient, entered in error included, as a person reads it.

One query for all kinds of facts; ``worklist.selectors.events`` reads the same tables for
the rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from assessments.registry import event_data
from pathway.chart import DEFAULTS, Chart
from pathway.facts import Event, PatientFacts
from patients.models import Patient
from teams.cursors import planned_once

MONTHS = "reoffer_months"
"""Of a decline: after how many months this clinic offers again, where it has set them itself."""

SOURCES: Mapping[str, tuple[str, str]] = {
    "status_change": ("patients_patientstatuschange f", "'status', f.status"),
    "assignment": (
        """patients_careteamassignment f
           JOIN patients_patient p ON p.id = f.patient_id
           JOIN teams_discipline d ON d.code = f.discipline_id
           LEFT JOIN teams_user m ON m.id = f.member_id
           LEFT JOIN teams_membership s
             ON s.user_id = m.id AND s.clinic_id = p.clinic_id AND s.is_active AND m.is_active
               AND s.role <> 'admin'""",
        """'discipline', d.code, 'discipline_name', d.name, 'member', f.member_id,
           'name', coalesce(m.name, f.outside_provider), 'ended_on', f.ended_on,
           'works_here', f.member_id IS NULL OR s.id IS NOT NULL,
           'away_from', s.away_from, 'away_until', s.away_until, 'deputy', (
             SELECT u.name FROM teams_membership h JOIN teams_user u ON u.id = h.user_id AND u.is_active
             WHERE h.user_id = s.deputy_id AND h.clinic_id = s.clinic_id AND h.is_active
               AND h.role <> 'admin')""",
    ),
    "decline": (
        "patients_decline f",
        """'topic', f.topic, 'reoffer_on', f.reoffer_on, 'permanent', f.permanent,
           'reoffer_months', (
             SELECT (s.parameters -> 'reoffer_months' ->> f.topic)::int
             FROM worklist_rulesetting s JOIN patients_patient p ON p.clinic_id = s.clinic_id
             WHERE p.id = f.patient_id AND s.rule = 'COMMON' AND s.state = 'active')""",
    ),
    "withdrawal": ("patients_declinewithdrawal f", "'topic', f.topic"),
    "deferral": ("patients_deferral f", "'topic', f.topic, 'until', f.until, 'reason', f.reason"),
    "deferral_end": ("patients_deferralend f", "'topic', f.topic"),
    "assessment": (
        "assessments_assessment f",
        "'kind', f.kind, 'findings', f.findings, 'schema_version', f.schema_version",
    ),
    "referral": (
        "referrals_referral f JOIN teams_discipline d ON d.code = f.discipline_id",
        "'discipline', d.code, 'discipline_name', d.name, 'provider', f.provider, 'reason', f.reason",
    ),
    "referral_change": (
        """referrals_referralstatuschange f JOIN referrals_referral r ON r.id = f.referral_id
           JOIN teams_discipline d ON d.code = r.discipline_id""",
        """'discipline', d.code, 'discipline_name', d.name, 'status', f.status,
           'appointment_on', f.appointment_on, 'reason', f.reason""",
    ),
    "equipment_request": (
        "equipment_equipmentrequest f JOIN equipment_equipmentitem i ON i.code = f.item_id",
        "'request', f.id, 'item', i.name, 'detail', f.detail, 'qualifying_test', f.qualifying_test",
    ),
    "equipment_change": (
        """equipment_equipmentstatuschange f JOIN equipment_equipmentrequest r ON r.id = f.request_id
           JOIN equipment_equipmentitem i ON i.code = r.item_id""",
        "'request', r.id, 'item', i.name, 'status', f.status, 'reason', f.reason, 'reference', f.reference",
    ),
    "contact": (
        """equipment_vendorcontact f JOIN equipment_equipmentrequest r ON r.id = f.request_id
           JOIN equipment_equipmentitem i ON i.code = r.item_id
           LEFT JOIN equipment_payer y ON y.id = r.payer_id
           LEFT JOIN equipment_vendor v ON v.id = r.vendor_id""",
        """'request', r.id, 'item', i.name, 'contact_with', f.contact_with, 'person', f.person,
           'reference', f.reference, 'next_call_on', f.next_call_on,
           'named', CASE f.contact_with WHEN 'payer' THEN y.name WHEN 'vendor' THEN v.name END""",
    ),
    "loaner": (
        """equipment_loaner f JOIN equipment_equipmentrequest r ON r.id = f.request_id
           JOIN equipment_equipmentitem i ON i.code = r.item_id""",
        """'request', r.id, 'item', i.name, 'item_lent', f.item_lent, 'serial_number', f.serial_number,
           'due_back_on', f.due_back_on, 'returned_on', f.returned_on""",
    ),
}
"""Each kind of fact as it stands in addresses: its table ``f`` with what its words need."""

_EACH = """SELECT f.id, '{kind}' AS kind, f.happened_on, f.recorded_on, f.entry, f.recorded_by_id,
    f.done_elsewhere, f.note, f.voided_on, f.voided_by_id, f.void_reason, jsonb_build_object({data}) AS data
    FROM {tables} WHERE f.patient_id = %(patient)s"""

_SQL = (
    """SELECT e.id, e.kind, e.happened_on, e.recorded_on, e.entry, e.recorded_by_id, coalesce(w.name, ''),
    e.done_elsewhere, e.note, e.voided_on, coalesce(v.name, ''), e.void_reason, e.data FROM ("""
    + " UNION ALL ".join(
        _EACH.format(kind=kind, tables=tables, data=data) for kind, (tables, data) in SOURCES.items()
    )
    + """) AS e LEFT JOIN teams_user w ON w.id = e.recorded_by_id
    LEFT JOIN teams_user v ON v.id = e.voided_by_id ORDER BY e.happened_on DESC, e.entry DESC"""
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded fact. ``who`` recorded it ("" = an import); ``data`` is what it says, by kind."""

    fact_id: UUID
    kind: str
    on: date
    recorded_on: date
    entry: int
    who_id: UUID | None
    who: str
    done_elsewhere: str
    note: str
    voided_on: date | None
    voided_by: str
    void_reason: str
    data: Mapping[str, Any]

    @property
    def is_voided(self) -> bool:
        """Whether it is marked entered in error."""
        return self.voided_on is not None

    def day(self, name: str) -> date | None:
        """A date of ``data``."""
        value = self.data.get(name)
        return date.fromisoformat(value) if value else None


def recorded_about(patient: Patient) -> Sequence[Recorded]:
    """All facts of a patient that the reader may open, latest first."""
    with planned_once() as cursor:
        cursor.execute(_SQL, {"patient": patient.pk})
        return [Recorded(*(*row[:-1], _loaded(row[-1]))) for row in cursor.fetchall()]


def chart_of(patient: Patient, recorded: Iterable[Recorded]) -> Chart:
    """The patient's assessments, declines and deferrals as the rules see them today.

    What was declined is offered again after the clinic's own months.
    """
    recorded = list(recorded)
    declines = [each.data for each in recorded if each.kind == "decline"]
    months = {data["topic"]: data[MONTHS] for data in declines if data[MONTHS]}
    events = [event for each in recorded if not each.is_voided and (event := _event(each))]
    facts = PatientFacts(
        enrolled_on=patient.enrolled_on,
        diagnosed_on=patient.diagnosed_on,
        onset_region=patient.onset_region,
        baseline_weight_g=patient.baseline_weight_g,
        events=sorted(events, key=lambda event: event.entry),
        absent=patient.clinic.absent,
    )
    return Chart.known_on(facts, patient.clinic.today(), replace(DEFAULTS, reoffer_months=months))


_EVENTS = {
    "decline": "decline",
    "withdrawal": "withdraw_decline",
    "deferral": "deferral",
    "deferral_end": "withdraw_deferral",
}


def _event(each: Recorded) -> Event | None:
    data: Mapping[str, Any] = each.data
    if each.kind == "assessment":
        kind = data["kind"]
        data = event_data(kind, data["findings"], data["schema_version"])
    elif each.kind in _EVENTS:
        kind = _EVENTS[each.kind]
        data = {name: value for name, value in data.items() if name != MONTHS}
    else:
        return None
    return Event(str(each.fact_id), kind, each.on, each.recorded_on, each.entry, data)


def _loaded(data: Any) -> Any:
    return orjson.loads(data) if isinstance(data, str) else data
