"""``{% icon "name" %}``: an icon of bootstrap-icons, written into the page.

Icons always stand beside a word, so they are hidden from those who listen.
"""

import re
from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_NAME = re.compile(r"[a-z0-9-]+")


class MissingIconError(LookupError):
    """No such icon in the installed bootstrap-icons."""


def icon_folder() -> Path:
    """Where the npm package bootstrap-icons keeps its SVG files."""
    return Path(settings.BASE_DIR) / "node_modules" / "bootstrap-icons" / "icons"


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    path = icon_folder() / f"{name}.svg"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise MissingIconError(f"no icon {name!r} in {icon_folder()}; is `npm ci` done, is the name right?")
    found = _INNER.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise MissingIconError(f"{path} holds no <svg>")
    return re.sub(r"\s*\n\s*", "", found.group(1))


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, css: str = "", size: int = 16) -> SafeString:
    """The icon ``name`` as SVG, ``size`` px, in the colour of the text around it.

    An empty name gives nothing. Raises MissingIconError for an unknown one.
    """
    if not name:
        return mark_safe("")
    return format_html(
        '<svg class="al-i{}" width="{}" height="{}" viewBox="0 0 16 16" fill="currentColor"'
        ' aria-hidden="true" focusable="false">{}</svg>',
        f" {css}" if css else "",
        size,
        size,
        mark_safe(_drawing(name)),
    )
