"""What the table says of what was measured: met, missed, and why."""

from typing import Any

import pytest

from benchmarks.report import BARS, document, passed, results, table

NAME = "log one assessment"


def measured(product: float, floor: float = 1.0, **more: Any) -> dict[str, Any]:
    row = {
        "name": NAME,
        "product": [product] * 3,
        "floor": [floor] * 3,
        "counts": {},
        "faults": [],
        "notes": {},
    }
    return row | more


def test_a_bar_that_is_met_is_met() -> None:
    [result] = results([(400, [measured(15.0)])])

    assert (result.ratio, result.missed) == (15.0, [])
    assert passed([result])


def test_a_slow_path_misses_its_bar() -> None:
    [result] = results([(400, [measured(15.1)])])

    assert result.missed == ["15.1 times the floor, 15 allowed"]
    assert not passed([result])
    assert "MISSED log one assessment, 400 patients: 15.1 times the floor, 15 allowed" in table([result])


def test_the_ratio_is_of_rounds_that_ran_side_by_side() -> None:
    [result] = results([(400, [measured(0) | {"product": [2.0, 20.0, 3.0], "floor": [1.0, 10.0, 1.0]}])])

    assert result.ratio == 2.0


def test_a_query_too_many_misses_the_bar_in_whichever_pass() -> None:
    good, bad = measured(1.0, counts={"queries": (12, 12)}), measured(1.0, counts={"queries": (13, 12)})

    [result] = results([(400, [good]), (400, [bad]), (400, [good])])

    assert result.missed == ["13 queries, 12 allowed"]
    assert result.rounds == 9


def test_growth_with_the_number_of_patients_is_missed() -> None:
    small, large = results([(100_000, [measured(1.4)]), (10_000, [measured(1.0)])])

    assert (small.patients, small.missed) == (10_000, [])
    assert large.missed == [f"1.40 times 10000 patients, {BARS[NAME].growth:g} allowed"]


def test_a_measurement_that_proves_nothing_fails() -> None:
    [faulty] = results([(400, [measured(1.0, faults=["nothing was due"])])])
    [empty] = results([(400, [measured(0) | {"product": [], "floor": []}])])

    assert faulty.missed == ["nothing was due"]
    assert empty.missed == ["nothing was measured"]
    assert not passed([])


def test_programs_get_the_same_verdict() -> None:
    found = results([(400, [measured(16.0)])])

    said = document(found, machine={"cores": 2})

    assert (said["passed"], said["machine"], said["rows"][0]["ratio"]) == (False, {"cores": 2}, 16.0)


@pytest.mark.parametrize(
    ("rates", "missed"), [((5200, 4900, 5000), []), ((5200, 4900, 4800), ["4900 rows/s, 5000 wanted"])]
)
def test_too_few_rows_a_second_miss_the_bar(rates: tuple[int, ...], missed: list[str]) -> None:
    rows = [measured(9.0, name="import", notes={"rows/s": rate}) for rate in rates]

    [result] = results([(400, [row]) for row in rows])

    assert result.missed == missed
    assert "5000 rows/s" in table([result])
