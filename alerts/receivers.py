"""The one receiver of ``tasks_changed``: alerts follow their tasks in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from alerts.services.settle import settle
from worklist.signals import tasks_changed


@receiver(tasks_changed, dispatch_uid="alerts_settle")
def settle_alerts(
    *, patient_ids: Sequence[UUID], until: datetime | None = None, news: bool = True, **_kwargs: Any
) -> None:
    """Close alerts of closed tasks and open those of tasks now past due."""
    settle(patient_ids=patient_ids, until=until, news=news)
