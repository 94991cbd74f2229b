from datetime import date

from pathway.due import Phrase, Severity, Step


def test_severities_rank_upwards() -> None:
    assert sorted(Severity, key=lambda each: each.rank) == [
        Severity.ATTENTION,
        Severity.URGENT,
        Severity.CRITICAL,
    ]


def test_a_phrase_reads_in_plain_english() -> None:
    phrase = Phrase("Last review %(last)s + %(months)s months.", {"last": date(2026, 3, 4), "months": 3})

    assert str(phrase) == "Last review 4 Mar 2026 + 3 months."


def test_a_step_names_the_date_it_leads_to() -> None:
    assert str(Step("Due", on=date(2026, 2, 28))) == "Due: 28 Feb 2026"
    assert str(Step("+ %(days)s days", {"days": 30})) == "+ 30 days"
