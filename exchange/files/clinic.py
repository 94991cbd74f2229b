"""The files of a clinic's records, in the order they are read."""

from collections.abc import Mapping
from typing import Any

from assessments.kind import Kind
from assessments.models import Assessment
from assessments.registry import kinds
from assessments.specs import Choice, Flag, Quantity, Score, Spec, Text
from equipment.models import (
    ContactWith,
    EquipmentRequest,
    EquipmentStatusChange,
    Loaner,
    Stage,
    VendorContact,
)
from exchange.files.cells import Amount, Cell, Code, Day, Points, Words, YesNo
from exchange.files.table import (
    EXTERNAL_ID,
    NOTE,
    ORDER,
    PATIENT,
    RECORDED_ON,
    Column,
    Table,
    about_a_parent,
    about_a_patient,
)
from pathway import catalogue
from patients.models import (
    CareTeamAssignment,
    Decline,
    DeclineWithdrawal,
    Deferral,
    DeferralEnd,
    DeferralReason,
    OnsetRegion,
    Patient,
    PatientStatusChange,
    Status,
)
from referrals.models import Referral, ReferralStatus, ReferralStatusChange

WEIGHT = Quantity("Weight", "kg", low=20, high=250, per_unit=1000)
HEIGHT = Quantity("Height", "cm", low=90, high=230)

_DISCIPLINE = Code(catalogue.DISCIPLINES)
_TOPIC = Code(
    {code: topic.name for code, topic in catalogue.TOPICS.items() if ":" not in code}
    | {code: f"{topic.name} (seat)" for code, topic in catalogue.TOPICS.items() if ":" in code}
)


def _text(name: str, says: str, model: Any = Patient, *, required: bool = False, path: str = "") -> Column:
    """A text column as long as the model's own."""
    longest = model._meta.get_field(path or name).max_length
    return Column(name, Words(longest), says, required=required, path=path)


PATIENTS = "patients.csv"
PATIENT_COLUMNS: tuple[Column, ...] = (
    EXTERNAL_ID,
    _text("mrn", "medical record number, unique in the clinic", required=True),
    _text("given_name", "given name", required=True),
    _text("family_name", "family name", required=True),
    Column("birth_on", Day(), "date of birth", required=True),
    Column("enrolled_on", Day(), "first seen in this clinic", required=True),
    Column("onset_region", Code(dict(OnsetRegion.choices)), "where the disease began", default="unknown"),
    Column("onset_on", Day(), "first symptoms"),
    Column("diagnosed_on", Day(), "day of the diagnosis"),
    Column("baseline_weight_kg", Amount(WEIGHT), "weight before the disease", path="baseline_weight_g"),
    Column("height_cm", Amount(HEIGHT), "height"),
    _text("phone", "phone"),
    _text("caregiver_name", "caregiver"),
    _text("caregiver_phone", "caregiver’s phone"),
    _text("payer", "payer"),
    _text("interpreter", "language, if an interpreter is needed"),
    _text("communication_needs", "how the person communicates"),
)

_CARE_TEAM = (
    EXTERNAL_ID,
    PATIENT,
    Column("discipline", _DISCIPLINE, "whose seat", path="discipline_id", required=True),
    Column("member", Words(254), "email of a member of the clinic", path="member__email"),
    _text("outside_provider", "name, if nobody of the clinic", CareTeamAssignment),
    Column("date", Day(), "first day in the seat; may lie ahead", path="happened_on", required=True),
    Column("until", Day(), "day the seat was left", path="ended_on", compared=False),
    Column(
        "until_recorded_on",
        Day(),
        "the day that was recorded; empty: the day of the import",
        path="ended_recorded_on",
        compared=False,
    ),
    NOTE,
    RECORDED_ON,
    ORDER,
)

_EQUIPMENT = about_a_patient(
    Column("item", Code({code: item.name for code, item in catalogue.ITEMS.items()}), "what was asked for",
           path="item_id", required=True),
    _text("detail", "model, size, side", EquipmentRequest),
    Column("requested_by", _DISCIPLINE, "who asked; empty: as usual for the item", path="requested_by_id",
           as_usual=True),
    Column("ordered_by", _DISCIPLINE, "who signs the order; empty: neurology", path="ordered_by_id",
           as_usual=True),
    Column("fitted_by", _DISCIPLINE, "who fits it; empty: as usual for the item", path="fitted_by_id",
           as_usual=True),
    Column("payer", Words(150), "who is asked to pay; new names are added", path="payer__name",
           compared=False),
    Column("vendor", Words(150), "who delivers; new names are added", path="vendor__name", compared=False),
    Column("backup_rate", YesNo(), "backup rate confirmed (BPAP)"),
    _text("qualifying_test", "the test that qualifies", EquipmentRequest),
)  # fmt: skip

_REQUEST = ("request", "`external_id` of the row in equipment.csv")
_REFERRAL = ("referral", "`external_id` of the row in referrals.csv")
_STAGES = dict(Stage.choices)
_UPDATES = {code: label for code, label in ReferralStatus.choices if code != ReferralStatus.SENT}


def _of_people() -> tuple[Table, ...]:
    return (
        Table("status_changes.csv", "Hospice, discharge, death, return to active care.", "status_change",
              PatientStatusChange, about_a_patient(
                  Column("status", Code(dict(Status.choices)), "status from that day", required=True))),
        Table("care_team.csv", "Who sits in which discipline’s seat.", "team_assign", CareTeamAssignment,
              _CARE_TEAM),
        Table("declines.csv", "What the person declined, or prefers not to have at this time.", "decline",
              Decline, about_a_patient(
                  Column("topic", _TOPIC, "what was declined", required=True),
                  Column("reoffer_on", Day(), "offer again on; empty: after the usual interval"),
                  Column("permanent", YesNo(), "do not offer again; empty: no", default=False))),
        Table("decline_withdrawals.csv", "The person changed their mind about a decline.",
              "withdraw_decline", DeclineWithdrawal, about_a_patient(
                  Column("topic", _TOPIC, "what had been declined", required=True))),
        Table("deferrals.csv", "Work that waits although nobody declined it.", "deferral", Deferral,
              about_a_patient(
                  Column("topic", _TOPIC, "what waits", required=True),
                  Column("until", Day(), "until when", required=True),
                  Column("reason", Code(dict(DeferralReason.choices)), "why", required=True))),
        Table("deferral_ends.csv", "Work that waits no longer, ended before its day.",
              "withdraw_deferral", DeferralEnd, about_a_patient(
                  Column("topic", _TOPIC, "what had been deferred", required=True))),
    )  # fmt: skip


def _of_referrals() -> tuple[Table, ...]:
    return (
        Table("referrals.csv", "Referrals, on the day they were placed.", "referral", Referral,
              about_a_patient(
                  Column("discipline", _DISCIPLINE, "referred to", path="discipline_id", required=True),
                  _text("provider", "to whom", Referral),
                  _text("reason", "why", Referral), elsewhere=True)),
        Table("referral_updates.csv", "What became of a referral.", "referral_update", ReferralStatusChange,
              about_a_parent(*_REFERRAL,
                             Column("status", Code(_UPDATES), "what happened", required=True),
                             Column("appointment_on", Day(), "day of the appointment; only for scheduled",
                                    only_if=("status", "scheduled")),
                             Column("reason", Words(300), "why; only for cancelled", as_usual=True,
                                    only_if=("status", "cancelled"))),
              parent=("referrals.csv", "referral")),
    )  # fmt: skip


def _of_equipment() -> tuple[Table, ...]:
    parent = ("equipment.csv", "request")
    return (
        Table("equipment.csv", "Equipment and services asked for.", "equipment_request", EquipmentRequest,
              _EQUIPMENT),
        Table("equipment_updates.csv", "Each stage a request reached.", "equipment_status",
              EquipmentStatusChange, about_a_parent(*_REQUEST,
                  Column("status", Code(_STAGES), "stage", required=True),
                  Column("reason", Words(300), "why; denied, cancelled or transferred", as_usual=True),
                  _text("reference", "reference number", EquipmentStatusChange)), parent=parent),
        Table("equipment_calls.csv", "Calls about a request.", "equipment_contact", VendorContact,
              about_a_parent(*_REQUEST,
                  Column("contact_with", Code(dict(ContactWith.choices)), "with whom; empty: the vendor",
                         default="vendor"),
                  _text("person", "spoke with", VendorContact),
                  _text("reference", "reference number", VendorContact),
                  Column("next_call_on", Day(), "call again on")), parent=parent),
        Table("equipment_loans.csv", "What was lent meanwhile.", "loaner_provided", Loaner,
              about_a_parent(*_REQUEST,
                  _text("item_lent", "what was lent", Loaner, required=True),
                  _text("serial_number", "serial number", Loaner),
                  Column("due_back_on", Day(), "due back"),
                  Column("returned_on", Day(), "came back", compared=False)), parent=parent),
    )  # fmt: skip


def _of_assessments(kind: Kind) -> Table:
    """The file of a kind of assessment, from the kind's own findings."""
    columns = tuple(_finding(name, spec) for name, spec in kind.findings.specs().items())
    return Table(
        f"{kind.code}.csv",
        f"{kind.label}.",
        kind.code,
        Assessment,
        about_a_patient(*columns, elsewhere=True),
        kind=kind.code,
        findings=frozenset(column.name for column in columns),
    )


def _finding(name: str, spec: Spec) -> Column:
    stem = name.removesuffix("_g") if isinstance(spec, Quantity) and spec.per_unit > 1 else ""
    column = f"{stem}_{spec.unit}" if stem and isinstance(spec, Quantity) else name
    return Column(column, _cell(spec), str(spec.label), path=name)


def _cell(spec: Spec) -> Cell:
    match spec:
        case Quantity():
            return Amount(spec)
        case Score():
            return Points(spec)
        case Flag():
            return YesNo()
        case Choice():
            return Code(spec.choices)
        case Text():
            return Words(spec.longest)
    raise TypeError(f"No cell holds a {type(spec).__name__}.")


TABLES: tuple[Table, ...] = (
    *_of_people(),
    *(_of_assessments(kind) for kind in kinds().values()),
    *_of_referrals(),
    *_of_equipment(),
)
BY_FILE: Mapping[str, Table] = {table.file: table for table in TABLES}
FILES = (PATIENTS, *BY_FILE)
