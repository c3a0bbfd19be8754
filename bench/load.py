"""The load: a process of its own that asks a web server over several connections and keeps the time.

Reads one JSON document from standard input, writes one to standard output. Requests are sent as they come, byte for
byte, over plain sockets: the cheaper the client, the less of the machine it takes from what is measured.
"""

import json
import re
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from itertools import count
from typing import Final

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"transfer-encoding: *chunked", re.IGNORECASE)
_LAST_CHUNK: Final = b"\r\n0\r\n\r\n"
_ENOUGH: Final = 65_536
TOO_LARGE: Final = 413


class Line:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """The status and the body of the answer; a chunked body with its chunks' lengths.

        Raises:
            ConnectionError: the server hung up, or its answer has no end.
        """
        self.socket.sendall(request)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        length, is_chunked = _LENGTH.search(got, 0, end), _CHUNKED.search(got, 0, end) is not None
        if length is None and not is_chunked:
            raise ConnectionError("The answer does not say where it ends.")
        while not got.endswith(_LAST_CHUNK) if length is None else len(got) < end + 4 + int(length[1]):
            got += self._more()
        return int(got[9:12]), got[end + 4:]

    def _more(self) -> bytes:
        got = self.socket.recv(_ENOUGH)
        if not got:
            raise ConnectionError("The server hung up.")
        return got


def drive(port: int, requests: Sequence[bytes], connections: int, a_second: float = 0) -> dict[str, object]:
    """Send every request once, as fast as `connections` lines get their answers, or so many `a_second`.

    At a pace, a request's time counts from when it was due: waiting behind a slow one is part of it.
    """
    answers: list[tuple[float, int, bytes]] = [(0.0, 0, b"")] * len(requests)
    numbers = count()  # its next() is one step of the interpreter, so threads may share it

    def work() -> None:
        line = Line(port)
        while (number := next(numbers)) < len(requests):
            started = _wait_until(begun + number / a_second) if a_second else time.perf_counter()
            try:
                status, body = line.ask(requests[number])
            except OSError as error:
                status, body = 0, f"{type(error).__name__}: {error}".encode()
                line = Line(port)
            if status == TOO_LARGE:  # what was not read to its end leaves a line that cannot be used again
                line = Line(port)
            answers[number] = (time.perf_counter() - started, status, body)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"wall": time.perf_counter() - begun, "latencies": [taken for taken, _, _ in answers],
            "statuses": Counter(status for _, status, _ in answers),
            "odd": next((f"{status} {body.decode()[:2000]}" for _, status, body in answers
                         if not 200 <= status < 300), ""),  # 0: nobody answered
            "bodies": [body.decode() for _, _, body in answers]}


def _wait_until(moment: float) -> float:
    time.sleep(max(0.0, moment - time.perf_counter()))
    return moment


def main() -> None:
    """Do what standard input asks for."""
    asked = json.load(sys.stdin)
    encoding = "latin-1" if asked["raw"] else "utf-8"
    requests = [request.encode(encoding) for request in asked["requests"]]
    told = drive(asked["port"], requests, asked["connections"], asked["a_second"])
    if not asked["keep"]:
        told["bodies"] = []
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
