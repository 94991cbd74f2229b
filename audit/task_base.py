"""How Celery tasks act: as the system, under their own name, with their reads written down."""

from typing import Any

from celery import Task

from audit.actor import acting
from audit.services.reads import write_chart_reads


class ActingTask(Task):  # type: ignore[type-arg]
    """The base of every task."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task inside ``acting``."""
        with acting(user_id=None, purpose=f"task {self.name}") as actor:
            result = super().__call__(*args, **kwargs)
            write_chart_reads(actor=actor)
        return result
