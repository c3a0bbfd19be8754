"""An antivirus engine for tests: clamd's protocol on a real socket, EICAR for a signature.

It can be stopped, slowed, updated.
"""

import contextlib
import socketserver
import struct
import threading
import time
from collections.abc import Iterator

EICAR = (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" + b"!$H+H*")


class Engine:
    """What the engine knows and how it behaves; `signatures` maps a name to the bytes it is found by."""

    def __init__(self) -> None:
        self.version = "ClamAV 1.4.2/27500/Mon Nov 23 2026"
        self.signatures = {"Eicar-Test-Signature": EICAR}
        self.answers: str | None = None
        self.slow_seconds = 0.0
        self.asked = 0
        self.address = ""

    def verdict(self, content: bytes) -> str:
        self.asked += 1
        time.sleep(self.slow_seconds)
        if self.answers is not None:
            return self.answers
        found = next((name for name, mark in self.signatures.items() if mark in content), None)
        return f"stream: {found} FOUND" if found else "stream: OK"


@contextlib.contextmanager
def running() -> Iterator[Engine]:
    engine = Engine()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            command = b""
            while not command.endswith(b"\0"):
                more = self.rfile.read(1)
                if not more:
                    return
                command += more
            if command == b"zVERSION\0":
                self.wfile.write(engine.version.encode() + b"\0")
            elif command == b"zINSTREAM\0":
                self.wfile.write(engine.verdict(self._stream()).encode() + b"\0")
            else:
                self.wfile.write(b"UNKNOWN COMMAND\0")

        def _stream(self) -> bytes:
            content = b""
            while (size := struct.unpack(">I", self.rfile.read(4))[0]) > 0:
                content += self.rfile.read(size)
            return content

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        engine.address = f"tcp://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield engine
        server.shutdown()
