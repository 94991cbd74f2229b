"""Measure a filled database once and print the rounds as JSON: ``python -m benchmarks.measure``."""

import argparse
import gc
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict

import django

django.setup()

from benchmarks.rows import assessment, importing, my_work, recalculate, sweep  # noqa: E402
from benchmarks.timing import Measured  # noqa: E402

ROWS: Mapping[str, tuple[Callable[[int], "Measured | list[Measured]"], int]] = {
    "sweep_idle": (sweep.idle, 60),
    "log_assessment": (assessment.log_one, 30),
    "my_work": (my_work.of_member, 15),
    "my_work_coordinator": (my_work.of_coordinator, 15),
    "recalculate": (recalculate.every_rule, 3),
    "recalculate_one_rule": (recalculate.one_rule, 3),
    "recalculate_workers": (recalculate.two_workers, 2),
    "import": (importing.one_clinic, 3),
    "sweep_due": (sweep.of_a_day, 5),
}
"""What can be measured and how many rounds one pass takes; the days pass last."""


def measure(names: list[str]) -> list[Measured]:
    """Measure the rows of these names, in the order of the table."""
    gc.collect()
    gc.freeze()  # as gunicorn.conf.py does
    measured: list[Measured] = []
    for name, (work, rounds) in ROWS.items():
        if name in names:
            found = work(rounds)
            measured += found if isinstance(found, list) else [found]
    return measured


def main() -> None:
    """Print what one pass measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default=",".join(ROWS))
    print(json.dumps([asdict(row) for row in measure(parser.parse_args().rows.split(","))]))


if __name__ == "__main__":
    main()
