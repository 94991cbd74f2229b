"""What axe finds on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """What axe finds once nothing moves any more, and whether the page scrolls sideways.

    A page on its way elsewhere cannot be looked at: wait for its address or its heading first.
    """
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    found = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
    lines = [f"{page.url} {one['id']}: {one['nodes'][0]['target']}" for one in found]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        lines.append(f"{page.url} scrolls sideways")
    return lines
