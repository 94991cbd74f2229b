"""The catalogue's fixed lists: disciplines, equipment, stages and topics of choice.

Other rooms seed their tables from here. Labels are message ids: translate them where
they are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pathway.words import gettext_noop as _

NEUROLOGY = "neurology"
PULMONOLOGY = "pulmonology"
GASTROENTEROLOGY = "gastroenterology"
SPEECH_LANGUAGE_PATHOLOGY = "speech_language_pathology"
NUTRITION = "nutrition"
PHYSICAL_THERAPY = "physical_therapy"
OCCUPATIONAL_THERAPY = "occupational_therapy"
SOCIAL_WORK = "social_work"
PALLIATIVE_CARE = "palliative_care"

DISCIPLINES: Mapping[str, str] = {
    NEUROLOGY: _("Neurology"),
    PULMONOLOGY: _("Pulmonology"),
    GASTROENTEROLOGY: _("Gastroenterology"),
    SPEECH_LANGUAGE_PATHOLOGY: _("Speech-language pathology"),
    NUTRITION: _("Nutrition"),
    PHYSICAL_THERAPY: _("Physical therapy"),
    OCCUPATIONAL_THERAPY: _("Occupational therapy"),
    SOCIAL_WORK: _("Social work"),
    PALLIATIVE_CARE: _("Palliative care"),
}
"""The nine disciplines every clinic starts with, in the order they are shown."""

ONSET_REGIONS: Mapping[str, str] = {
    "bulbar": _("Bulbar"),
    "upper_limb": _("Upper limb"),
    "lower_limb": _("Lower limb"),
    "trunk": _("Trunk"),
    "respiratory": _("Respiratory"),
    "unknown": _("Not known"),
}


class PatientStatus(StrEnum):
    """Where a person stands with the clinic; rules say in which of these they apply."""

    ACTIVE = "active"
    HOSPICE = "hospice"
    DISCHARGED = "discharged"
    DECEASED = "deceased"


PATIENT_STATUSES: Mapping[PatientStatus, str] = {
    PatientStatus.ACTIVE: _("Active"),
    PatientStatus.HOSPICE: _("Hospice"),
    PatientStatus.DISCHARGED: _("Discharged"),
    PatientStatus.DECEASED: _("Died"),
}


RILUZOLE = "riluzole"
EDARAVONE = "edaravone"


class RequestKind(StrEnum):
    """Equipment and services travel the same stages."""

    EQUIPMENT = "equipment"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Item:
    """A kind of equipment or service that can be requested.

    ``requested_by`` and ``fitted_by`` are the disciplines that usually ask for it and
    fit it. ``breathing`` items are critical when they are late.
    """

    code: str
    name: str
    requested_by: str
    fitted_by: str
    breathing: bool = False
    kind: RequestKind = RequestKind.EQUIPMENT


def _items() -> tuple[Item, ...]:
    pt, ot, slp = PHYSICAL_THERAPY, OCCUPATIONAL_THERAPY, SPEECH_LANGUAGE_PATHOLOGY
    service = RequestKind.SERVICE
    return (
        Item("cane", _("Cane"), pt, pt),
        Item("walker", _("Walker or rollator"), pt, pt),
        Item("ankle_foot_orthosis", _("Ankle-foot orthosis"), pt, pt),
        Item("manual_wheelchair", _("Manual wheelchair"), pt, pt),
        Item("transport_chair", _("Transport chair"), pt, pt),
        Item("power_wheelchair", _("Power wheelchair"), pt, pt),
        Item("cushion", _("Wheelchair cushion"), pt, pt),
        Item("ramp", _("Ramp"), ot, ot),
        Item("patient_lift", _("Patient lift"), pt, pt),
        Item("slide_board", _("Slide board"), pt, pt),
        Item("gait_belt", _("Gait belt"), pt, pt),
        Item("hospital_bed", _("Hospital bed"), ot, ot),
        Item("pressure_mattress", _("Pressure mattress"), ot, ot),
        Item("commode", _("Commode"), ot, ot),
        Item("shower_chair", _("Shower chair or tub bench"), ot, ot),
        Item("lift_chair", _("Lift chair"), ot, ot),
        Item("bpap", _("BPAP or ventilator"), PULMONOLOGY, PULMONOLOGY, breathing=True),
        Item("cough_assist", _("Cough assist"), PULMONOLOGY, PULMONOLOGY, breathing=True),
        Item("suction", _("Suction machine"), PULMONOLOGY, PULMONOLOGY, breathing=True),
        Item("oximeter", _("Oximeter"), PULMONOLOGY, PULMONOLOGY),
        Item("feeding_pump", _("Feeding pump and supplies"), NUTRITION, NUTRITION),
        Item("aac_device", _("Speech-generating device"), slp, slp),
        Item("voice_banking", _("Voice banking"), slp, slp),
        Item("device_mount", _("Phone or tablet mount"), ot, ot),
        Item("call_chime", _("Call chime"), ot, ot),
        Item("environmental_control", _("Environmental control"), ot, ot),
        Item("home_modification", _("Home modification"), ot, ot, kind=service),
        Item("home_health", _("Home health"), SOCIAL_WORK, SOCIAL_WORK, kind=service),
        Item("infusion_service", _("Infusion service"), NEUROLOGY, NEUROLOGY, kind=service),
    )


ITEMS: Mapping[str, Item] = {item.code: item for item in _items()}


class Stage(StrEnum):
    """Where an equipment request stands, in the usual order."""

    REQUESTED = "requested"
    DOCUMENTED = "documented"
    SUBMITTED = "submitted"
    DENIED = "denied"
    APPEALED = "appealed"
    APPROVED = "approved"
    ORDERED = "ordered"
    DELIVERED = "delivered"
    IN_USE = "in_use"
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"


STAGES: Mapping[Stage, str] = {
    Stage.REQUESTED: _("Requested"),
    Stage.DOCUMENTED: _("Documented"),
    Stage.SUBMITTED: _("Submitted"),
    Stage.DENIED: _("Denied"),
    Stage.APPEALED: _("Appealed"),
    Stage.APPROVED: _("Approved"),
    Stage.ORDERED: _("Ordered"),
    Stage.DELIVERED: _("Delivered"),
    Stage.IN_USE: _("In use"),
    Stage.CANCELLED: _("Cancelled"),
    Stage.TRANSFERRED: _("Transferred"),
}

TERMINAL_STAGES = frozenset({Stage.IN_USE, Stage.CANCELLED, Stage.TRANSFERRED})


class ReferralStatus(StrEnum):
    """What a referral's updates say; before the first it is merely sent."""

    SCHEDULED = "scheduled"
    SEEN = "seen"
    CANCELLED = "cancelled"


REFERRAL_STATUSES: Mapping[ReferralStatus, str] = {
    ReferralStatus.SCHEDULED: _("Scheduled"),
    ReferralStatus.SEEN: _("Seen"),
    ReferralStatus.CANCELLED: _("Cancelled"),
}


@dataclass(frozen=True, slots=True)
class Topic:
    """Something a person may decline; offered again after ``reoffer_months``."""

    code: str
    name: str
    reoffer_months: int


def _topics() -> tuple[Topic, ...]:
    seats = (Topic(f"discipline:{code}", name, 6) for code, name in DISCIPLINES.items())
    return (
        Topic("mdt_visit", _("Clinic visits"), 3),
        Topic("lft", _("Riluzole liver tests"), 1),
        Topic("resp_testing", _("Respiratory testing"), 3),
        Topic("niv", _("Non-invasive ventilation"), 3),
        Topic("cognitive_screen", _("Cognitive screen"), 6),
        Topic("nutrition_review", _("Nutrition review"), 3),
        Topic("swallow_screen", _("Swallow screen"), 3),
        Topic("vfss", _("Swallow study"), 3),
        Topic("dysphagia_plan", _("Diet measures"), 3),
        Topic("gastrostomy", _("Gastrostomy"), 3),
        Topic("sialorrhea", _("Saliva treatment"), 3),
        Topic("palliative", _("Palliative care"), 3),
        Topic("eol_discussion", _("End-of-life discussion"), 3),
        *seats,
    )


TOPICS: Mapping[str, Topic] = {topic.code: topic for topic in _topics()}
"""Topics of a decline or a deferral. Which rules a topic silences is said by the rules."""
