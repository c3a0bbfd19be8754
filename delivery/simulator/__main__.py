"""`python -m delivery.simulator --port 9180 --callback http://localhost:8000/api/v1/carriers/{carrier}/events`"""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from delivery.simulator.courier import secrets_from
from delivery.simulator.desk import Simulator
from delivery.simulator.server import serve


def main() -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="delivery.simulator", description="A carrier that does not exist.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9180)
    parser.add_argument("--callback", required=True, help="where events go; {carrier} stands for the carrier's code")
    parser.add_argument("--speed", type=float, default=1440.0, help="times faster than life; 1440: a day a minute")
    parser.add_argument("--state", type=Path, help="file that outlives the process; without it nothing does")
    asked = parser.parse_args()
    secrets = os.environ.get("WARDPOST_CARRIER_SECRETS")
    if not secrets:
        print("Set WARDPOST_CARRIER_SECRETS to the JSON that the other side has.", file=sys.stderr)
        return 2
    simulator = Simulator(asked.callback, secrets_from(secrets), asked.speed, asked.state)
    server = serve(simulator, asked.host, asked.port)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        simulator.courier.stop()
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
