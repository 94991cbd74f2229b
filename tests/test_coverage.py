"""Every name in docs/coverage.md is something that exists, and every rule and kind stands there."""

import re
from pathlib import Path

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from assessments.registry import kinds
from pathway.registry import rules

ROOT = Path(__file__).parents[1]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d+ \|", line)
]
RULES, SCREENS, TESTS = 2, 3, 4


def named(column: int) -> set[str]:
    """What stands between backquotes in a column."""
    return {name for row in ROWS for name in re.findall(r"`([^`]+)`", row[column])}


def routes(resolver: URLResolver, space: str = "") -> set[str]:
    """Every route as "namespace:name"."""
    patterns = resolver.url_patterns
    below = [routes(each, each.namespace or space) for each in patterns if isinstance(each, URLResolver)]
    own = {f"{space}:{each.name}" for each in patterns if isinstance(each, URLPattern)}
    return own.union(*below)


def test_all_thirty_statements_stand_there_in_order() -> None:
    assert [row[0] for row in ROWS] == [str(number) for number in range(1, 31)]


def test_rules_named_are_the_rules_there_are() -> None:
    told = {code for row in ROWS for code in re.findall(r"\b[A-Z]{2,5}-[A-Z0-9]+\b", row[RULES])}

    assert told == set(rules())


def test_screens_named_exist() -> None:
    screens = {name for name in named(SCREENS) if not name.startswith("log:")}

    assert screens - routes(get_resolver()) == set()


def test_records_named_can_be_logged() -> None:
    logged = {name.removeprefix("log:") for name in named(SCREENS) if name.startswith("log:")}

    assert logged - set(kinds()) == set()


@pytest.mark.parametrize("name", sorted(named(TESTS)))
def test_a_test_named_exists(name: str) -> None:
    path, _, function = name.partition("::")

    source = (ROOT / path).read_text(encoding="utf-8")

    assert f"def {function or 'test_'}" in source


def test_no_page_speaks_of_survival() -> None:
    said = [
        path.relative_to(ROOT).as_posix()
        for folder in ("templates", "pages")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".html", ".py"}
        and re.search(r"surviv|life expectancy|prognos", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]

    assert said == []
