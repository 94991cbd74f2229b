"""Every kind of assessment is complete, and says the same to people and to the rules."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template

from assessments.findings import Background, Earlier, Findings
from assessments.groups import GROUPS
from assessments.kind import Kind, NewerFindingsError
from assessments.kinds.nutrition_review import NutritionReview
from assessments.kinds.respiratory_assessment import RespiratoryAssessment
from assessments.kinds.swallow_screen import SwallowScreen
from assessments.registry import by_code, event_data, kinds
from pages.templatetags.icons import icon

every_kind = pytest.mark.parametrize("kind", kinds().values(), ids=kinds())


def test_the_kinds_are_those_of_the_catalogue() -> None:
    assert list(kinds()) == [
        "advance_directive",
        "alsfrs_r",
        "aspiration_pneumonia",
        "backup_override",
        "bulbar_status",
        "clinic_visit",
        "cognitive_screen",
        "cycle_start",
        "dysphagia_plan",
        "eol_discussion",
        "eol_trigger",
        "gastrostomy_cancelled",
        "gastrostomy_decision",
        "gastrostomy_placed",
        "gastrostomy_plan_review",
        "lft",
        "med_start",
        "med_stop",
        "niv_adherence_review",
        "niv_device_update",
        "niv_start",
        "niv_stop",
        "nutrition_review",
        "pregnancy",
        "prescriber_decision",
        "resp_assessment",
        "safety_plan",
        "sialorrhea",
        "sialorrhea_response",
        "sialorrhea_treatment",
        "swallow_screen",
        "tracheostomy",
        "vfss",
        "weight_trigger_on",
    ]


def test_a_code_used_twice_is_refused() -> None:
    kind = kinds()["nutrition_review"]

    with pytest.raises(ValueError, match="Two kinds of assessment are called nutrition_review"):
        by_code([kind, kind])


@every_kind
def test_a_kind_has_all_its_pieces(kind: Kind) -> None:
    assert all((kind.label, kind.verb, kind.logged, kind.date_label, kind.source))
    assert kind.form.findings_class is kind.findings
    assert kind.findings.specs(), "a kind without findings records nothing"
    assert sorted(kind.upgrades) == list(range(1, kind.schema_version)), "an upgrade is missing"
    assert "<svg" in icon(kind.icon)
    assert kind.group in GROUPS
    for told in ("summary", "event_data", "from_event_data"):
        assert getattr(kind.findings, told) is not getattr(Findings, told), f"{told} is missing"


@every_kind
def test_findings_of_a_later_version_are_refused(kind: Kind) -> None:
    """Read as if they were today's they could mean something else."""
    later = kind.schema_version + 1

    with pytest.raises(NewerFindingsError, match=f"{kind.code} was stored with schema version {later};"):
        kind.load({}, later)


@every_kind
def test_nothing_answered_is_recorded_and_summed_up(kind: Kind) -> None:
    empty = kind.findings.checked({})

    assert empty.answers() == {}
    assert empty.summary()


@pytest.mark.parametrize(
    ("kind", "values", "summary", "told"),
    [
        (
            "nutrition_review",
            {"weight_g": 64_900, "intake": "mouth"},
            "64.9\xa0kg, by mouth",
            {"weight_kg": 64.9, "weight_unobtainable": False},
        ),
        (
            "nutrition_review",
            {"weight_unobtainable": True, "weight_unobtainable_reason": "Cannot stand"},
            "weight could not be measured (Cannot stand)",
            {"weight_kg": None, "weight_unobtainable": True},
        ),
        (
            "nutrition_review",
            {"weight_unobtainable": True},
            "weight could not be measured",
            {"weight_kg": None, "weight_unobtainable": False},
        ),
        ("nutrition_review", {}, "no weight", {"weight_kg": None, "weight_unobtainable": False}),
        (
            "resp_assessment",
            {"fvc_pct": 58, "mip": 45, "symptoms": False, "sleep_disordered_breathing": True},
            "FVC 58%, MIP 45\xa0cmH2O, no symptoms, sleep-disordered breathing",
            {"fvc_pct": 58, "symptoms": False, "sdb": True},
        ),
        (
            "resp_assessment",
            {"symptoms": True},
            "no FVC, symptoms",
            {"fvc_pct": None, "symptoms": True, "sdb": False},
        ),
        (
            "resp_assessment",
            {"fvc_unobtainable": True, "fvc_unobtainable_reason": "Mask leaks", "symptoms": False},
            "FVC could not be measured (Mask leaks), no symptoms",
            {"fvc_pct": None, "symptoms": False, "sdb": False},
        ),
        (
            "resp_assessment",
            {"fvc_unobtainable": True},
            "FVC could not be measured",
            {"fvc_pct": None, "symptoms": False, "sdb": False},
        ),
        ("resp_assessment", {}, "no FVC", {"fvc_pct": None, "symptoms": False, "sdb": False}),
        ("bulbar_status", {"impaired": True}, "impaired", {"impaired": True}),
        ("bulbar_status", {}, "not answered", {}),
        ("swallow_screen", {"positive": False, "tool": "eat_10"}, "negative, EAT-10", {"positive": False}),
        ("swallow_screen", {"tool": "water"}, "no result, Water swallow test", {}),
    ],
)
def test_findings_are_told_in_one_line_and_to_the_rules(
    kind: str, values: dict[str, Any], summary: str, told: dict[str, Any]
) -> None:
    found = kinds()[kind].findings.checked(values)

    assert found.summary() == summary
    assert event_data(kind, found.answers(), kinds()[kind].schema_version) == told


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("nutrition_review", {"weight_kg": 64.9, "weight_unobtainable": False}),
        ("nutrition_review", {"weight_kg": None, "weight_unobtainable": True}),
        ("nutrition_review", {"weight_kg": None, "weight_unobtainable": False}),
        ("resp_assessment", {"fvc_pct": 49.5, "symptoms": True, "sdb": False}),
        ("resp_assessment", {"fvc_pct": None, "symptoms": False, "sdb": True}),
        ("bulbar_status", {"impaired": False}),
        ("swallow_screen", {"positive": True}),
    ],
)
def test_findings_come_back_from_what_the_rules_read(kind: str, told: dict[str, Any]) -> None:
    assert kinds()[kind].findings.from_event_data(told).event_data() == told


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"weight_g": 631_000}, "631\xa0kg is above the 250\xa0kg this form accepts. Did you mean 63.1?"),
        ({"weight_g": 6_310}, "6.31\xa0kg is below the 20\xa0kg this form accepts. Did you mean 63.1?"),
        (
            {"weight_g": 63_100_000},
            "63100\xa0kg is above the 250\xa0kg this form accepts. Did you mean 63.1?",
        ),
        ({"weight_g": -63_100}, "-63.1\xa0kg is below the 20\xa0kg this form accepts. Did you mean 63.1?"),
        ({"weight_g": "heavy"}, "heavy is not a number. Enter figures only, such as 67.0."),
        ({"weight_g": True}, "True is not a number. Enter figures only, such as 67.0."),
        ({"weight_g": float("nan")}, "nan is not a number. Enter figures only, such as 67.0."),
        ({"intake": "drip"}, "drip is not one of: mouth, mouth_and_tube, tube."),
        ({"intake": ["mouth"]}, "['mouth'] is not one of: mouth, mouth_and_tube, tube."),
        ({"weight_unobtainable": "maybe"}, "maybe is neither yes nor no."),
        ({"weight_unobtainable_reason": "x" * 201}, "This is 201 characters long. Shorten it to 200."),
        ({"weight_unobtainable_reason": 7}, "7 is not a text."),
    ],
)
def test_a_wrong_value_is_named_with_how_to_mend_it(values: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError) as refused:
        NutritionReview.checked(values)

    (name,) = values
    assert refused.value.message_dict == {name: [problem]}


@pytest.mark.parametrize("weight_g", [20_000, 250_000])
def test_the_limits_themselves_are_accepted(weight_g: int) -> None:
    assert NutritionReview.checked({"weight_g": weight_g}).weight_g == weight_g


def test_an_unknown_finding_is_refused_by_name() -> None:
    with pytest.raises(ValidationError) as refused:
        SwallowScreen.checked({"postive": True})

    assert refused.value.message_dict == {"postive": ["postive is not recorded here. Known: positive, tool."]}


def test_a_weight_that_could_not_be_measured_is_a_contradiction() -> None:
    with pytest.raises(ValidationError, match="not both"):
        NutritionReview.checked({"weight_g": 64_900, "weight_unobtainable": True})


def test_body_mass_index_and_weight_loss_are_worked_out() -> None:
    before = [
        Earlier(date(2026, 1, 4), NutritionReview()),
        Earlier(date(2025, 11, 30), NutritionReview(weight_g=64_900)),
        Earlier(date(2025, 8, 1), NutritionReview(weight_g=66_800, height_cm=170)),
    ]
    background = Background(height_cm=168, baseline_weight_g=68_000, earlier=before)

    computed = NutritionReview(weight_g=63_100).computed(background)

    assert [tuple(each) for each in computed] == [
        ("BMI", "22.4"),
        ("Since last review", "\u22121.8\xa0kg (\u22122.8%)"),
        ("Since baseline 68.0\xa0kg", "\u22124.9\xa0kg (\u22127.2%)"),
    ]
    assert NutritionReview().last(background) == "64.9\xa0kg on 30 Nov 2025"


def test_without_a_recorded_baseline_loss_counts_from_the_first_weight() -> None:
    before = [
        Earlier(date(2025, 11, 30), NutritionReview(weight_g=80_000)),
        Earlier(date(2025, 8, 1), NutritionReview(weight_g=82_000)),
    ]

    computed = NutritionReview(weight_g=80_000).computed(Background(earlier=before))

    assert [tuple(each) for each in computed] == [
        ("Since last review", "0.0\xa0kg (0.0%)"),
        ("Since baseline 82.0\xa0kg", "\u22122.0\xa0kg (\u22122.4%)"),
    ]


def test_fvc_is_compared_with_the_last_one_measured() -> None:
    before = [
        Earlier(date(2026, 2, 26), RespiratoryAssessment(symptoms=True)),
        Earlier(date(2025, 11, 30), RespiratoryAssessment(fvc_pct=71)),
    ]
    background = Background(earlier=before)

    (computed,) = RespiratoryAssessment(fvc_pct=58).computed(background)

    assert tuple(computed) == ("FVC since 30 Nov 2025", "\u221213")
    assert RespiratoryAssessment().last(background) == "71% on 30 Nov 2025"


def test_a_template_can_read_a_computed_value() -> None:
    (bmi,) = NutritionReview(weight_g=80_000).computed(Background(height_cm=200))

    shown = Template("{{ value.label }} {{ value.value }}").render(Context({"value": bmi}))

    assert shown == "BMI 20.0"
