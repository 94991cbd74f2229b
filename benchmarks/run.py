"""The benchmarks of docs/performance.md: ``python benchmarks/run.py --patients 10000,100000``."""

import argparse
import json
import os
import platform
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # the checkout, rather than this folder

from benchmarks.report import document, passed, results, table  # noqa: E402
from benchmarks.server import Sizes  # noqa: E402
from launch import postgres  # noqa: E402
from launch.errors import exit_with  # noqa: E402
from launch.install import PYTHON, install, site_packages  # noqa: E402
from launch.progress import Progress  # noqa: E402
from launch.run import stop_on_signals  # noqa: E402

ROWS = (
    "sweep_idle", "sweep_due", "log_assessment", "my_work", "my_work_coordinator",
    "recalculate", "recalculate_one_rule", "recalculate_workers", "import",
)  # fmt: skip
DESCRIPTION = """\
Measure what the product does often beside the least it could cost on this machine:
a hand-written statement, a bare insert, a page drawn from constants. Starts a
private PostgreSQL, as durable as that of ./run, and fills it with invented people.
Absolute times are this machine's own; what counts is how many times the floor."""


def main() -> int:
    """Measure and print; returns the exit code.

    Raises:
        LaunchError: something stands in the way of measuring.
    """
    arguments = _arguments()
    stop_on_signals()
    progress = Progress(sys.stderr)
    if find_spec("django") is None:
        install(progress)
        os.execv(PYTHON, [str(PYTHON), *sys.argv])
    with tempfile.TemporaryDirectory(prefix="alscare-benchmark-") as folder:
        return _measure(arguments, arguments.data or Path(folder), progress)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--patients", type=_sizes, default=[10_000], help="one size or several: 10000,100000")
    parser.add_argument("--rows", type=_rows, default=ROWS, help=f"some of {','.join(ROWS)}")
    parser.add_argument("--passes", type=int, default=3, help="times each size is measured, in turns (3)")
    parser.add_argument("--json", type=Path, help="a file for the results")
    parser.add_argument("--data", type=Path, help="keep the filled databases here and use them again")
    parser.add_argument("--check", action="store_true", help="end with 1 when a bar is missed")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    return sorted({int(part) for part in text.split(",")})


def _rows(text: str) -> list[str]:
    rows = text.split(",")
    if unknown := set(rows) - set(ROWS):
        raise argparse.ArgumentTypeError(f"no such rows: {', '.join(sorted(unknown))}")
    return rows


def _measure(arguments: argparse.Namespace, folder: Path, progress: Progress) -> int:
    packages = site_packages(Path(sys.executable))
    folder.mkdir(parents=True, exist_ok=True)
    with postgres.running(folder, site_packages=packages, durable=True) as server:
        sizes = Sizes(server, progress, folder / "product.log")
        for patients in arguments.patients:
            sizes.prepare(patients)
        passes = []
        for number in range(1, arguments.passes + 1):
            for patients in arguments.patients:
                progress.say(f"Measuring {patients} patients, pass {number} of {arguments.passes}")
                passes.append((patients, sizes.measure(patients, arguments.rows)))
        machine = _machine(server)
    found = results(passes)
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    print(table(found))
    if arguments.json:
        arguments.json.write_text(json.dumps(document(found, machine=machine), indent=1) + "\n")
    return 1 if arguments.check and not passed(found) else 0


def _machine(server: postgres.Postgres) -> dict[str, object]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory": f"{memory / 2**30:.0f} GB",
        "load": round(os.getloadavg()[0], 1),
        "PostgreSQL": server.sql("SHOW server_version").split()[0],
        "Python": platform.python_version(),
    }


if __name__ == "__main__":
    exit_with(main)
