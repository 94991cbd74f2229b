"""Since when bulbar dysfunction is suspected, and whether swallowing has been screened since."""

from collections.abc import Sequence

from pathway.chart import Chart
from pathway.facts import Event
from pathway.window import Start
from pathway.words import gettext_noop as _


def suspected(chart: Chart) -> Start | None:
    """Bulbar onset, or the first impaired bulbar status while the latest is impaired (SWAL-SCREEN)."""
    if chart.patient.onset_region == "bulbar":
        return Start(chart.patient.enrolled_on, _("Joined with bulbar onset"))
    statuses = chart.with_flag("bulbar_status", "impaired")
    if not statuses or not statuses[-1].data["impaired"]:
        return None
    first = next(status for status in statuses if status.data["impaired"])
    return Start.at(first, _("Bulbar signs first found"))


def screens(chart: Chart) -> Sequence[Event]:
    """Swallow screens with a result, oldest first."""
    return chart.with_flag("swallow_screen", "positive")


def unscreened(chart: Chart) -> Start | None:
    """Since when a suspicion has stood without any screen; None where there is none, or one was done."""
    since = suspected(chart)
    done = since is not None and any(screen.on >= since.on for screen in screens(chart))
    return None if done else since
