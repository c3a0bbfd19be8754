"""`python -m intake.simulators --port 9280`: the portal at /portal, gateways at /sms and /zalo."""

import argparse
import os
import signal
import sys
import threading

from intake.simulators.server import Simulators, serve


def main() -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="intake.simulators", description="A portal and gateways that do not exist.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9280)
    parser.add_argument("--refuse-procedure", action="append", default=[], help="a code the portal does not know")
    asked = parser.parse_args()
    simulators = Simulators()
    simulators.portal.secret = os.environ.get("WARDPOST_PORTAL_SECRET", simulators.portal.secret)
    simulators.portal.user = os.environ.get("WARDPOST_PORTAL_USER", simulators.portal.user)
    simulators.configure("portal", {"unknown_procedures": asked.refuse_procedure})
    server = serve(simulators, asked.host, asked.port)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
