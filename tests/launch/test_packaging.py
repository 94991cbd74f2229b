"""Lock files, image and compose file say the same as ./run does."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from launch import postgres
from launch.processes import CHECKOUT

LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt")
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "RUNTIME_PASSWORD")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text()))


def locked(name: str) -> dict[str, str]:
    lines = (CHECKOUT / name).read_text().splitlines()
    found = (re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash_and_no_address(name: str) -> None:
    text = (CHECKOUT / name).read_text()
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n?", "", text).strip())

    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"https?:|--index-url|--find-links", text)


def test_tests_run_with_the_versions_that_the_product_runs_with() -> None:
    development = locked("requirements-dev.txt")

    assert {name: development.get(name) for name in locked("requirements.txt")} == locked("requirements.txt")


def test_front_end_packages_are_locked_by_content() -> None:
    lock = json.loads((CHECKOUT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}

    assert packages
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    wanted = json.loads((CHECKOUT / "package.json").read_text())["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_compose_has_the_parts_that_run_starts(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"database", "broker", "migrate", "web", "worker", "beat"}
    assert compose["services"]["database"]["image"] == "postgres:18"
    unhealthy = [name for name, part in compose["services"].items() if "healthcheck" not in part]
    assert unhealthy == ["migrate"]


def test_only_the_migration_owns_the_tables(compose: dict[str, Any]) -> None:
    roles = {
        name: part["environment"]["DATABASE_URL"].split("//")[1].split(":")[0]
        for name, part in compose["services"].items()
        if "DATABASE_URL" in part.get("environment", {})
    }

    assert roles == {
        "migrate": postgres.OWNER,
        "web": postgres.RUNTIME,
        "worker": postgres.RUNTIME,
        "beat": postgres.RUNTIME,
    }


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text()

    for name in SECRETS:
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text


def test_pages_are_published_on_loopback_only(compose: dict[str, Any]) -> None:
    published = {name: part["ports"] for name, part in compose["services"].items() if "ports" in part}

    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_the_database_starts_with_the_roles_and_extensions_of_run(compose: dict[str, Any]) -> None:
    script = (CHECKOUT / "docker" / "roles.sh").read_text()

    assert re.findall(r"CREATE ROLE (\w+)", script) == [postgres.OWNER, postgres.RUNTIME]
    assert tuple(re.findall(r"CREATE EXTENSION IF NOT EXISTS (\w+)", script)) == postgres.EXTENSIONS
    assert subprocess.run(["sh", "-n", CHECKOUT / "docker" / "roles.sh"]).returncode == 0


def test_the_image_takes_the_steps_of_run_and_is_not_root() -> None:
    steps = (CHECKOUT / "Dockerfile").read_text()

    assert "python -m launch.install" in steps
    assert "manage.py collectstatic" in steps
    assert re.findall(r"^USER (\w+)", steps, re.MULTILINE) == ["alscare"]
    ignored = (CHECKOUT / ".dockerignore").read_text().split()
    assert {".git", ".venv", "data", "node_modules"} <= set(ignored)


@pytest.mark.parametrize("name", ["run", "test", ".ci/run"])
def test_commands_are_executable(name: str) -> None:
    assert Path(CHECKOUT / name).stat().st_mode & 0o111
