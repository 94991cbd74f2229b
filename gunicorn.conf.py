"""How the web server runs, wherever it is started: ./run, the image, a supervisor of yours.

Every value can be given on gunicorn's command line instead.
"""

import gc
from typing import Any

workers = 2
threads = 4
# Loaded once and shared by the workers, which halves start and memory. Nothing may
# connect to a server while the application loads: a connection must not be shared.
preload_app = True
# Its control interface is a socket that nobody here uses.
control_socket_disable = True
loglevel = "warning"


def when_ready(_server: Any) -> None:
    """Spare the collector what was loaded for good, so that no request waits while it is looked through.

    The workers share that memory for longer, too: the collector would write to each object of it.
    """
    gc.collect()
    gc.freeze()
