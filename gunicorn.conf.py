"""How the web server runs, wherever it is started: ./run, the image, a supervisor of yours.

Every value can be given on gunicorn's command line instead.
"""

workers = 2
threads = 4
# Loaded once and shared by the workers, which halves start and memory. Nothing may
# connect to a server while the application loads: a connection must not be shared.
preload_app = True
# Its control interface is a socket that nobody here uses.
control_socket_disable = True
loglevel = "warning"
