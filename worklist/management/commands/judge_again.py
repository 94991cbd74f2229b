"""``manage.py judge_again``: judge all work anew, after an upgrade that changed rules."""

from typing import Any

from audit.commands import ActingCommand
from worklist.services.upgrade import judge_everyone_again


class Command(ActingCommand):
    """Mark every chart to be judged by the next sweeps."""

    help = "After an upgrade that adds or changes rules: have the next sweeps judge every chart again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Mark and say how many."""
        self.stdout.write(f"{judge_everyone_again()} charts will be judged again by the next sweeps.")
