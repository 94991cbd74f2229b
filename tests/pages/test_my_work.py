"""My work: one person's list, logged in place, counted once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from alerts.models import Alert
from alerts.services.sweep import sweep
from assessments.services import log_assessment
from pathway import clock
from tests.factories import a_clinic, a_member, a_patient, signed_in
from worklist.models import CareTask
from worklist.services import own_tasks

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 4, 14, 13, tzinfo=UTC)
"""12 days after the first nutrition review of somebody who joined on 2 Mar 2026 became overdue."""


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(MORNING):
        yield


def overdue_patient(clinic, **fields):
    with clock.set_to(MORNING - timedelta(days=43)):
        patient = a_patient(clinic, **fields)
    sweep()
    return patient


def test_shows_overdue_work_with_the_days_and_the_date():
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    overdue_patient(clinic)

    page = signed_in(dietitian).get(reverse("pages:my_work")).content.decode()

    assert "Ruth Alder" in page
    assert "<b>1 overdue</b> for 1 person" in page
    assert "None recorded. Joined 2 Mar 2026 + 30 days." in page
    assert "No palliative referral" not in page  # social work's, not hers


@pytest.mark.parametrize("people", [1, 3])
def test_takes_the_same_queries_however_long_the_list(people, django_assert_num_queries):
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    for _ in range(people):
        overdue_patient(clinic)
    client = signed_in(dietitian)
    client.get(reverse("pages:my_work"))

    with django_assert_num_queries(8):
        client.get(reverse("pages:my_work"))


def test_another_clinics_work_is_not_there():
    ours, theirs = a_clinic(), a_clinic()
    dietitian = a_member(ours, "nutrition")
    overdue_patient(theirs, family_name="Linden")

    assert "Linden" not in signed_in(dietitian).get(reverse("pages:my_work")).content.decode()


def test_logging_in_place_closes_the_item_and_brings_the_counts_up_to_date():
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    patient = overdue_patient(clinic)
    task = CareTask.objects.get(patient=patient, rule="NUTR-3M")

    answer = signed_in(dietitian).post(
        reverse("pages:task_log", args=[task.pk]),
        {"happened_on": "2026-04-14", "weight_g": "63.1"},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/"},
    )

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Nutrition review logged" in text
    assert "Next due 14 Jul 2026." in text
    assert "Nothing overdue" in text
    alert = Alert.objects.get(task=task)
    assert (alert.opens_on, alert.closes_on, alert.close_reason) == (
        date(2026, 4, 2),
        date(2026, 4, 14),
        "satisfied",
    )


def test_a_weight_out_of_range_keeps_what_was_typed_and_says_how_to_mend_it():
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    task = CareTask.objects.get(patient=overdue_patient(clinic), rule="NUTR-3M")

    answer = signed_in(dietitian).post(
        reverse("pages:task_log", args=[task.pk]),
        {"happened_on": "2026-04-14", "weight_g": "631"},
        headers={"HX-Request": "true"},
    )

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "631\xa0kg is above the 250\xa0kg this form accepts. Did you mean 63.1?" in text
    assert 'value="631"' in text
    task.refresh_from_db()
    assert task.closed_at is None


def test_without_javascript_logging_leads_back_to_the_list():
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    task = CareTask.objects.get(patient=overdue_patient(clinic), rule="NUTR-3M")

    answer = signed_in(dietitian).post(
        reverse("pages:task_log", args=[task.pk]), {"happened_on": "2026-04-14", "weight_g": "63.1"}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_undo_brings_the_item_back_with_its_age():
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    patient = overdue_patient(clinic)
    task = CareTask.objects.get(patient=patient, rule="NUTR-3M")
    review = log_assessment(
        patient_id=patient.pk,
        user=dietitian,
        kind="nutrition_review",
        findings={"weight_g": 63_100},
        on=date(2026, 4, 14),
    )

    answer = signed_in(dietitian).post(
        reverse("pages:undo", args=["assessment", review.pk]) + f"?task={task.pk}",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/"},
    )

    text = answer.content.decode()
    assert "None recorded. Joined 2 Mar 2026 + 30 days." in text
    assert "<b>1 overdue</b> for 1 person" in text


def test_a_decline_closes_the_item_with_that_reason():
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    task = CareTask.objects.get(patient=overdue_patient(clinic), rule="NUTR-3M")

    signed_in(dietitian).post(reverse("pages:task_decline", args=[task.pk]), {"on": "2026-04-14"})

    task.refresh_from_db()
    assert task.close_reason == "declined"


def test_a_coordinator_gives_several_items_to_one_colleague():
    clinic = a_clinic()
    coordinator = a_member(clinic, role="coordinator", name="Marcus Heron")
    dietitian = a_member(clinic, "nutrition")
    for _ in range(2):
        overdue_patient(clinic)
    tasks = CareTask.objects.filter(rule="NUTR-3M")

    signed_in(coordinator).post(
        reverse("pages:bulk_assign"), {"owner": dietitian.pk, "task": [task.pk for task in tasks]}
    )

    assert list(tasks.values_list("owner", "assigned_by")) == [(dietitian.pk, coordinator.pk)] * 2


def test_a_member_gives_one_item_at_a_time():
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    colleague = a_member(clinic, "nutrition", name="Olga Bittern")
    task = CareTask.objects.get(patient=overdue_patient(clinic), rule="NUTR-3M")
    client = signed_in(dietitian)

    page = client.get(reverse("pages:my_work"))
    many = client.post(reverse("pages:bulk_assign"), {"owner": colleague.pk, "task": [task.pk]})
    task.refresh_from_db()
    left_alone = task.owner
    one = client.post(reverse("pages:task_assign", args=[task.pk]), {"owner": colleague.pk})

    assert page.context["bulk"] is None
    assert 'class="al-tick"' not in page.content.decode()
    assert (many.status_code, left_alone) == (403, None)
    assert "Giving several items to somebody at once is for coordinators and clinical leads." in many.text
    assert "You can take or hand over an item from its own menu." in many.text
    task.refresh_from_db()
    assert (one.status_code, task.owner) == (302, colleague)


def test_a_coordinator_adds_a_task_for_somebody_else():
    clinic = a_clinic()
    coordinator = a_member(clinic, role="coordinator", name="Marcus Heron")
    social_worker = a_member(clinic, "social_work", name="Tom Finch")
    patient = overdue_patient(clinic)

    signed_in(coordinator).post(
        reverse("pages:task_add", args=[patient.pk]),
        {"title": "Call the vendor", "due_on": "2026-04-15", "owner": social_worker.pk},
    )

    with clock.set_to(MORNING + timedelta(days=2)):
        sweep()
        page = signed_in(social_worker).get(reverse("pages:my_work")).content.decode()
    assert "Call the vendor" in page
    assert "by Marcus Heron" in page


def test_the_badge_the_tab_and_the_sentence_say_the_same():
    clinic = a_clinic()
    coordinator = a_member(clinic, role="coordinator", name="Marcus Heron")
    patient = overdue_patient(clinic)
    own_tasks.add_task(
        patient=patient, user=coordinator, title="Send the texture guide", due_on=date(2026, 4, 20)
    )

    answer = signed_in(coordinator).get(reverse("pages:my_work"))

    now = next(tab for tab in answer.context["horizon"] if tab.key == "now")
    rows = [row for person in answer.context["people"] for row in person.rows]
    work = next(item for item in answer.context["nav"] if item.key == "work")
    assert now.count == work.count == len(rows) == 5


def test_filters_that_make_no_sense_are_left_out():
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    overdue_patient(clinic)

    answer = signed_in(dietitian).get(
        reverse("pages:my_work"),
        {"horizon": "x", "discipline": "y", "patient": "z", "page": "-1", "whose": "?"},
    )

    assert answer.status_code == 200
    assert "Ruth Alder" in answer.content.decode()


def test_a_review_without_a_weight_is_kept_and_says_that_it_closes_nothing():
    clinic = a_clinic()
    dietitian = a_member(clinic, "nutrition")
    task = CareTask.objects.get(patient=overdue_patient(clinic), rule="NUTR-3M")

    answer = signed_in(dietitian).post(
        reverse("pages:task_log", args=[task.pk]),
        {"happened_on": "2026-04-14"},
        headers={"HX-Request": "true"},
    )

    text = answer.content.decode()
    assert "Saved, but it does not close this item." in text
    assert "The review of 14 Apr 2026 has no weight, so it does not count yet." in text


def test_an_admin_is_led_to_what_is_theirs():
    clinic = a_clinic()
    overdue_patient(clinic)

    answer = signed_in(a_member(clinic, role="admin")).get(reverse("pages:my_work"))

    assert answer.status_code == 403
    assert "Charts are open to those who hold a clinical role." in answer.text
    links = [reverse(name) for name in ("admin:index", "rules:list", "alerts:burden")]
    assert [link for link in links if f'href="{link}"' not in answer.text] == []
    assert "Ruth" not in answer.text
