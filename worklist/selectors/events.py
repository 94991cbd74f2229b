"""Everything recorded about a batch of patients, as the events the rules read.

One query for any number of patients: each source below is one kind of fact, and
all are read as plain tuples, since model instances were the cost of recalculating. Whoever
has a seat is looked for in the patients' clinics alone, however many there are.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import orjson

from assessments.registry import event_data, kinds
from pathway.facts import Event, PatientFacts
from patients.models import Patient
from teams.cursors import planned_once

SOURCES = (
    """SELECT patient_id, id, 'status_change', happened_on, recorded_on, entry,
              jsonb_build_object('status', status, 'recorded_at', recorded_at)
       FROM patients_patientstatuschange WHERE {standing}""",
    """SELECT a.patient_id, a.id, 'team_assign', a.happened_on, a.recorded_on, a.entry,
              jsonb_build_object('discipline', a.discipline_id, 'member', u.id)
       FROM patients_careteamassignment a
       LEFT JOIN (teams_membership m JOIN teams_user u ON u.id = m.user_id AND u.is_active)
         ON u.id = a.member_id AND m.is_active AND m.role <> 'admin'
         AND m.clinic_id = ANY(%(clinics)s)
         AND m.clinic_id = (SELECT clinic_id FROM patients_patient p WHERE p.id = a.patient_id)
       WHERE {standing}""",
    """SELECT patient_id, id, 'team_unassign', ended_on, ended_recorded_on, ended_entry,
              jsonb_build_object('discipline', discipline_id, 'assignment', id)
       FROM patients_careteamassignment WHERE {standing} AND ended_on IS NOT NULL""",
    """SELECT patient_id, id, 'decline', happened_on, recorded_on, entry,
              jsonb_build_object('topic', topic, 'reoffer_on', reoffer_on, 'permanent', permanent)
       FROM patients_decline WHERE {standing}""",
    """SELECT patient_id, id, 'withdraw_decline', happened_on, recorded_on, entry,
              jsonb_build_object('topic', topic)
       FROM patients_declinewithdrawal WHERE {standing}""",
    """SELECT patient_id, id, 'deferral', happened_on, recorded_on, entry,
              jsonb_build_object('topic', topic, 'until', until, 'reason', reason)
       FROM patients_deferral WHERE {standing}""",
    """SELECT patient_id, id, 'withdraw_deferral', happened_on, recorded_on, entry,
              jsonb_build_object('topic', topic)
       FROM patients_deferralend WHERE {standing}""",
    """SELECT patient_id, id, kind, happened_on, recorded_on, entry,
              jsonb_build_object('findings', findings, 'schema_version', schema_version)
       FROM assessments_assessment WHERE {standing}""",
    """SELECT r.patient_id, r.id, 'referral', r.happened_on, r.recorded_on, r.entry,
              jsonb_build_object('id', r.id, 'discipline', r.discipline_id, 'placed_by', u.id)
       FROM referrals_referral r
       LEFT JOIN (teams_membership m JOIN teams_user u ON u.id = m.user_id AND u.is_active)
         ON u.id = r.placed_by_id AND m.is_active AND m.role <> 'admin'
         AND m.clinic_id = ANY(%(clinics)s)
         AND m.clinic_id = (SELECT clinic_id FROM patients_patient p WHERE p.id = r.patient_id)
       WHERE {standing}""",
    """SELECT patient_id, id, 'referral_update', happened_on, recorded_on, entry,
              jsonb_build_object('id', referral_id, 'status', status, 'appointment_on', appointment_on)
       FROM referrals_referralstatuschange WHERE {standing}""",
    """SELECT r.patient_id, r.id, 'equipment_request', r.happened_on, r.recorded_on, r.entry,
              jsonb_build_object('id', r.id, 'item', r.item_id, 'item_name', i.name,
                'breathing', i.is_breathing, 'backup_rate', r.backup_rate,
                'requested_by', r.requested_by_id, 'ordered_by', r.ordered_by_id,
                'fitted_by', r.fitted_by_id)
       FROM equipment_equipmentrequest r JOIN equipment_equipmentitem i ON i.code = r.item_id
       WHERE {standing}""",
    """SELECT patient_id, id, 'equipment_status', happened_on, recorded_on, entry,
              jsonb_build_object('id', request_id, 'status', status)
       FROM equipment_equipmentstatuschange WHERE {standing}""",
)

_SQL = (
    "SELECT patient_id, id::text, kind, happened_on, recorded_on, entry, data FROM ("
    + " UNION ALL ".join(
        source.format(
            standing="patient_id = ANY(%(patients)s) AND (voided_at IS NULL OR voided_on > %(as_of)s::date)"
        )
        for source in SOURCES
    )
    + ") AS event (patient_id, id, kind, happened_on, recorded_on, entry, data) ORDER BY patient_id, entry"
)


def facts_of(patients: Sequence[Patient], *, as_of: date | None = None) -> dict[UUID, PatientFacts]:
    """What stands recorded about each patient; voided facts are left out.

    ``as_of`` is a day gone by, on which facts marked entered in error since still stood.
    """
    events = _events_of(patients, as_of)
    return {
        patient.pk: PatientFacts(
            enrolled_on=patient.enrolled_on,
            diagnosed_on=patient.diagnosed_on,
            onset_region=patient.onset_region,
            baseline_weight_g=patient.baseline_weight_g,
            events=events.get(patient.pk, []),
            absent=patient.clinic.absent,
        )
        for patient in patients
    }


def _events_of(patients: Sequence[Patient], as_of: date | None) -> dict[UUID, list[Event]]:
    asked = {
        "patients": [patient.pk for patient in patients],
        "clinics": list({patient.clinic_id for patient in patients}),
        "as_of": as_of,
    }
    with planned_once() as cursor:
        cursor.execute(_SQL, asked)
        rows = cursor.fetchall()
    return {
        patient_id: [_event(row) for row in of_patient]
        for patient_id, of_patient in groupby(rows, key=itemgetter(0))
    }


def _event(row: tuple[Any, ...]) -> Event:
    _patient, fact_id, kind, on, recorded_on, entry, data = row
    data = orjson.loads(data) if isinstance(data, str) else data
    if kind in kinds():
        data = event_data(kind, data["findings"], data["schema_version"])
    return Event(fact_id, kind, on, recorded_on, entry, data)
