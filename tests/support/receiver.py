"""A receiver of webhooks: a real HTTP server that answers as it is told and keeps what came."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

type Answers = Callable[[dict[str, Any]], tuple[int, dict[str, str]]]


@dataclass(frozen=True)
class Received:
    """A message, as it came."""

    headers: dict[str, str]
    content: bytes

    @property
    def told(self) -> dict[str, Any]:
        """What the message says."""
        said: dict[str, Any] = json.loads(self.content)
        return said

    @property
    def id(self) -> str:
        """The message's id."""
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """What came, and what is answered: 204 unless a test says otherwise."""

    url: str = ""
    answer: Answers = field(default=lambda told: (204, {}))
    received: list[Received] = field(default_factory=list)
    busy: int = 0
    most_busy: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def refuses(self, status: int, **headers: str) -> None:
        """Answer everything with one status."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = lambda told: (status, named)

    def takes_all(self) -> None:
        """Answer everything 204."""
        self.answer = lambda told: (204, {})

    @property
    def sequences(self) -> list[int]:
        """The sequences of what came, in the order in which it came."""
        return [received.told["sequence"] for received in self.received]

    def takes(self, received: Received) -> tuple[int, dict[str, str]]:
        """Keep a message and answer it."""
        with self._lock:
            self.received.append(received)
            self.busy += 1
            self.most_busy = max(self.most_busy, self.busy)
        try:
            return self.answer(received.told)
        finally:
            with self._lock:
                self.busy -= 1

    def waits_for(self, count: int, *, seconds: float = 20) -> list[Received]:
        """Wait until so many messages came."""
        deadline = time.monotonic() + seconds
        while len(self.received) < count:
            assert time.monotonic() < deadline, f"{len(self.received)} of {count} came"
            time.sleep(0.02)
        return list(self.received)


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    """A receiver on a port of its own."""
    receiver = Receiver()

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answered = receiver.takes(Received(headers, content))
            self.send_response(status)
            for name, value in answered.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/fiel"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
