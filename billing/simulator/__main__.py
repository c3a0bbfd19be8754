"""`python -m billing.simulator --port 9380 --callback http://localhost:8000/api/v1/cards/events`"""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from billing.simulator.courier import Courier
from billing.simulator.server import House, serve
from billing.simulator.service import Service
from billing.simulator.store import Store


def main() -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="billing.simulator", description="A card service that does not exist.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9380)
    parser.add_argument("--callback", required=True, help="where events go")
    parser.add_argument("--state", type=Path, help="file that outlives the process; without it nothing does")
    asked = parser.parse_args()
    key, secret = os.environ.get("WARDPOST_STRIPE_KEY", ""), os.environ.get("WARDPOST_STRIPE_WEBHOOK_SECRETS", "")
    if not key or not secret:
        print("Set WARDPOST_STRIPE_KEY and WARDPOST_STRIPE_WEBHOOK_SECRETS to what the other side has.",
              file=sys.stderr)
        return 2
    service = Service(f"http://{asked.host}:{asked.port}", Store(asked.state))
    courier = Courier(service, asked.callback, secret.split()[0])
    server = serve(House(service, courier, key), asked.host, asked.port)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        courier.stop()
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
