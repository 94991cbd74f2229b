"""Finds a Python that is new enough. Written for old ones too, since they must be able to say so."""

import os
import shutil
import sys

OLDEST = (3, 11)
CANDIDATES = ("python3.14", "python3.13", "python3.12", "python3.11")


def require():
    # type: () -> None
    """Go on in this Python if it is new enough, else in another of this machine, else say what is missing."""
    if sys.version_info >= OLDEST:
        return
    for name in CANDIDATES:
        path = shutil.which(name)
        if path:
            os.execv(path, [path] + sys.argv)  # noqa: RUF005
    sys.exit(
        "error: alscare needs Python %d.%d or later; this is %s.\n"
        "To mend it: install one (on Debian: apt-get install python3 python3-venv) and start again."
        % (OLDEST + (sys.version.split()[0],))
    )
