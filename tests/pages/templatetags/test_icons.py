"""Icons of bootstrap-icons, written into the page."""

import pytest

from pages.templatetags.icons import MissingIconError, icon


def test_an_icon_is_drawn_hidden_from_those_who_listen() -> None:
    drawn = icon("check", css="al-done", size=14)

    assert drawn.startswith(
        '<svg class="al-i al-done" width="14" height="14" viewBox="0 0 16 16" fill="currentColor"'
        ' aria-hidden="true" focusable="false"><path d="M10.97'
    )
    assert drawn.count("<svg") == drawn.count("</svg>") == 1


def test_no_icon_is_nothing() -> None:
    assert icon("") == ""


@pytest.mark.parametrize("name", ["no-such-icon", "../../../etc/passwd", "Check"])
def test_an_unknown_icon_says_which_and_where(name: str) -> None:
    with pytest.raises(MissingIconError, match=r"no icon '.*' in .*bootstrap-icons/icons; is `npm ci` done"):
        icon(name)
