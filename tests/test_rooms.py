"""What import contracts cannot show: references by name against the order, and writes outside services."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
CONTRACTS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = next(contract["layers"] for contract in CONTRACTS if contract["name"].startswith("Rooms"))
# Rooms from the lowest (0) up; rooms on one line have one level and do not see each other.
LEVELS = {room.strip(): level for level, line in enumerate(reversed(LAYERS)) for room in line.split("|")}

RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
USER = "teams.User"
ALWAYS_WRITES = {
    "save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "asave", "adelete", "abulk_create", "abulk_update", "aget_or_create", "aupdate_or_create",
}  # fmt: skip
WRITES_ON_ROWS = {"create", "update", "acreate", "aupdate"}
MAKES_ROWS = {
    "objects", "filter", "exclude", "all", "order_by", "select_for_update", "select_related", "in_force",
    "visible_to", "using", "annotate",
}  # fmt: skip
WRITING_SQL = re.compile(r"\s*(INSERT INTO|UPDATE \w|DELETE FROM|TRUNCATE|MERGE INTO|COPY \w)")
# Modules beside the services that write too, and why.
WRITERS = {
    Path("patients/charting.py"): "the one way to write a fact, which the services of all rooms use",
    Path("teams/models.py"): "the manager through which Django itself makes a user",
}


def room_modules() -> Iterator[tuple[str, Path, ast.Module]]:
    """Each module of each room, migrations left out: (room, path, tree)."""
    for room in LEVELS:
        for path in sorted((CHECKOUT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield room, path.relative_to(CHECKOUT), ast.parse(path.read_text())


def may_write(path: Path) -> bool:
    """Whether a module is one that writes: services, and the commands that operators run."""
    services = "services" in path.parts or path.name == "services.py"
    return services or "management" in path.parts or path in WRITERS


def called(node: ast.Call) -> str:
    """The last name of what is called: ``create`` of ``Patient.objects.create(...)``."""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def names_before(node: ast.AST) -> set[str]:
    """The names of the chain in front of a call: {"Patient", "objects"} of ``Patient.objects.create``."""
    names: set[str] = set()
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return names
    return names | {node.id}


def writes(tree: ast.AST) -> list[str]:
    """The writes to the database in some code, as ``name:line``."""
    found = []
    forms = any(isinstance(node, ast.FunctionDef) and node.name == "save" for node in ast.walk(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = called(node)
            if forms and ast.unparse(node.func) == "self.save":  # a method defined right here
                continue
            rows = names_before(node.func.value) & MAKES_ROWS
            if name in ALWAYS_WRITES or (name in WRITES_ON_ROWS and rows):
                found.append(f"{name}:{node.lineno}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING_SQL.match(node.value):
            found.append(f"SQL:{node.lineno}")
    return found


def references(tree: ast.AST) -> list[str]:
    """Models that some code names by a string: in relations and in ``get_model``."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or called(node) not in RELATIONS | {"get_model"}:
            continue
        to = next((word.value for word in node.keywords if word.arg == "to"), None)
        first = to or (node.args[0] if node.args else None)
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            found.append(first.value)
        elif isinstance(first, ast.Attribute) and first.attr == "AUTH_USER_MODEL":
            found.append(USER)
    return found


def goes_up(room: str, reference: str) -> bool:
    """Whether a room's reference names a room that it must not see."""
    other = reference.partition(".")[0] if "." in reference else reference
    return other in LEVELS and other != room and LEVELS[other] >= LEVELS[room]


def test_every_room_of_the_order_exists() -> None:
    assert {room for room, _path, _tree in room_modules()} == set(LEVELS)


def test_models_named_by_strings_keep_the_order() -> None:
    against = {
        f"{path}: {reference}"
        for room, path, tree in room_modules()
        for reference in references(tree)
        if goes_up(room, reference)
    }

    assert against == set()


def test_only_services_write() -> None:
    outside = {
        f"{path}:{write}"
        for _room, path, tree in room_modules()
        if not may_write(path)
        for write in writes(tree)
    }

    assert outside == set()


def test_two_signals_exist_each_with_one_receiver() -> None:
    made, heard = [], []
    for _room, path, tree in room_modules():
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        made += [path for node in calls if called(node) == "Signal"]
        heard += [path for node in calls if called(node) in {"connect", "receiver"}]

    assert sorted(made) == [Path("patients/signals.py"), Path("worklist/signals.py")]
    assert sorted(path.parts[0] for path in heard) == ["alerts", "worklist"]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Patient.objects.create(name='x')", ["create:1"]),
        ("Patient.objects.filter(a=1).update(b=2)", ["update:1"]),
        ("rows.delete()", ["delete:1"]),
        ("patient.save(update_fields=['a'])", ["save:1"]),
        ("cursor.execute('  UPDATE patients_patient SET a = 1')", ["SQL:1"]),
        ("settings.update(a=1)", []),
        ("Patient.objects.filter(a=1).first()", []),
        ("text = 'Update the phone number'", []),
        ("class F:\n    def save(self): ...\n    def go(self): self.save()", []),
    ],
)
def test_a_planted_write_is_found(source: str, found: list[str]) -> None:
    assert writes(ast.parse(source)) == found


@pytest.mark.parametrize(
    ("room", "source", "up"),
    [
        ("teams", "models.ForeignKey('patients.Patient', on_delete=PROTECT)", True),
        ("audit", "models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=PROTECT)", True),
        ("referrals", "models.OneToOneField(to='equipment.EquipmentRequest')", True),
        ("teams", "apps.get_model('alerts', 'Alert')", True),
        ("patients", "models.ForeignKey('teams.Clinic', on_delete=PROTECT)", False),
        ("patients", "models.ForeignKey('self', on_delete=PROTECT)", False),
        ("patients", "models.ForeignKey('patients.Patient', on_delete=PROTECT)", False),
    ],
)
def test_a_planted_reference_is_found(room: str, source: str, up: bool) -> None:
    [reference] = references(ast.parse(source))

    assert goes_up(room, reference) is up
