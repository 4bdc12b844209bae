"""A load client as cheap as can be, because it shares the machine with what it measures.

One process, plain sockets that never block, requests made before the clock starts. Of an answer
it reads the status and the length, and nothing else.
"""

from __future__ import annotations

import gc
import select
import socket
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from bench.place import BenchFailed

_LENGTH = b"\r\ncontent-length: "
_END_OF_HEAD = b"\r\n\r\n"
_MOST_BYTES = 65536
_SECONDS_TO_ANSWER = 30


@dataclass
class Answers:
    """What came back. `latencies` are seconds, ascending; `sent` is how many requests were used."""

    seconds: float
    sent: int
    statuses: Counter[int]
    latencies: array[float]
    sample: bytes = b""

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return len(self.latencies) / self.seconds

    def percentile_ms(self, share: float) -> float:
        """Within how many milliseconds this share of the requests was answered."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)] * 1e3

    def check(self, status: int) -> None:
        """Make sure that every answer has this status."""
        if set(self.statuses) != {status}:
            raise BenchFailed(f"answers were {dict(self.statuses)}, such as\n{self.sample!r}")


@dataclass(slots=True)
class _Line:
    """One connection, and what has come of the answer it waits for."""

    sock: socket.socket
    started: float = 0.0
    came: bytes = b""


def drive(
    address: tuple[str, int], requests: Sequence[bytes], *, connections: int, seconds: float
) -> Answers:
    """Send requests over so many connections, each waiting for its answer before the next.

    It ends when the time is over or the requests are, and waits for every answer.
    """
    lines = {line.sock.fileno(): line for line in (_connect(address) for _ in range(connections))}
    gc.collect()
    gc.disable()
    try:
        return _drive(lines, requests, seconds)
    finally:
        gc.enable()
        for line in lines.values():
            line.sock.close()


def _connect(address: tuple[str, int]) -> _Line:
    sock = socket.create_connection(address)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setblocking(False)
    return _Line(sock)


def _drive(lines: dict[int, _Line], requests: Sequence[bytes], seconds: float) -> Answers:
    answers = Answers(0.0, 0, Counter(), array("d"))
    statuses, latencies = answers.statuses, answers.latencies
    with select.epoll() as epoll:
        sent, waiting, count = 0, 0, len(requests)
        begun = perf_counter()
        deadline = begun + seconds
        for number, line in lines.items():
            epoll.register(number, select.EPOLLIN)
            if sent < count:
                line.started = perf_counter()
                line.sock.send(requests[sent])
                sent += 1
                waiting += 1
        while waiting:
            ready = epoll.poll(_SECONDS_TO_ANSWER)
            if not ready:
                raise BenchFailed(f"{waiting} requests got no answer")
            for number, _ in ready:
                line = lines[number]
                status = _status_once_whole(line)
                if not status:
                    continue
                now = perf_counter()
                latencies.append(now - line.started)
                statuses[status] += 1
                if status >= 300 and not answers.sample:
                    answers.sample = line.came
                line.came = b""
                if sent < count and now < deadline:
                    line.started = now
                    request = requests[sent]
                    if line.sock.send(request) != len(request):
                        raise BenchFailed("a request did not fit the socket's buffer")
                    sent += 1
                else:
                    waiting -= 1
        answers.seconds = perf_counter() - begun
    answers.sent = sent
    answers.latencies = array("d", sorted(latencies))
    return answers


def _status_once_whole(line: _Line) -> int:
    """The status of the answer, or zero while more of it is to come."""
    came = line.sock.recv(_MOST_BYTES)
    if not came:
        raise BenchFailed("the server closed a connection")
    if line.came:
        came = line.came + came
    head = came.find(_END_OF_HEAD)
    if head >= 0:
        length = came.find(_LENGTH, 0, head)
        if length < 0:
            raise BenchFailed(f"an answer does not say how long it is:\n{came!r}")
        start = length + len(_LENGTH)
        whole = head + len(_END_OF_HEAD) + int(came[start : came.find(b"\r", start)])
        if len(came) >= whole:
            line.came = came
            return int(came[9:12])
    line.came = came
    return 0


def post(address: tuple[str, int], path: str, key: str, body: bytes) -> bytes:
    """A request as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\n"
        f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
