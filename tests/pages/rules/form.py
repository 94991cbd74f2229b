"""The form of a rule as a browser fills it in, for the nutrition review unless said otherwise."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from worklist.services.runs import work_off

MOST_QUERIES = 10
CHANGE, PREVIEW = reverse("rules:change", args=["NUTR-3M"]), reverse("rules:preview", args=["NUTR-3M"])
RULE, ACTIVATE = reverse("rules:rule", args=["NUTR-3M"]), reverse("rules:activate", args=["NUTR-3M"])


class _Inputs(HTMLParser):
    """The fields of a page's form with their values."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        named = dict(attrs)
        if tag == "input" and named.get("name") not in (None, "q", "csrfmiddlewaretoken"):
            if named.get("type") != "checkbox" or "checked" in named:
                self.found[named["name"]] = named.get("value") or "on"
        elif tag == "select":
            self._select = named["name"]
        elif tag == "option" and "selected" in named:
            self.found[self._select] = named["value"]


def inputs(page: str) -> dict[str, str]:
    """The fields of a page's form with their values."""
    form = _Inputs()
    form.feed(page)
    return form.found


def typed(client: Client, url: str = CHANGE, **changes: str) -> dict[str, str]:
    """The form as it stands, with some fields typed over."""
    return inputs(client.get(url).content.decode()) | changes


def drafted(client: Client, **changes: str) -> None:
    """Save a draft and let the workers preview it."""
    assert client.post(CHANGE, typed(client, **changes)).status_code == 302
    work_off()
