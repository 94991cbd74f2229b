"""Celery tasks of this room; losing or repeating one changes nothing."""

from celery import shared_task

from worklist.services.release import release_work_of_inactive
from worklist.services.runs import work_off


@shared_task(name="worklist.tasks.release")
def release() -> None:
    """Give work of people who left back; the sweep then tells whoever has it now."""
    release_work_of_inactive()


@shared_task(name="worklist.tasks.run_rules")
def run_rules() -> None:
    """Put changed settings into effect, and work previews out, for a while."""
    work_off()
