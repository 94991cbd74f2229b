"""A person at work in the running product, over HTTP: signs in, looks around, logs what they did."""

import re
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http.cookiejar import CookieJar

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


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

    def send(self, path: str, **typed: str) -> str:
        """Fill the form of an address, send it, and return where that leads."""
        token = TOKEN.search(self.see(path))
        assert token is not None, f"{path} has no form"
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **typed}).encode()
        with self.browser.open(self.url + path, data, timeout=15) as answer:
            return str(answer.read().decode())


def work(url: str, told: Mapping[str, str]) -> None:
    """Log a review and a call, and find the review gone from the list and the inbox.

    ``told`` is what items.py says of the clinic to visit.
    """
    person = Visitor(url)
    page = person.send("/accounts/login/", login=told["email"], password=told["password"])
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
