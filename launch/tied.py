"""Run a program so that it cannot outlive the process that started it.

    python -m launch.tied --parent PID [--signal NAME] [--as namespace|nobody] exec PROGRAM ARG...
    python -m launch.tied --parent PID module MODULE ARG...

``exec`` becomes the program. ``module`` runs a Python module in this process, and
ties to it every process that it forks: the pool of a Celery worker and the
workers of gunicorn go with it, even on SIGKILL, which no handler of theirs sees.

``--as`` gives up root, which PostgreSQL insists on: ``namespace`` by appearing as
``nobody`` in a user namespace while files stay the caller's, ``nobody`` by
becoming that user.
"""

import argparse
import ctypes
import os
import pwd
import runpy
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(number: signal.Signals, parent: int) -> None:
    """Have the kernel send ``number`` when the parent goes; leave at once if it is gone."""
    _libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def enter_namespace() -> None:
    """Appear as ``nobody`` while remaining the caller to the file system.

    Raises:
        OSError: this system does not allow user namespaces.
    """
    user, group = os.geteuid(), os.getegid()
    if _libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are not allowed here")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {group} 1")


def become_nobody() -> None:
    """Give up root for good, as the user ``nobody``."""
    account = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    os.chdir("/")  # the caller's folder may be closed to nobody


def _tie_forks() -> None:
    def tie() -> None:
        die_with_parent(signal.SIGKILL, parent[0])

    parent = [0]
    os.register_at_fork(before=lambda: parent.__setitem__(0, os.getpid()), after_in_child=tie)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="launch.tied", description=__doc__)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--signal", default="SIGKILL", choices=[number.name for number in signal.Signals])
    parser.add_argument("--as", dest="identity", choices=["namespace", "nobody"])
    parser.add_argument("how", choices=["exec", "module"])
    parser.add_argument("command", nargs=argparse.REMAINDER)
    return parser.parse_args()


def main() -> None:
    """Read the command line and become what it names."""
    arguments = _arguments()
    if arguments.identity == "namespace":
        enter_namespace()
    elif arguments.identity == "nobody":
        become_nobody()
    die_with_parent(signal.Signals[arguments.signal], arguments.parent)
    name, *rest = arguments.command
    if arguments.how == "exec":
        os.execvp(name, [name, *rest])
    _tie_forks()
    sys.argv = [name, *rest]
    runpy.run_module(name, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
