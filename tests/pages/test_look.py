"""The promises of the templates and the stylesheet that a browser would break in silence."""

import gzip
import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import Client
from pytest_django.fixtures import Settings

from pages.rows import Member
from pages.templatetags.icons import icon_folder
from teams.middleware import POLLING_HEADER
from tests.factories import a_clinic, a_member

CHECKOUT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((CHECKOUT / "templates").rglob("*.html"))
LOOK = CHECKOUT / "pages" / "static" / "alscare"
LARGEST = 12_000  # bytes of the stylesheet, compressed

FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle="),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)"),
    "a style element": re.compile(r"<style"),
    "an event attribute": re.compile(r"\son[a-z]+="),
    "script in htmx": re.compile(r"\shx-on|\sjs:"),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(CHECKOUT / "templates")))
def test_templates_keep_to_the_content_security_policy(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(source)] == []


def test_a_planted_style_would_be_found() -> None:
    assert FORBIDDEN["an inline style"].search('<p style="color:red">')
    assert FORBIDDEN["an inline script"].search("<script>alert(1)</script>")
    assert FORBIDDEN["an event attribute"].search('<a onclick="x()">')


def test_every_icon_named_in_a_template_exists() -> None:
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8"))
    }

    missing = {name for name in named if not (icon_folder() / f"{name}.svg").is_file()}

    assert len(named) > 20
    assert missing == set()


def test_the_stylesheet_stays_small() -> None:
    assert len(gzip.compress((LOOK / "alscare.css").read_bytes(), 9)) <= LARGEST


def test_every_picture_of_the_stylesheet_lies_beside_it() -> None:
    named = re.findall(r'url\("([^"]+)"\)', (LOOK / "alscare.css").read_text(encoding="utf-8"))

    assert len(named) == 8
    assert [name for name in named if not (LOOK / name).is_file()] == []


def colours(scheme: str) -> dict[str, str]:
    """The colours of one scheme: dark values stand in the first dark block."""
    source = (LOOK / "alscare.css").read_text(encoding="utf-8")
    light, dark = source.split("@media (prefers-color-scheme: dark)")[:2]
    found = dict(re.findall(r"--al-([a-z-]+): (#[0-9A-F]{6})", light))
    return found if scheme == "light" else found | dict(re.findall(r"--al-([a-z-]+): (#[0-9A-F]{6})", dark))


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3: the ratio of relative luminances."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = ("ink", "muted", "action", "action-hover", "critical", "urgent", "attention", "done")
GROUND = ("sheet", "sunken", "select", "page", "hover", "raised")
PAIRS = [
    *((text, ground, 4.5) for text in TEXT for ground in GROUND),
    *(("field", ground, 3.0) for ground in GROUND),
    ("critical", "critical-tint", 4.5),
    ("attention", "attention-tint", 4.5),
    ("ink", "urgent-tint", 4.5),
    ("urgent", "urgent-tint", 4.5),
    ("on-action", "action", 4.5),
    ("on-action", "action-hover", 4.5),
    ("on-action", "critical", 4.5),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_text_and_marks_stand_out(scheme: str, text: str, ground: str, least: float) -> None:
    of = colours(scheme)

    assert contrast(of[text], of[ground]) >= least


def test_black_on_white_is_measured_right() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_no_context(name: str) -> None:
    page = get_template(f"{name}.html").render()

    assert page.count("<h1>") == 1
    assert "Not a medical device." in page


def test_asking_for_counts_keeps_no_session_alive() -> None:
    navigation = get_template("components/nav.html").render(
        {"nav": [], "member": Member("Nadia Wren", opens_charts=True)}
    )

    assert f'hx-headers=\'{{"{POLLING_HEADER}": "1"}}\'' in navigation


@pytest.mark.django_db
def test_the_sheet_of_components_is_for_the_demo(client: Client, settings: Settings) -> None:
    client.force_login(a_member(a_clinic(), "nutrition"))

    settings.DEMO = True
    shown = client.get("/demo/components/")
    settings.DEMO = False
    hidden = client.get("/demo/components/")

    assert shown.status_code == 200
    assert shown.content.count(b'class="al-row al-row--owner"') == 15
    assert hidden.status_code == 404
