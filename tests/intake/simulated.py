"""The portal and the gateways that do not exist, on a port of their own for one test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from intake.simulators.server import Simulators, serve


@contextmanager
def simulators() -> Iterator[tuple[Simulators, str]]:
    """Both minds, and the address at which they answer."""
    made = Simulators()
    server = serve(made, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
