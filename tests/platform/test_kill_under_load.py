"""Nothing acknowledged is lost, nothing is counted twice, at any kill at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.program import CAFE_SOL
from tests.support.servers import remove, server_of

FIEL = str(Path(sys.executable).with_name("fiel"))
TILLS = 12
MEMBERS = 8


@dataclass
class Server:
    """`fiel up` as its own processes, over its own data, that can be killed at any moment."""

    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *command: str) -> dict:
        """Run a command of `fiel` and read the JSON that it prints."""
        done = subprocess.run(
            [FIEL, *command, "--json"], env=self.environment(), capture_output=True, check=True
        )
        return json.loads(done.stdout)

    def environment(self) -> dict[str, str]:
        rate = {"FIEL_RATE_LIMIT": "100000000"}
        return {**os.environ, **rate, "FIEL_DATA": str(self.data)}

    def start(self) -> None:
        command = [FIEL, "up", "--port", str(self.port), "--workers", "2"]
        self.process = subprocess.Popen(
            command, env=self.environment(), stdin=subprocess.DEVNULL, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the server is not up again after a minute")

    def kill(self, whom: str) -> None:
        """Kill with -9: the whole application, one of its workers, or its PostgreSQL."""
        assert self.process is not None
        application = psutil.Process(self.process.pid)
        if whom == "application":
            for process in (application, *application.children(recursive=True)):
                with_no_mercy(process)
            self.process.wait()
            return
        if whom == "database":
            with_no_mercy(server_of(self.data))
            return
        workers = [
            child for child in application.children() if "spawn_main" in str(child.cmdline())
        ]
        with_no_mercy(random.choice(workers))

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.is_running():
            assert self.process is not None
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=60)


def with_no_mercy(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill()


@dataclass
class Tills:
    """Tills that sell one thing after the other, each sale sent until it is acknowledged."""

    url: str
    key: str
    members: list[str]
    acknowledged: list[list[str]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    unexpected: list[str] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[None]:
        self.acknowledged = [[] for _ in range(TILLS)]
        threads = [threading.Thread(target=self._sell, args=[number]) for number in range(TILLS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.closing.set()
            for thread in threads:
                thread.join(timeout=90)

    def _sell(self, till: int) -> None:
        count = 0
        while not self.closing.is_set():
            count += 1
            body = {
                "external_id": f"{till}-{count}",
                "member": {"external_id": self.members[(till + count) % MEMBERS]},
                "lines": [{"quantity": 1, "unit_price": "1.00"}],
            }
            self._send_until_acknowledged(body)
            self.acknowledged[till].append(body["external_id"])

    def _send_until_acknowledged(self, body: dict) -> None:
        headers = {"authorization": f"Bearer {self.key}"}
        while True:
            try:
                answer = httpx.post(f"{self.url}/v1/sales", json=body, headers=headers, timeout=20)
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            if answer.status_code in (200, 201):
                assert answer.json()["earned"] == {"points": 1}
                return
            if answer.status_code != 503:
                self.unexpected.append(answer.text)
            time.sleep(0.05)


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("killed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(data, port)
    yield server
    server.stop()
    if server.is_running():
        server.kill("application")
    remove(data)


@pytest.mark.timeout(300)
def test_every_acknowledged_sale_is_there_exactly_once_after_any_kill(server, tmp_path):
    document = tmp_path / "cafe-sol.yaml"
    document.write_text(CAFE_SOL)
    server.run("program", "apply", str(document), "--yes")
    key = server.run("key", "create", "--program", "cafe-sol", "--scopes", "read,till,manage")
    server.start()
    members = [f"socio-{number}" for number in range(MEMBERS)]
    api = {"authorization": f"Bearer {key['key']}"}
    for member in members:
        made = httpx.post(f"{server.url}/v1/members", json={"external_id": member}, headers=api)
        assert made.status_code == 201

    tills = Tills(server.url, key["key"], members)
    with tills.open():
        for whom in random.sample(["application", "database", "worker"], 3) + ["application"] * 2:
            time.sleep(random.uniform(0.5, 1.5))
            server.kill(whom)
            if whom == "application":
                server.start()
        time.sleep(1)

    assert tills.unexpected == []
    acknowledged = sum(len(sold) for sold in tills.acknowledged)
    balances = []
    for member in members:
        (found,) = httpx.get(
            f"{server.url}/v1/members", params={"external_id": member}, headers=api
        ).json()["data"]
        balances.append(found["balances"]["points"]["available"])
    assert acknowledged > TILLS, "the tills sold something between the kills"
    assert sum(balances) == acknowledged
    proof = server.run("audit")
    assert (proof["ok"], proof["differences"]) == (True, [])
    assert proof["transfers"] == acknowledged
