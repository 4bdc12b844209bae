from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.servers import eventually, processes_in

UP = "import sys; from fiel.platform.main import main; sys.exit(main())"


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def up(folder: Path, port: int) -> Iterator[psutil.Process]:
    """`fiel up` with two workers, ready to serve; ends as Ctrl-C does."""
    server = subprocess.Popen(
        [sys.executable, "-c", UP, "up", "--port", str(port), "--workers", "2"],
        env={**os.environ, "FIEL_DATA": str(folder)},
        stdout=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: is_ready(port))
        yield psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait()


def is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def test_a_server_that_is_killed_leaves_nothing_behind_and_starts_again(
    folder: Path, port: int
) -> None:
    with up(folder, port) as server:
        workers = server.children(recursive=True)
        assert len(workers) >= 2
        server.kill()

        eventually(lambda: not any(_lives(worker) for worker in workers))
        eventually(lambda: not processes_in(folder))

    with up(folder, port):
        assert is_ready(port)
    eventually(lambda: not processes_in(folder))


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
