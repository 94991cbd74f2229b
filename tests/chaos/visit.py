"""People at work in the running product, over HTTP: they sign in, look around, log what they did."""

import http.client
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
TASK = re.compile(r'<li id="task-([0-9a-f-]+)".*?<h3 class="al-title">([^<]*)<', re.DOTALL)
PATIENCE = 120.0  # seconds
OUR_SIDE = 500
"""From here on an answer says: something went wrong on our side, look before you send it again."""


class Visitor:
    """A browser without script. Every answer of 400 or more is an error, raised by urllib."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), urllib.request.ProxyHandler({})
        )

    def see(self, path: str) -> str:
        """Open a page and return its text."""
        with self.browser.open(self.url + path, timeout=15) as answer:
            return str(answer.read().decode())

    def send(self, path: str, *, form_on: str = "", **typed: str) -> str:
        """Fill the form of an address, send it, and return where that leads.

        ``form_on``: the page that the form stands on, where it has none of its own.
        """
        token = TOKEN.search(self.see(form_on or path))
        assert token is not None, f"{form_on or path} has no form"
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **typed}).encode()
        with self.browser.open(self.url + path, data, timeout=15) as answer:
            return str(answer.read().decode())


def signed_in(url: str, told: Mapping[str, str]) -> tuple[Visitor, str]:
    """A visitor who has signed in, and the page that leads to."""
    person = Visitor(url)
    return person, person.send("/accounts/login/", login=told["email"], password=told["password"])


def work(url: str, told: Mapping[str, str]) -> None:
    """Log a review and a call, and find the review gone from the list and the inbox.

    ``told`` is what items.py says of the clinic to visit.
    """
    person, page = signed_in(url, told)
    assert "Ruth Alder" in page
    assert told["review"] in page
    for path in ("/", f"/patients/{told['patient']}/", "/equipment/", "/alerts/"):
        assert "Ruth Alder" in person.see(path), path
    assert "Nutrition review" in person.see("/alerts/")

    person.send(f"/work/{told['review']}/log/", happened_on=told["today"], weight_g="63.1")
    person.send(f"/work/{told['stalled']}/call/", contact_with="payer", note="Still in review")

    assert told["review"] not in person.see("/")
    assert told["stalled"] in person.see("/")
    assert "Nutrition review" not in person.see("/alerts/")
    assert "Still in review" in person.see(f"/patients/{told['patient']}/")


@dataclass
class Known:
    """What a colleague knows of a task: shown as saved, asked to be marked done, gone from the page."""

    saved: bool = False
    asked: bool = False
    gone: bool = False


class Colleague(threading.Thread):
    """Somebody who works on while the product dies around them: adds a task, sees it, marks it done.

    They do what the error page says: look before they send anything again. What the
    product showed them as saved must be there whenever it answers. ``wrong`` holds
    every answer that was neither right nor "away" (none at all, or 500 and more).
    """

    def __init__(self, url: str, told: Mapping[str, str]) -> None:
        super().__init__(name=told["email"], daemon=True)
        self.page, self.due_on = f"/patients/{told['patient']}/", told["later"]
        self.person, _page = signed_in(url, told)
        self.answers: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.done: list[str] = []
        self._ended = threading.Event()

    def run(self) -> None:
        """Work until told to end."""
        while not self._ended.is_set():
            title = f"Call {len(self.done) + len(self.wrong) + 1}"
            try:
                self._work_on(title)
                self.done.append(title)
            except (AssertionError, urllib.error.HTTPError) as error:
                self.wrong.append(f"{title}: {error}")

    def end(self) -> None:
        """Go home, once what was begun is finished."""
        self._ended.set()
        self.join(PATIENCE)
        if self.is_alive():
            self.wrong.append("the product stayed away")

    def _work_on(self, title: str) -> None:
        """Have a task added and done, however often the product is away meanwhile."""
        known = Known()
        while not known.gone:
            try:
                self._next_step(title, known)
                self.answers["right"] += 1
            except urllib.error.HTTPError as error:
                if error.code < OUR_SIDE:
                    raise
                self._wait(str(error.code))
            except (OSError, http.client.HTTPException):
                self._wait("away")

    def _next_step(self, title: str, known: Known) -> None:
        """Look, then do what is to be done next; only what an answer showed is known."""
        task = self._tasks(self.person.see(self.page)).get(title)
        if task:
            known.saved = known.asked = True
            self.person.send(f"/work/{task}/done/", form_on=self.page)
            assert title not in self._tasks(self.person.see(self.page)), "was marked done and is still open"
            known.gone = True
        elif known.asked:  # the answer to "done" was lost
            known.gone = True
        else:
            assert not known.saved, "was shown as saved and is gone"
            page = self.person.send(f"{self.page}tasks/add/", title=title, due_on=self.due_on)
            assert title in self._tasks(page), "was added and is not shown"
            known.saved = True

    def _tasks(self, page: str) -> dict[str, str]:
        """Open tasks of the person by title, as a page shows them; it must be their page."""
        assert "Ruth Alder" in page, "another page than asked for"
        return {title.strip(): task for task, title in TASK.findall(page)}

    def _wait(self, answer: str) -> None:
        self.answers[answer] += 1
        time.sleep(0.5)


@contextmanager
def at_work(url: str, told: Iterable[Mapping[str, str]]) -> Iterator[list[Colleague]]:
    """Colleagues who work within the block, one in each clinic."""
    colleagues = [Colleague(url, each) for each in told]
    for colleague in colleagues:
        colleague.start()
    try:
        yield colleagues
    finally:
        for colleague in colleagues:
            colleague.end()
