"""A running server for tests that come in from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.support.servers import eventually

# What `.venv/bin/fiel` does, with the Python that runs the tests.
FIEL = "import sys; from fiel.platform.main import main; sys.exit(main())"


@contextmanager
def serving(database_url: str) -> Iterator[str]:
    """`fiel up` on a database; gives the server's address once it is ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-c", FIEL, "up", "--port", str(port)],
        env={**os.environ, "DATABASE_URL": database_url},
        stdout=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: server.poll() is not None or is_ready(address))
        assert server.poll() is None, "the server could not start"
        yield address
    finally:
        server.terminate()
        server.wait()


def is_ready(address: str) -> bool:
    """Whether a server says that it serves."""
    try:
        return httpx.get(f"{address}/healthz").status_code == 200
    except httpx.HTTPError:
        return False
