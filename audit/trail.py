"""Which tables are the audit trail."""

from dataclasses import dataclass

import pghistory.models
from django.apps import apps
from django.db.models import Model

from audit.models import ChartRead, Denial, Seal


@dataclass(frozen=True, slots=True)
class AuditTable:
    """A table whose rows are sealed: its name, its id column and all its columns in order."""

    name: str
    key: str
    columns: tuple[str, ...]


def sealed_tables() -> list[AuditTable]:
    """Reads, denials and the event tables of every tracked model, by name."""
    models: list[type[Model]] = [ChartRead, Denial, *_event_models()]
    return sorted((_describe(model) for model in models), key=lambda table: table.name)


def append_only_tables() -> list[str]:
    """All tables that the runtime role may only read and add to."""
    return sorted([Seal._meta.db_table, *(table.name for table in sealed_tables())])


def _event_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]


def _describe(model: type[Model]) -> AuditTable:
    columns = [str(field.column) for field in model._meta.concrete_fields]
    return AuditTable(model._meta.db_table, str(model._meta.pk.column), tuple(columns))
