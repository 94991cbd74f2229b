from pathway.catalogue import (
    DISCIPLINES,
    ITEMS,
    PATIENT_STATUSES,
    REFERRAL_STATUSES,
    STAGES,
    TOPICS,
    PatientStatus,
    ReferralStatus,
    Stage,
)


def test_there_are_nine_disciplines_each_with_a_topic() -> None:
    assert len(DISCIPLINES) == 9
    assert {code for code in TOPICS if code.startswith("discipline:")} == {
        f"discipline:{code}" for code in DISCIPLINES
    }


def test_every_item_is_asked_for_and_fitted_by_a_discipline() -> None:
    assert {item.requested_by for item in ITEMS.values()} <= set(DISCIPLINES)
    assert {item.fitted_by for item in ITEMS.values()} <= set(DISCIPLINES)


def test_breathing_hangs_on_three_items() -> None:
    assert {code for code, item in ITEMS.items() if item.breathing} == {"bpap", "cough_assist", "suction"}


def test_everything_has_a_label() -> None:
    assert list(STAGES) == list(Stage)
    assert list(PATIENT_STATUSES) == list(PatientStatus)
    assert list(REFERRAL_STATUSES) == list(ReferralStatus)
