import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from exchange.replay import replay
from pathway.timeline import TimelineError

TIMELINE: dict[str, Any] = {
    "id": "T1",
    "patient": {"enrolled_on": "2026-01-01", "onset_region": "bulbar", "clinic_tz": "America/New_York"},
    "as_of": "2026-02-01",
    "rules_in_scope": ["NUTR-3M"],
    "events": [{"id": "e1", "type": "no_such_thing", "date": None}],
}
ANSWER = {
    "timelines": [
        {
            "id": "T1",
            "alerts": [{"rule": "NUTR-3M", "subject": "", "opens_on": "2026-02-01", "closes_on": None}],
        }
    ]
}


def test_the_alerts_of_each_timeline() -> None:
    assert replay({"timelines": [TIMELINE]}) == ANSWER


def test_no_timelines_no_answers() -> None:
    assert replay({"timelines": []}) == {"timelines": []}


@pytest.mark.parametrize("document", [None, [], {}, {"timelines": {}}, {"timelines": [3]}])
def test_a_document_of_another_form_is_turned_away(document: object) -> None:
    with pytest.raises(TimelineError):
        replay(document)


def test_the_command_prints_json(tmp_path: Path) -> None:
    file = tmp_path / "timelines.json"
    file.write_text(json.dumps({"timelines": [TIMELINE]}))
    out = StringIO()

    call_command("replay", str(file), stdout=out)

    assert json.loads(out.getvalue()) == ANSWER


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file"),
        (b"{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[]", 'a list called "timelines"'),
        (b'{"timelines": [{"id": "T9"}]}', "Timeline T9 has no patient"),
    ],
)
def test_the_command_says_what_is_wrong_with_the_file(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    file = tmp_path / "timelines.json"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(CommandError, match=message):
        call_command("replay", str(file))
