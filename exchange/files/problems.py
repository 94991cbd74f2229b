"""What is wrong with a folder of files: every bad cell by file, line, column, value and reason."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SHOWN = 200
"""How many problems are shown; all are counted."""

LONGEST_VALUE = 80
MOST_LINES = 20
"""How many further lines of one problem are named in a sentence; all are kept."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. ``line`` 0 means the whole file, ``column`` "" the whole line.

    ``also`` are the further lines of the same thing.
    """

    file: str
    line: int
    column: str
    value: str
    reason: str
    also: tuple[int, ...] = ()

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
        return f"{', '.join(place)}:{value} {self.reason}{self._also()}"

    def _also(self) -> str:
        if not self.also:
            return ""
        lines, more = ", ".join(map(str, self.also[:MOST_LINES])), len(self.also) - MOST_LINES
        if more > 0:
            return " " + _("Also in lines %(lines)s and %(more)s more.") % {"lines": lines, "more": more}
        return " " + ngettext("Also in line %(lines)s.", "Also in lines %(lines)s.", len(self.also)) % {
            "lines": lines
        }


@dataclass(slots=True)
class Problems:
    """Problems in the order found; only the first ones are kept, all are counted."""

    kept: list[Problem] = field(default_factory=list)
    count: int = 0
    _lines: dict[tuple[str, str, str, str], list[int]] = field(default_factory=dict)
    """The lines of problems that count once, however many lines have them."""

    def add(
        self,
        file: str,
        line: int = 0,
        column: str = "",
        value: str = "",
        *,
        reason: str,
        once: bool = False,
    ) -> None:
        """Note one problem; with ``once`` the same thing in another line is the same problem."""
        short = value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
        if once:
            lines = self._lines.setdefault((file, column, short, reason), [])
            lines.append(line)
            if len(lines) > 1:
                return
        self.count += 1
        if len(self.kept) < SHOWN:
            self.kept.append(Problem(file, line, column, short, reason))

    def __bool__(self) -> bool:
        return self.count > 0

    def __iter__(self) -> Iterator[Problem]:
        for problem in self.kept:
            key = (problem.file, problem.column, problem.value, problem.reason)
            first, *also = sorted(self._lines.get(key, [problem.line]))
            yield replace(problem, line=first, also=tuple(also))
