"""Verbs and menus: with htmx, and the same address without."""

import pytest
from django.template import Context, Template

from pages.rows import Action, How

TOKEN = "t" * 32


def draw(source: str, **context: object) -> str:
    return Template("{% load actions %}" + source).render(Context({"csrf_token": TOKEN, **context}))


def test_a_form_in_place_is_also_a_link() -> None:
    action = Action("Log review", "/log/", about="Ruth Alder", key="l")

    assert draw('{% act action "btn" %}', action=action) == (
        '<a href="/log/" class="btn" hx-get="/log/" hx-target="closest .al-item" hx-swap="beforeend"'
        ' hx-sync="closest .al-item:replace" data-form data-key="l">Log review'
        '<span class="visually-hidden">: Ruth Alder</span></a>'
    )


def test_in_a_table_the_form_goes_into_a_slot() -> None:
    assert draw("{% act action slot=True %}", action=Action("Log call", "/call/")) == (
        '<a href="/call/" class="" hx-get="/call/" hx-target="next .al-slot" hx-swap="innerHTML"'
        ' hx-sync="closest .al-item:replace" data-form>Log call</a>'
    )


def test_a_drawer_and_a_page() -> None:
    drawer, page = Action("Why", "/why/", How.DRAWER), Action("Edit", "/edit/", How.PAGE)

    assert draw("{% act action %}", action=drawer) == (
        '<a href="/why/" class="" hx-get="/why/" hx-target="#drawer">Why</a>'
    )
    assert draw("{% act action %}", action=page) == '<a href="/edit/" class="">Edit</a>'


def test_a_post_is_a_form_with_a_token() -> None:
    assert draw('{% act action "al-undo" %}', action=Action("Undo", "/undo/", How.POST)) == (
        '<form method="post" action="/undo/" hx-post="/undo/" hx-target="closest .al-item"'
        ' hx-swap="outerHTML" class="al-inline">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{TOKEN}">'
        '<button type="submit" class="al-undo">Undo</button></form>'
    )


@pytest.mark.parametrize("how", list(How))
def test_what_people_typed_stays_text(how: How) -> None:
    nasty = '"><script>alert(1)</script>'

    drawn = draw("{% act action %}{% menu menu nasty %}", action=Action(nasty, f"/x/?{nasty}", how, nasty),
                 menu=[Action(nasty, nasty, how, key=nasty)], nasty=nasty)  # fmt: skip

    assert "<script" not in drawn
    assert drawn.count("&lt;script&gt;") >= 6


def test_only_the_first_row_of_mine_is_filled() -> None:
    assert 'class="btn btn-primary al-do"' in draw("{% do a %}", a=Action("Log", "/", filled=True))
    assert 'class="btn btn-link al-do"' in draw("{% do a %}", a=Action("Log", "/"))


def test_a_menu_names_its_row_and_marks_danger() -> None:
    actions = [
        Action("Assign", "/a/", How.PAGE),
        Action("Mark entered in error", "/e/", How.PAGE, danger=True),
    ]

    drawn = draw("{% menu actions 'Nutrition review' 'Ruth Alder' '' %}", actions=actions)

    assert '<span class="visually-hidden">More: Nutrition review, Ruth Alder</span>' in drawn
    assert drawn.endswith(
        '<ul class="al-menu-list"><li><a href="/a/" class="">Assign</a></li>'
        '<li><a href="/e/" class="al-danger">Mark entered in error</a></li></ul></details>'
    )


@pytest.mark.parametrize("source", ["{% act None %}", "{% do None %}", "{% menu actions 'x' %}"])
def test_nothing_to_do_draws_nothing(source: str) -> None:
    assert draw(source, actions=()) == ""
