"""Verbs and menus. Drawn in Python because a list holds hundreds of them."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from pages.rows import Action, How
from pages.templatetags.icons import icon

register = template.Library()

# Of two presses the later one counts: two answers would put one form over the other.
_ONE_FORM = ' hx-sync="closest .al-item:replace" data-form'
_IN_PLACE = f' hx-target="closest .al-item" hx-swap="beforeend"{_ONE_FORM}'
# A table cannot hold a form between its rows, so the rows bring a slot for it.
_IN_SLOT = f' hx-target="next .al-slot" hx-swap="innerHTML"{_ONE_FORM}'
_IN_DRAWER = ' hx-target="#drawer"'


def _safe(text: str) -> str:
    """Escaped unless marked safe; Django's own does more and is five times slower."""
    return text if isinstance(text, SafeString) else escape(str(text))


def _words(action: Action) -> str:
    """The label, and for those who hear it alone what it is about."""
    about = f'<span class="visually-hidden">: {_safe(action.about)}</span>' if action.about else ""
    return f"{icon(action.icon)}{_safe(action.label)}{about}"


def _attributes(action: Action, url: str, slot: bool) -> str:
    """What htmx does with a link; without script it is simply followed."""
    if action.how == How.PAGE:
        return ""
    where = _IN_DRAWER if action.how == How.DRAWER else _IN_SLOT if slot else _IN_PLACE
    return f' hx-get="{url}"{where}' + (f' data-key="{_safe(action.key)}"' if action.key else "")


def _draw(action: Action, css: str, slot: bool, token: str) -> str:
    url, css = _safe(action.url), _safe(css)
    if action.how != How.POST:
        return f'<a href="{url}" class="{css}"{_attributes(action, url, slot)}>{_words(action)}</a>'
    return (
        f'<form method="post" action="{url}" hx-post="{url}" hx-target="closest .al-item" hx-swap="outerHTML"'
        f' class="al-inline"><input type="hidden" name="csrfmiddlewaretoken" value="{_safe(token)}">'
        f'<button type="submit" class="{css}">{_words(action)}</button></form>'
    )


def _token(context: template.Context) -> str:
    return str(context.get("csrf_token") or "")


@register.simple_tag(takes_context=True)
def act(context: template.Context, action: Action | None, css: str = "", slot: bool = False) -> SafeString:
    """One verb with the classes ``css``; nothing for None.

    It acts on the nearest element with class "al-item": a form opens at its end, or
    with ``slot`` in the next "al-slot"; a POST replaces it.
    """
    if action is None:
        return mark_safe("")
    return mark_safe(_draw(action, css, slot, _token(context)))


@register.simple_tag(takes_context=True)
def do(context: template.Context, action: Action | None, slot: bool = False) -> SafeString:
    """The verb of a row: filled for the first row of mine, else quiet."""
    if action is None:
        return mark_safe("")
    css = "btn btn-primary al-do" if action.filled else "btn btn-link al-do"
    return mark_safe(_draw(action, css, slot, _token(context)))


@register.simple_tag(takes_context=True)
def menu(context: template.Context, actions: Sequence[Action], *about: str, slot: bool = False) -> SafeString:
    """The rest of what can be done with a row; ``about`` names the row for those who hear it."""
    if not actions:
        return mark_safe("")
    token = _token(context)
    lines = "".join(
        f"<li>{_draw(action, 'al-danger' if action.danger else '', slot, token)}</li>" for action in actions
    )
    name = ", ".join(_safe(part) for part in about if part)
    return mark_safe(
        f'<details class="al-menu"><summary class="al-dots">{icon("three-dots")}'
        f'<span class="visually-hidden">{gettext("More")}: {name}</span></summary>'
        f'<ul class="al-menu-list">{lines}</ul></details>'
    )
