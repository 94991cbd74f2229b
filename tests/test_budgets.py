"""Files and functions stay short enough to be read, and imports stand where they are looked for."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
LONGEST_MODULE = 400  # lines
LONGEST_FUNCTION = 60  # lines, docstring included
MOST_FUNCTIONS = 30  # lines that 95 of 100 functions keep to

PYPROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
PACKAGES = PYPROJECT["tool"]["importlinter"]["root_packages"]


def modules() -> list[Path]:
    """Every module of the product, the launcher and the benchmarks; migrations are generated."""
    folders = (CHECKOUT / name for name in [*PACKAGES, "benchmarks"])
    found = (path for folder in folders for path in folder.rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lengths(source: str) -> dict[str, int]:
    """Lines of each function of a module, without its decorators."""
    return {
        f"{node.name}:{node.lineno}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in functions(ast.parse(source))
    }


def inline_imports(source: str, *, is_app_config: bool = False) -> list[str]:
    """Imports of the project inside functions; an app's ``ready`` may connect its receivers."""
    return [
        f"{function.name}: {name}"
        for function in functions(ast.parse(source))
        if not (is_app_config and function.name == "ready")
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in imported(node)
        if name.partition(".")[0] in PACKAGES
    ]


def imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names]


def test_the_budgets_see_the_whole_product() -> None:
    seen = {path.relative_to(CHECKOUT).parts[0] for path in modules()}

    assert set(PACKAGES) <= seen


def test_modules_are_short() -> None:
    long = {
        str(path.relative_to(CHECKOUT)): lines
        for path in modules()
        if (lines := len(path.read_text().splitlines())) > LONGEST_MODULE
    }

    assert long == {}


def test_functions_are_short() -> None:
    long = {
        f"{path.relative_to(CHECKOUT)}:{name}": lines
        for path in modules()
        for name, lines in lengths(path.read_text()).items()
        if lines > LONGEST_FUNCTION
    }

    assert long == {}


def test_most_functions_are_very_short() -> None:
    every = sorted(lines for path in modules() for lines in lengths(path.read_text()).values())

    assert every[int(len(every) * 0.95)] <= MOST_FUNCTIONS


def test_no_project_import_hides_in_a_function() -> None:
    hidden = {
        str(path.relative_to(CHECKOUT)): found
        for path in modules()
        if (found := inline_imports(path.read_text(), is_app_config=path.name == "apps.py"))
    }

    assert hidden == {}


def test_a_long_function_is_measured_with_its_docstring() -> None:
    source = '@decorated\ndef long():\n    """Say.\n\n    More.\n    """\n    return 1\n'

    assert lengths(source) == {"long:2": 6}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f():\n    from patients.models import Patient\n", ["f: patients.models"]),
        ("def f():\n    import alerts.tasks\n", ["f: alerts.tasks"]),
        ("def ready(self):\n    from worklist import receivers\n", ["ready: worklist"]),
        ("def f():\n    import json\n", []),
        ("from patients.models import Patient\n", []),
    ],
)
def test_a_planted_import_is_found(source: str, found: list[str]) -> None:
    assert inline_imports(source) == found
