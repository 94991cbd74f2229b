"""Take the README's pictures from the running demo.

    ./run                                   in one terminal
    .venv/bin/python docs/pictures/make.py  in another

Every person and number in them is invented.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
SYSTEM_BROWSER = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]
PASSWORD = "harbor demo clinic"


@dataclass(frozen=True)
class Picture:
    """One picture: who looks, at what, and what is pressed first."""

    name: str
    account: str
    path: str
    press: str = ""


PICTURES = (
    Picture("my-work", "nadia.wren", "/", ".al-do >> nth=0"),
    Picture("equipment", "tom.finch", "/equipment/"),
    Picture("patient", "tom.finch", "/", ".al-name a >> nth=0"),
    Picture("why", "nadia.wren", "/", ".al-why >> nth=0"),
)


def take(browser: Browser, url: str, picture: Picture) -> None:
    """Sign in, open the page, press, and save what a person would see."""
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.goto(f"{url}/")
    page.get_by_label("Email").fill(f"{picture.account}@harbor.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state("networkidle")
    page.goto(f"{url}{picture.path}")
    if picture.press:
        page.locator(picture.press).click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=HERE / f"{picture.name}.png")
    page.close()


def main() -> None:
    """Take all pictures from the demo at ``--url``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    url = parser.parse_args().url.rstrip("/")
    with sync_playwright() as playwright:
        executable = str(SYSTEM_BROWSER) if SYSTEM_BROWSER.exists() else None
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        for picture in PICTURES:
            take(browser, url, picture)
        browser.close()


if __name__ == "__main__":
    main()
