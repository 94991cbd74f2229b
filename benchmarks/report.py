"""What was measured, against the bars: as a table for people and as JSON."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Bar:
    """The most that the product may take: times its floor, and times itself at the smallest size.

    ``rate`` is the fewest rows a second, by the clock of whatever machine it is, where the
    bar is no ratio.
    """

    ratio: float | None
    growth: float
    rate: int = 0


BARS: Mapping[str, Bar] = {
    "sweep, nothing due": Bar(ratio=3, growth=1.5),
    "sweep, a day's newly due work": Bar(ratio=3, growth=float("inf")),  # more falls due in more clinics
    "sweep, a day's steps of the ladder": Bar(ratio=3, growth=float("inf")),
    "log one assessment": Bar(ratio=15, growth=1.3),
    "My work, to a constant page": Bar(ratio=2.3, growth=1.3),
    "My work, to bare JSON": Bar(ratio=8, growth=1.3),
    "My work of a coordinator, to a constant page": Bar(ratio=2.3, growth=1.3),
    "My work of a coordinator, to bare JSON": Bar(ratio=8, growth=1.3),
    "recalculate, every rule": Bar(ratio=2, growth=1.3),
    "recalculate, one rule": Bar(ratio=2, growth=1.3),
    "recalculate, two workers to one": Bar(ratio=1 / 1.4, growth=float("inf")),
    "import": Bar(ratio=None, growth=1.3, rate=5000),
}


@dataclass(slots=True)
class Result:
    """One row of the table at one size; times are medians in milliseconds."""

    name: str
    patients: int
    product_ms: float
    floor_ms: float
    ratio: float
    bar: float | None
    rounds: int
    counts: dict[str, tuple[int, int]]
    notes: dict[str, float]
    missed: list[str] = field(default_factory=list)


def results(passes: Iterable[tuple[int, Sequence[Mapping[str, Any]]]]) -> list[Result]:
    """One result per row and size, from what each pass over each size measured.

    The ratio is the median of the rounds' own ratios, since the two of a round ran
    under the same load of the machine.
    """
    measured: dict[tuple[str, int], list[Mapping[str, Any]]] = defaultdict(list)
    for patients, rows in passes:
        for row in rows:
            measured[row["name"], patients].append(row)
    found = [_result(name, patients, rows) for (name, patients), rows in measured.items()]
    _compare_sizes(found)
    return sorted(found, key=lambda result: (list(BARS).index(result.name), result.patients))


def _result(name: str, patients: int, rows: Sequence[Mapping[str, Any]]) -> Result:
    product = [seconds for row in rows for seconds in row["product"]]
    floor = [seconds for row in rows for seconds in row["floor"]]
    ratios = [ours / least for ours, least in zip(product, floor, strict=True)]
    counts = {
        what: (max(row["counts"][what][0] for row in rows), most)
        for what, (_n, most) in rows[0]["counts"].items()
    }
    result = Result(
        name=name,
        patients=patients,
        product_ms=1000 * median(product) if product else 0.0,
        floor_ms=1000 * median(floor) if floor else 0.0,
        ratio=median(ratios) if ratios else 0.0,
        bar=BARS[name].ratio,
        rounds=len(ratios),
        counts=counts,
        notes={what: median(row["notes"][what] for row in rows) for what in rows[-1]["notes"]},
        missed=sorted({fault for row in rows for fault in row["faults"]}),
    )
    if not ratios:
        result.missed.append("nothing was measured")
    if result.bar is not None and result.ratio > result.bar:
        result.missed.append(f"{result.ratio:.1f} times the floor, {result.bar:g} allowed")
    if (rate := result.notes.get("rows/s", 0)) < BARS[name].rate:
        result.missed.append(f"{rate:.0f} rows/s, {BARS[name].rate} wanted")
    result.missed += [f"{n} {what}, {most} allowed" for what, (n, most) in counts.items() if n > most]
    return result


def _compare_sizes(found: Iterable[Result]) -> None:
    """Note what grew with the number of patients although it should not."""
    by_name: dict[str, list[Result]] = defaultdict(list)
    for result in found:
        by_name[result.name].append(result)
    for name, of_name in by_name.items():
        smallest = min(of_name, key=lambda result: result.patients)
        for result in of_name:
            if result is smallest or not smallest.product_ms:
                continue
            growth = result.product_ms / smallest.product_ms
            result.notes = {**result.notes, "growth": round(growth, 2)}
            if growth > BARS[name].growth:
                result.missed.append(
                    f"{growth:.2f} times {smallest.patients} patients, {BARS[name].growth:g} allowed"
                )


def table(found: Sequence[Result]) -> str:
    """The results for people."""
    heads = ("row", "patients", "product", "floor", "ratio", "bar", "counted", "", "notes")
    lines = [heads, *(_cells(result) for result in found)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(heads))]
    aligned = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    )
    missed = [
        f"MISSED {each.name}, {each.patients} patients: {'; '.join(each.missed)}"
        for each in found
        if each.missed
    ]
    return "\n".join([*(line.rstrip() for line in aligned), *missed])


def _cells(result: Result) -> tuple[str, ...]:
    return (
        result.name,
        f"{result.patients}",
        f"{result.product_ms:.2f} ms",
        f"{result.floor_ms:.2f} ms",
        f"{result.ratio:.2f}",
        f"{BARS[result.name].rate} rows/s" if result.bar is None else f"{result.bar:g}",
        ", ".join(f"{n} {what}" for what, (n, _most) in result.counts.items()),
        "MISSED" if result.missed else "ok",
        ", ".join(f"{what} {number:g}" for what, number in result.notes.items()),
    )


def document(found: Sequence[Result], *, machine: Mapping[str, Any]) -> dict[str, Any]:
    """The results for programs."""
    return {"machine": machine, "passed": passed(found), "rows": [asdict(result) for result in found]}


def passed(found: Sequence[Result]) -> bool:
    """Whether something was measured and every bar was met."""
    return bool(found) and not any(result.missed for result in found)
