"""What the product imports, its own requirements install; tests install more."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = (
    "alscare", "pages", "exchange", "alerts", "worklist", "assessments", "referrals", "equipment",
    "patients", "teams", "audit", "pathway", "launch",
)  # fmt: skip


def imported(tree: ast.AST) -> Iterator[str]:
    """Top-level names imported when the code runs; what only type checkers read is left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
        yield from imported(node)


def required() -> set[str]:
    """Names of the distributions in requirements.txt."""
    text = (ROOT / "requirements.txt").read_text()
    return {name.lower() for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}


def missing(source: str) -> set[str]:
    """Third-party modules imported by ``source`` that requirements.txt does not install."""
    found = set(imported(ast.parse(source))) - set(sys.stdlib_module_names) - {*ROOMS, "tests"}
    owners = packages_distributions()
    installed = required()
    return {
        name
        for name in found
        if not any(re.sub("[-_.]+", "-", owner.lower()) in installed for owner in owners.get(name, []))
    }


def test_the_product_imports_only_what_it_requires() -> None:
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    wrong = {str(file.relative_to(ROOT)): names for file in files if (names := missing(file.read_text()))}
    assert wrong == {}
    assert len(files) > 100


def test_an_import_that_only_tests_install_is_found() -> None:
    assert missing("from django_stubs_ext import WithAnnotations\nimport django, pytest") == {
        "django_stubs_ext",
        "pytest",
    }
