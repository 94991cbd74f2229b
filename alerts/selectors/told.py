"""Who has been told of a care task's alerts, and who is about to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.models import Alert, AlertNotice, Delivery, DeliveryState, Escalation
from worklist.models import CareTask


@dataclass(frozen=True, slots=True)
class Notice:
    """One person told by email ``at`` a moment, or still to be told from then on."""

    at: datetime
    who: str
    done: bool


def alerts_on(task: CareTask) -> Sequence[Alert]:
    """The alerts raised on a task, the first in front."""
    return list(task.alerts.order_by("opens_on", "opened_at"))


def notices_about(task: CareTask) -> Sequence[Notice]:
    """Emails about the task's alerts that were accepted, and those waiting for their hour."""
    told = AlertNotice.objects.filter(alert__task=task).values_list("told_at", "user__name")
    waiting = Delivery.objects.filter(
        alert__task=task, alert__closed_at__isnull=True, state=DeliveryState.WAITING
    ).values_list("not_before", "recipient__name")
    found = [Notice(at, who, done=True) for at, who in told]
    found += [Notice(at, who, done=False) for at, who in waiting]
    return sorted(found, key=lambda notice: notice.at)


def steps_taken(task: CareTask) -> Sequence[Escalation]:
    """The steps of the ladder that the task's alerts have taken, with who was told, the first in front."""
    taken = Escalation.objects.filter(alert__task=task).prefetch_related("told")
    return list(taken.order_by("taken_at", "step"))
