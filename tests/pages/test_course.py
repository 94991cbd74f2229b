"""The charts of the patient page: what they are drawn from, and how they are drawn."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alerts.services.sweep import sweep
from assessments.services import log_assessment
from pages.present.course import course_of
from pages.rows import Course, CourseChart, CoursePoint, Lapse, Milestone, Threshold
from pages.templatetags.courses import apart, course_chart, month_ticks
from pathway import clock
from pathway.settings import ClinicSettings, RuleSetting
from patients.models import Patient
from patients.services import mark_entered_in_error
from tests.factories import a_clinic, a_member, a_patient
from tests.pages.patient_page import MORNING, SCORES
from worklist.selectors.recorded import chart_of, recorded_about
from worklist.selectors.tasks import tasks_of_patient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(MORNING):
        yield


@pytest.fixture
def patient() -> Patient:
    return a_patient(a_clinic(), enrolled_on=date(2025, 10, 1), baseline_weight_g=68_000)


def log(patient: Patient, kind: str, on: str, findings: dict[str, Any], **fields: Any) -> Any:
    day = date.fromisoformat(on)
    return log_assessment(patient_id=patient.pk, user=None, kind=kind, findings=findings, on=day, **fields)


def course(patient: Patient, settings: ClinicSettings | None = None) -> Course | None:
    recorded = recorded_about(patient)
    tasks = list(tasks_of_patient(patient=patient))
    return course_of(chart_of(patient, recorded), recorded, tasks, settings or ClinicSettings())


def charts(patient: Patient, settings: ClinicSettings | None = None) -> dict[str, CourseChart]:
    found = course(patient, settings)
    assert found is not None
    return {chart.code: chart for chart in found.charts}


def test_there_is_no_course_before_anything_was_measured(patient: Patient) -> None:
    log(patient, "resp_assessment", "2026-04-01", {"symptoms": True})

    assert course(patient) is None


def test_measures_stand_in_order_with_what_was_measured_elsewhere(patient: Patient) -> None:
    log(patient, "resp_assessment", "2026-03-01", {"fvc_pct": 58})
    log(patient, "resp_assessment", "2025-12-01", {"fvc_pct": 71}, done_elsewhere="Lakeside")
    wrong = log(patient, "resp_assessment", "2026-03-02", {"fvc_pct": 85})
    mark_entered_in_error(fact=wrong, user=a_member(patient.clinic), reason="Digits swapped")
    log(patient, "nutrition_review", "2026-03-01", {"weight_g": 64_900})
    log(patient, "alsfrs_r", "2026-02-01", SCORES | {"walking": 4})
    log(patient, "alsfrs_r", "2026-04-02", SCORES)

    found = charts(patient)

    assert [(each.on, each.shown, each.elsewhere) for each in found["fvc"].points] == [
        (date(2025, 12, 1), "71%", True),
        (date(2026, 3, 1), "58%", False),
    ]
    assert [each.shown for each in found["weight"].points] == ["64.9\N{NO-BREAK SPACE}kg"]
    assert [each.shown for each in found["alsfrs-r"].points] == ["36", "34"]
    assert found["alsfrs-r"].aside == "−1.0 a month"
    assert found["fvc"].sentence == ("FVC: 2 measurements, from 71% on 1 Dec 2025 to 58% on 1 Mar 2026.")
    assert found["weight"].sentence == "Weight: 64.9\N{NO-BREAK SPACE}kg on 1 Mar 2026."


def test_all_charts_share_one_axis_of_time(patient: Patient) -> None:
    log(patient, "resp_assessment", "2025-12-01", {"fvc_pct": 71})
    log(patient, "nutrition_review", "2026-03-01", {"weight_g": 64_900})

    spans = {(chart.start, chart.today) for chart in charts(patient).values()}

    assert spans == {(date(2025, 10, 1), date(2026, 4, 14))}


def test_a_day_of_joining_long_before_does_not_squeeze_the_measures() -> None:
    patient = a_patient(a_clinic(), enrolled_on=date(2020, 1, 1))
    log(patient, "resp_assessment", "2026-01-01", {"fvc_pct": 71})

    found = course(patient)

    assert found is not None
    assert found.charts[0].start == date(2025, 10, 1)
    assert found.milestones == []


def test_limits_are_those_the_clinic_has_set(patient: Patient) -> None:
    log(patient, "resp_assessment", "2026-03-01", {"fvc_pct": 58})
    settings = ClinicSettings.of(
        {
            "NIV-TRIG": RuleSetting(parameters={"fvc_lt": 55}),
            "PEG-FVC30": RuleSetting(enabled=False),
            "PEG-DISC": RuleSetting(parameters={"weight_loss_pct_ge": 4}),
        }
    )

    as_shipped, as_set = charts(patient), charts(patient, settings)

    assert [(each.label, each.urgent) for each in as_shipped["fvc"].thresholds] == [
        ("80 with symptoms", False),
        ("60 plan a device", False),
        ("50 NIV criteria", True),
        ("30 gastrostomy plan", False),
    ]
    assert [each.label for each in as_set["fvc"].thresholds] == [
        "80 with symptoms",
        "60 plan a device",
        "55 NIV criteria",
    ]
    assert [(each.value, each.label, each.urgent) for each in as_shipped["weight"].thresholds] == [
        (68.0, "68.0 baseline", False),
        (pytest.approx(64.6), "−5% gastrostomy", True),
        (pytest.approx(61.2), "−10%", False),
    ]
    assert as_set["weight"].thresholds[1].label == "−4% gastrostomy"


def test_the_axis_of_weight_ends_on_round_values(patient: Patient) -> None:
    log(patient, "nutrition_review", "2026-03-01", {"weight_g": 64_900})

    weight = charts(patient)["weight"]

    assert (weight.low, weight.high, weight.step) == (60, 68, 2)


def test_events_that_matter_are_keyed_by_letter_in_their_order(patient: Patient) -> None:
    log(patient, "resp_assessment", "2025-12-01", {"fvc_pct": 71})
    log(patient, "swallow_screen", "2026-02-26", {"positive": True})
    log(patient, "swallow_screen", "2026-03-26", {"positive": True})
    log(patient, "gastrostomy_placed", "2026-04-01", {"technique": "peg"})
    log(patient, "med_start", "2026-01-05", {"drug": "riluzole"})

    found = course(patient)

    assert found is not None
    assert [(each.letter, each.label) for each in found.milestones] == [
        ("a", "Joined this clinic 1 Oct 2025"),
        ("b", "Riluzole started 5 Jan 2026"),
        ("c", "Positive swallow screen 26 Feb 2026"),
        ("d", "Gastrostomy placed 1 Apr 2026"),
    ]


def test_time_with_an_overdue_measurement_is_marked(patient: Patient) -> None:
    log(patient, "nutrition_review", "2025-12-20", {"weight_g": 64_900})
    sweep()

    found = charts(patient)

    assert found["weight"].lapse == Lapse(date(2026, 3, 21), date(2025, 12, 20), "115 days, no measurement")
    assert found["alsfrs-r"].lapse is None


def test_the_page_shows_charts_with_their_tables_and_no_style(patient: Patient) -> None:
    log(patient, "resp_assessment", "2025-12-01", {"fvc_pct": 71}, done_elsewhere="Lakeside")
    log(patient, "resp_assessment", "2026-03-01", {"fvc_pct": 58})
    client = Client()
    client.force_login(a_member(patient.clinic))

    page = client.get(reverse("pages:patient", args=[patient.pk])).content.decode()

    [section] = re.findall(r'<section class="al-section al-course".*?</section>', page, re.DOTALL)
    assert section.count("<svg") == 1
    assert section.count("Not measured yet.") == 2
    assert re.findall(r"<td>(.*?)</td>", section) == [
        "1 Dec 2025",
        '71% <span class="al-quiet">measured elsewhere</span>',
        "1 Mar 2026",
        "58%",
    ]
    assert "style=" not in section
    assert "<script" not in section


def drawn(**fields: Any) -> str:
    """A chart of a hundred days from 0 to 100, which is 146 units high, drawn."""
    plain: dict[str, Any] = {
        "code": "fvc",
        "name": "FVC",
        "unit": "%",
        "points": [],
        "start": date(2026, 1, 1),
        "today": date(2026, 4, 11),
        "low": 0,
        "high": 100,
        "step": 50,
        "sentence": "FVC: <58%>.",
    }
    return str(course_chart(CourseChart(**(plain | fields))))


def point(on: str, value: float) -> CoursePoint:
    return CoursePoint(date.fromisoformat(on), value, f"{value:g}", f"{value:g}%")


def test_points_lie_where_their_day_and_value_are() -> None:
    svg = drawn(points=[point("2026-01-01", 0), point("2026-02-20", 50), point("2026-04-11", 100)])

    assert 'points="34.0,176.0 146.0,103.0 258.0,30.0"' in svg
    assert 'aria-label="FVC: &lt;58%&gt;."' in svg


def test_only_the_first_and_the_last_of_many_values_are_written() -> None:
    few = [point(f"2026-01-{day:02}", day) for day in range(1, 6)]
    many = [point(f"2026-01-{day:02}", day) for day in range(1, 8)]

    def values(points: list[CoursePoint]) -> list[str]:
        return re.findall(r'class="al-course-(?:value|last)"[^>]*>([^<]*)<', drawn(points=points))

    assert values(few) == ["1", "2", "3", "4", "5%"]
    assert values(many) == ["1", "7%"]


def test_labels_of_limits_keep_apart_while_their_lines_stay() -> None:
    svg = drawn(thresholds=[Threshold(50, "fifty"), Threshold(52, "fifty-two", urgent=True)])

    assert re.findall(r'<line class="al-course-limit[^"]*"[^>]* y1="([\d.]+)"', svg) == ["100.1", "103.0"]
    labels = re.findall(r'y="([\d.]+)" text-anchor="start">([^<]*)', svg)
    assert labels == [("104.1", "fifty-two"), ("117.1", "fifty")]


def test_letters_and_lapses_are_drawn() -> None:
    svg = drawn(
        points=[point("2026-01-01", 60)],
        milestones=[Milestone("a", date(2026, 2, 20), "NIV"), Milestone("b", date(2026, 2, 21), "PEG")],
        lapse=Lapse(date(2026, 4, 1), date(2026, 1, 1), "100 days"),
        band=(50, 60),
    )

    assert re.findall(r'class="al-course-key" x="([\d.]+)"[^>]*>(.)<', svg) == [
        ("146.0", "a"),
        ("164.0", "b"),
    ]
    assert 'fill="url(#lapse-fvc)"' in svg
    assert ">100 days<" in svg
    assert '<rect class="al-course-band" x="34.0" y="88.4" width="224.0" height="14.6"/>' in svg


@pytest.mark.parametrize(
    ("places", "moved"),
    [
        ([], []),
        ([10, 50], [10, 50]),
        ([10, 12], [10, 20]),
        ([95, 99], [90, 100]),
        ([0, 1, 2], [0, 10, 20]),
    ],
)
def test_places_move_as_little_as_keeps_them_apart(places: list[float], moved: list[float]) -> None:
    assert apart(places, 10, 0, 100) == moved


@pytest.mark.parametrize(
    ("start", "today", "ticks"),
    [
        ("2026-01-01", "2026-03-15", ["2026-01", "2026-02", "2026-03"]),
        ("2026-01-15", "2026-01-20", []),
        ("2025-09-02", "2026-03-12", ["2025-10", "2025-12", "2026-02"]),
        ("2021-01-02", "2026-03-12", ["2021-02", "2023-02", "2025-02"]),
    ],
)
def test_the_axis_of_time_has_a_handful_of_months(start: str, today: str, ticks: list[str]) -> None:
    found = month_ticks(date.fromisoformat(start), date.fromisoformat(today))

    assert [f"{tick:%Y-%m}" for tick in found] == ticks
