"""Finds a Python that is new enough.

Old ones must be able to read this module, so it uses nothing that they lack.
"""

import os
import shutil
import sys

OLDEST = (3, 11)
CANDIDATES = ("python3.14", "python3.13", "python3.12", "python3.11")


def require() -> None:
    """Go on in this Python if it is new enough, else in another of this machine, else say what is missing."""
    if sys.version_info >= OLDEST:
        return
    for name in CANDIDATES:
        path = shutil.which(name)
        if path:
            os.execv(path, [path, *sys.argv])
    sys.exit(
        "error: alscare needs Python {}.{} or later; this is {}.\n"
        "To mend it: install one (on Debian: apt-get install python3 python3-venv) and start again.".format(
            *OLDEST, sys.version.split()[0]
        )
    )
