"""What is wrong with a folder of files: every bad cell by file, line, column, value and reason."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

SHOWN = 200
"""How many problems are shown; all are counted."""

LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. ``line`` 0 means the whole file, "" the whole line."""

    file: str
    line: int
    column: str
    value: str
    reason: str

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)

    def __str__(self) -> str:
        place = [self.file]
        if self.line:
            place.append(f"line {self.line}")
        if self.column:
            place.append(self.column)
        value = f" {self.value!r}" if self.value else ""
        return f"{', '.join(place)}:{value} {self.reason}"


@dataclass(slots=True)
class Problems:
    """Problems in the order found; only the first ones are kept, all are counted."""

    kept: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, line: int = 0, column: str = "", value: str = "", *, reason: str) -> None:
        """Note one problem."""
        self.count += 1
        if len(self.kept) < SHOWN:
            short = value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
            self.kept.append(Problem(file, line, column, short, reason))

    def __bool__(self) -> bool:
        return self.count > 0

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.kept)
