"""Errors that say what is wrong, where, and how to mend it."""

import errno
import sys
from collections.abc import Callable, Sequence

STOPPED_BY_HAND = 130


class LaunchError(Exception):
    """Something stands in the way of starting.

    Args:
        what: what is wrong, as one sentence.
        mend: what the reader can do about it.
        detail: the last lines of output that show it, if any.
    """

    def __init__(self, what: str, *, mend: str, detail: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend
        self.detail = detail.strip()

    def __str__(self) -> str:
        lines = [self.what]
        if self.detail:
            lines += ["", *(f"    {line}" for line in self.detail.splitlines()), ""]
        lines.append(f"To mend it: {self.mend}")
        return "\n".join(lines)


def from_os_error(error: OSError) -> LaunchError:
    """Put the system's errors that people meet into plain words."""
    where = error.filename or "the data folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LaunchError(
            f"The disk is full: nothing more can be written to {where}.",
            mend="free some space there (500 MB is plenty) and start again.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return LaunchError(
            f"{where} cannot be written to by this user.",
            mend="change its owner, or name another folder with --data DIR.",
        )
    return LaunchError(f"{error.strerror or error} ({where}).", mend="see the message above.")


def manage_failed(words: Sequence[str], output: str) -> LaunchError:
    """What a failed ``manage.py`` has to say: its message where it has one, else its last lines."""
    lines = output.strip().splitlines()
    for line in reversed(lines):
        for mark in ("ImproperlyConfigured: ", "CommandError: "):
            if mark in line:
                return LaunchError(line.partition(mark)[2], mend=f"see docs/operations.md ({words[0]}).")
    return LaunchError(
        f"manage.py {' '.join(words)} failed.", mend="see the lines above.", detail="\n".join(lines[-12:])
    )


def exit_with(main: Callable[[], int]) -> None:
    """Run ``main`` and leave with its exit code, or with 1 and a plain message."""
    try:
        code = main()
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        code = STOPPED_BY_HAND
    except (LaunchError, OSError) as error:
        plain = error if isinstance(error, LaunchError) else from_os_error(error)
        print(f"\nerror: {plain}", file=sys.stderr)
        code = 1
    sys.stdout.flush()
    sys.exit(code)
