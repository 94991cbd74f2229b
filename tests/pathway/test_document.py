"""docs/rules.md says what the rules say."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

from pathway.document import rules_as_markdown
from pathway.due import Severity
from pathway.registry import rules

DOCUMENT = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_document_does_not_drift_from_the_rules() -> None:
    printed = StringIO()
    call_command("rules_document", stdout=printed)

    assert DOCUMENT.read_text() == printed.getvalue(), "python manage.py rules_document > docs/rules.md"


def test_every_rule_says_when_whose_how_it_closes_and_where_from() -> None:
    parts = rules_as_markdown().split("\n## ")
    by_code = {part.partition("\n")[0]: part for part in parts[1:]}

    assert list(by_code) == [*rules(), "COMMON"]
    for rule in rules().values():
        said = by_code[rule.code]
        assert str(rule.in_words()) in said
        assert "- Owner: " in said
        assert f"- Closes by: {rule.closes}" in said
        assert rule.whose in said
        assert ("- Off unless a clinic turns it on." in said) is rule.optional
        falls = bool(rule.decline_topic) and set(rule.severities) != {Severity.ATTENTION}
        assert ("; attention where it is offered again." in said) is falls
        assert all(source.text in said for source in rule.source)
        assert all(example.says in said for example in rule.examples)
