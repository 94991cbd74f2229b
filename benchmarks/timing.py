"""Taking the time of the product and of its floor side by side, and counting what they ask of PostgreSQL."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

Timed = Callable[[], float]
"""Does the work once and returns how many seconds it took."""

BOUNDARIES = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass(slots=True)
class Measured:
    """One row of the table as measured: seconds of each round, what was counted, what went wrong.

    ``counts`` maps what was counted to (how many, the most there may be).
    """

    name: str
    product: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: dict[str, float] = field(default_factory=dict)

    def round(self, product: Timed, floor: Timed) -> None:
        """Take one round; who goes first alternates, so that neither always finds the caches warm."""
        if len(self.product) % 2:
            self.floor.append(floor())
            self.product.append(product())
        else:
            self.product.append(product())
            self.floor.append(floor())

    def repeated(self, product: float, floor: float) -> None:
        """Take a round in which the floor repeated what the product had done just before."""
        self.product.append(product)
        self.floor.append(floor)

    def expect(self, holds: bool, fault: str) -> None:
        """Note a fault that would make the measurement worthless."""
        if not holds and fault not in self.faults:
            self.faults.append(fault)

    def count(self, what: str, found: int, most: int) -> None:
        """Note the largest count of something, and the most there may be."""
        self.counts[what] = (max(found, self.counts.get(what, (0, 0))[0]), most)


def timed(work: Callable[[], object]) -> float:
    """Seconds that some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@dataclass(slots=True)
class Asked:
    """What was asked of the database within a block: seconds, and each statement with its parameters."""

    seconds: float = 0.0
    statements: list[tuple[str, Any]] = field(default_factory=list)


@contextmanager
def asking() -> Iterator[Asked]:
    """Watch the statements of a block from within: the time they took is the database's and the wire's."""
    asked = Asked()

    def watch(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]
    ) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            asked.seconds += time.perf_counter() - began
            asked.statements.append((sql, params))

    with connection.execute_wrapper(watch):
        yield asked


def queries_of(work: Callable[[], object]) -> int:
    """How many statements some work sends; the boundaries of transactions are not counted."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return sum(not query["sql"].lstrip().startswith(BOUNDARIES) for query in captured.captured_queries)


def pages_of(statements: Sequence[tuple[str, Any]]) -> int:
    """Pages of 8 kB that these statements touch, whether cached or not: the same on every machine."""
    pages = 0
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
            plan = cursor.fetchone()[0][0]["Plan"]
            pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return pages
