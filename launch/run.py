"""./run: everything from an empty checkout to pages in the browser."""

import argparse
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

from launch import ports
from launch.errors import STOPPED_BY_HAND, LaunchError
from launch.install import PYTHON, install
from launch.processes import CHECKOUT
from launch.progress import Progress
from launch.stack import Stack

DESCRIPTION = """\
Start alscare on this machine: set up what it needs on first use, then serve it
until Ctrl-C. Without DATABASE_URL it runs a private PostgreSQL with a demo clinic.
Settings for real servers: docs/operations.md."""


def main() -> int:
    """Run until stopped by a signal; returns the exit code.

    Raises:
        LaunchError: something stands in the way, or a part was given up.
        KeyboardInterrupt: stopped before it served.
    """
    arguments = _arguments()
    stop_on_signals()
    _refuse_half_real()
    ports.refuse_taken(arguments.port)
    progress = Progress()
    install(progress)
    with Stack(data=arguments.data, port=arguments.port, python=PYTHON, progress=progress) as stack:
        stack.start()
        stack.sweep_once()
        try:
            _show(stack)
            while True:
                time.sleep(0.5)
                stack.supervisor.raise_failure()
        except KeyboardInterrupt:
            return 0


def stop_on_signals() -> None:
    """Make Ctrl-C, SIGTERM and a closed terminal end the program in order, and a second one at once."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def first(_number: int, _frame: FrameType | None) -> None:
        for number in signals:
            signal.signal(number, second)
        raise KeyboardInterrupt

    def second(_number: int, _frame: FrameType | None) -> None:
        os._exit(STOPPED_BY_HAND)  # what was started is tied to this process and goes with it

    for number in signals:
        signal.signal(number, first)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=8000, help="port of the pages on 127.0.0.1 (8000)")
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("ALSCARE_DATA") or CHECKOUT / "data"),
        help="folder for the database, demo mail and logs (./data)",
    )
    return parser.parse_args()


def _refuse_half_real() -> None:
    """A real clinic's mail must not end in the demo's sink."""
    if os.environ.get("DATABASE_URL") and not os.environ.get("EMAIL_URL"):
        raise LaunchError(
            "EMAIL_URL is not set, but DATABASE_URL is: mail of a real clinic needs a real mail server.",
            mend="set EMAIL_URL, for example submission://user:password@mail.example.org:587.",
        )


def _show(stack: Stack) -> None:
    """Say what is overdue, where to sign in and how to stop."""
    commands = ["overdue_summary", "demo_accounts"] if stack.embedded else ["overdue_summary"]
    with ThreadPoolExecutor() as pool:
        parts = [part.strip() for part in pool.map(stack.manage, commands)]
    stack.progress.say(f"alscare is ready at {stack.url}")
    print("".join(f"\n{part}\n" for part in parts if part))
    address = stack.url if stack.embedded else stack.environment()["ALSCARE_BASE_URL"]
    print(f"Open {address} to sign in. Ctrl-C stops everything.")
    print(f"Data and logs: {stack.folder.path}", flush=True)
