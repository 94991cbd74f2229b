"""Small drawings made on the server: the bar from a fact to today."""

from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from pages.rows import Span

register = template.Library()

_WIDE = 420.0
_LEFT, _RIGHT = 6.0, 404.0
_CHARACTER = 9.3  # px, a generous average: semibold in a wide font, at the 14 px of a phone
_GAP = 4.0
_EDGE = 2.0


def _half(text: str) -> float:
    return len(text) * _CHARACTER / 2


def _apart(labels: list[tuple[str, float, str]]) -> list[tuple[str, float, str]]:
    """Move labels (text, centre, class), sorted by place, until none touches the next.

    Once from the left, pushing right, then from the right edge, pushing back.
    """
    placed: list[tuple[str, float, str]] = []
    free = 0.0
    for text, x, css in labels:
        x = max(x, free + _half(text))
        free = x + _half(text) + _GAP
        placed.append((text, x, css))
    limit = _WIDE
    for n in range(len(placed) - 1, -1, -1):
        text, x, css = placed[n]
        x = min(x, limit - _half(text))
        limit = x - _half(text) - _GAP
        placed[n] = (text, x, css)
    return placed


def _anchored(text: str, x: float) -> tuple[str, str]:
    """How to set a label: one at an edge begins or ends there, however wide the reader's font is."""
    if x - _half(text) <= 0:
        return "start", f"{_EDGE:.1f}"
    if x + _half(text) >= _WIDE:
        return "end", f"{_WIDE - _EDGE:.1f}"
    return "middle", f"{x:.1f}"


@register.simple_tag
def span_bar(span: Span) -> SafeString:
    """The time from a fact to today, with the due date and the next rise marked."""
    last = max(span.today, span.due, span.rises_on or span.today)
    whole = max(1, (last - span.start).days)

    def at(on: date) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (on - span.start).days / whole

    due, today = at(span.due), at(span.today)
    bars = [("bar", _LEFT, 11, max(due, today) - _LEFT, 4)]
    if today > due:
        bars.append(("late", due, 10, today - due, 6))
    bars += [("mark", due - 0.75, 7, 1.5, 12), ("mark", today - 1, 4, 2, 18)]
    labels = [
        (span.start_label, _LEFT, ""),
        (gettext("Due"), due, ""),
        (gettext("Today"), today, "al-strong"),
    ]
    if span.rises_on:
        bars.append(("rise", at(span.rises_on) - 0.75, 7, 1.5, 12))
        labels.append((span.rises_label, at(span.rises_on), ""))
    rects = format_html_join(
        "",
        '<rect class="al-span-{}" x="{}" y="{}" width="{}" height="{}"/>',
        ((kind, f"{x:.1f}", y, f"{wide:.1f}", high) for kind, x, y, wide, high in bars),
    )
    texts = format_html_join(
        "",
        '<text text-anchor="{}" x="{}" y="38" class="{}">{}</text>',
        (
            (*_anchored(text, x), css, text)
            for text, x, css in _apart(sorted(labels, key=lambda label: label[1]))
        ),
    )
    return format_html(
        '<svg class="al-span" viewBox="0 0 420 42" aria-hidden="true">{}'
        '<circle class="al-span-start" cx="{}" cy="13" r="4.5"/>{}</svg>',
        rects,
        _LEFT,
        texts,
    )
