"""What docs/operations.md says of settings, roles and extensions is what the code knows."""

import re

from alscare import environment
from launch import postgres
from launch.processes import CHECKOUT

GUIDE = (CHECKOUT / "docs" / "operations.md").read_text()
READ_ELSEWHERE = {"DATABASE_OWNER_URL"}  # by the launcher


def test_every_setting_is_explained_and_no_other() -> None:
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.MULTILINE))
    source = (CHECKOUT / "alscare" / "environment.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))

    assert explained == read | environment.KNOWN | READ_ELSEWHERE


def test_the_shortest_key_is_said() -> None:
    assert f"at least {environment.SHORTEST_KEY} characters" in GUIDE


def test_the_extensions_to_create_are_named() -> None:
    assert tuple(re.findall(r"CREATE EXTENSION IF NOT EXISTS (\w+)", GUIDE)) == postgres.EXTENSIONS


def test_both_roles_are_named() -> None:
    assert re.findall(r"CREATE ROLE (\w+)", GUIDE) == [postgres.OWNER, postgres.RUNTIME]
