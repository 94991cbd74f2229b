"""The board and the table of equipment requests: columns, heads, filters, first sentence."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from equipment.filters import SHOW, RequestFilter
from equipment.models import Stage
from equipment.selectors import BoardCounts, StagedRequest
from equipment.tables import RequestTable
from pages.present.equipment import card
from pages.rows import BoardColumn, Head, Link, Pill, StageGroup
from pathway.registry import rules

COLUMNS: Sequence[tuple[Any, Sequence[Stage]]] = (
    (gettext_lazy("Requested"), (Stage.REQUESTED,)),
    (gettext_lazy("Documented"), (Stage.DOCUMENTED,)),
    (gettext_lazy("With the payer"), (Stage.SUBMITTED, Stage.DENIED, Stage.APPEALED)),
    (gettext_lazy("Approved"), (Stage.APPROVED,)),
    (gettext_lazy("Ordered"), (Stage.ORDERED,)),
    (gettext_lazy("Delivered"), (Stage.DELIVERED,)),
)
WITHIN_LIMITS_SHOWN = 3
"""Cards of one stage in view when few are past a limit; the rest is one click away."""


def address(view: str, chosen: Mapping[str, str], **changes: str) -> str:
    """The board or the table with filters changed; the address holds opaque ids only."""
    query = {name: value for name, value in {**chosen, **changes}.items() if value}
    url = reverse(f"equipment:{view}")
    return f"{url}?{urlencode(query)}" if query else url


def lead(counts: BoardCounts) -> SafeString:
    """How many are past a limit, how many of those are breathing items, which calls are due."""
    if not counts.all:
        return format_html("{}", _("No equipment or service is on its way."))
    first = ngettext(
        "{late} of {count} request is past a limit", "{late} of {count} requests are past a limit", counts.all
    )
    sentence = format_html(
        first, late=format_html("<b>{}</b>", counts.late), count=format_html("<b>{}</b>", counts.all)
    )
    if counts.late_breathing:
        text = ngettext(
            "%(count)s of them a breathing item", "%(count)s of them breathing items", counts.late_breathing
        )
        sentence = format_html("{}, <b>{}</b>", sentence, text % {"count": counts.late_breathing})
    return format_html("{}. {}", sentence, _calls(counts))


def _calls(counts: BoardCounts) -> str:
    today = ngettext("%(count)s call due today", "%(count)s calls due today", counts.call_today)
    text = today % {"count": counts.call_today} if counts.call_today else _("No call due today")
    if counts.call_late:
        text += ", " + ngettext("%(count)s late", "%(count)s late", counts.call_late) % {
            "count": counts.call_late
        }
    return text + "."


def pills(view: str, filters: RequestFilter, counts: BoardCounts) -> list[Pill]:
    """What the requests can be narrowed to, each with its count."""
    chosen = filters.chosen
    numbers = {
        "late": counts.late,
        "breathing": counts.breathing,
        "call": counts.call_due,
        "contested": counts.contested,
    }
    icons = {"breathing": "lungs"}
    return [
        Pill(_("All"), address(view, {}), counts.all, chosen=not chosen),
        *(
            Pill(
                str(label),
                address(view, chosen, show="" if chosen.get("show") == key else key),
                numbers[key],
                chosen=chosen.get("show") == key,
                icon=icons.get(key, ""),
            )
            for key, label in SHOW
        ),
        _menu(view, chosen, "payer", _("Any payer"), filters.payers),
        _menu(view, chosen, "vendor", _("Any vendor"), filters.vendors),
    ]


def _menu(view: str, chosen: Mapping[str, str], key: str, label: str, offered: Iterable[Any]) -> Pill:
    wanted = chosen.get(key, "")
    choices = [
        Pill(str(each), address(view, chosen, **{key: str(each.pk)}), chosen=wanted == str(each.pk))
        for each in offered
    ]
    named = next((choice.label for choice in choices if choice.chosen), label)
    return Pill(
        named, chosen=bool(wanted), choices=[Pill(label, address(view, chosen, **{key: ""})), *choices]
    )


def columns(rows: Iterable[StagedRequest], *, today: date, chosen: Mapping[str, str]) -> list[BoardColumn]:
    """The six columns; past a limit first, and of the rest as many as fit."""
    of_stage: dict[str, list[StagedRequest]] = {}
    for row in rows:
        of_stage.setdefault(row.stage, []).append(row)
    return [_column(str(label), stages, of_stage, today=today, chosen=chosen) for label, stages in COLUMNS]


def _column(
    label: str,
    stages: Sequence[Stage],
    of_stage: Mapping[str, Sequence[StagedRequest]],
    *,
    today: date,
    chosen: Mapping[str, str],
) -> BoardColumn:
    groups = [_group(stage, of_stage.get(stage, ()), today=today, chosen=chosen) for stage in stages]
    return BoardColumn(label, sum(group.count for group in groups), _note(stages), groups)


def _group(
    stage: Stage, rows: Sequence[StagedRequest], *, today: date, chosen: Mapping[str, str]
) -> StageGroup:
    late = [row for row in rows if row.is_late]
    within = [row for row in rows if not row.is_late]
    shown = late + within[: max(WITHIN_LIMITS_SHOWN - len(late), 0)]
    count = rows[0].of_stage if rows else 0
    more = None
    if count > len(shown):
        text = ngettext("%(count)s more", "%(count)s more", count - len(shown))
        if len(rows) == count:
            text = ngettext(
                "%(count)s more within limits", "%(count)s more within limits", count - len(shown)
            )
        more = Link(text % {"count": count - len(shown)}, address("table", chosen, stage=stage.value))
    return StageGroup(
        key=stage.value,
        label=str(stage.label),
        count=count,
        limit=_limit(stage),
        cards=[card(row, today=today, place="board") for row in shown],
        more=more,
    )


def _limit(stage: Stage) -> str:
    days = getattr(rules()["EQ-STAGE"].parameters, stage.value)
    return ngettext("limit %(days)s day", "limit %(days)s days", days) % {"days": days}


def _note(stages: Sequence[Stage]) -> str:
    if len(stages) > 1:
        return ", ".join(stage.label.lower() for stage in stages)
    if stages[0] is Stage.ORDERED:
        return _("%(limit)s, by item") % {"limit": _limit(stages[0])}
    return _limit(stages[0])


def heads(table: RequestTable, query: QueryDict) -> list[Head]:
    """The heads of the table's columns; a second press turns the order round."""
    found = []
    for column in table.columns:
        changed = query.copy()
        changed[table.prefixed_order_by_field] = column.order_by_alias.next
        changed.pop(table.prefixed_page_field, None)
        sort = "" if not column.is_ordered else _direction(column)
        found.append(Head(str(column.header), f"?{changed.urlencode()}", sort))
    return found


def _direction(column: Any) -> str:
    """Of the values as they stand, whichever way the column is sorted first."""
    turned = column.order_by_alias.is_descending
    first_downwards = str((column.column.order_by or [""])[0]).startswith("-")
    return "ascending" if turned is first_downwards else "descending"
