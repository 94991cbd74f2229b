"""Ask for one sweep through Celery and wait until a worker has done it.

    BROKER_URL=... python -m launch.first_sweep

Results are not kept, so this watches the broker: a message that is neither
waiting nor held by a worker has been worked off.
"""

import os
import sys
import time

from celery import Celery
from redis import Redis

TASK = "alerts.tasks.sweep"
QUEUE = "celery"
HELD = "unacked"  # where the Redis transport keeps messages that a worker has taken
LONGEST = 120.0  # seconds


def main() -> int:
    """Returns 0 when the sweep was done, 1 when no worker did it in time."""
    app = Celery(broker=os.environ["BROKER_URL"])
    app.send_task(TASK)
    until = time.monotonic() + LONGEST
    with app.connection_for_read() as connection:
        broker: Redis = connection.default_channel.client  # type: ignore[attr-defined]
        while broker.llen(QUEUE) or broker.hlen(HELD):
            if time.monotonic() > until:
                return 1
            time.sleep(0.1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
