"""The real server, on a port of its own, in a thread beside the tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from fiel.platform.asgi import Entry


@contextmanager
def running_server(database_url: str, *, port: int = 0) -> Iterator[str]:
    """Serve a database, on a free port or that one; yields the server's URL."""
    config = uvicorn.Config(
        # What falls due happens when a test says so, and not while it looks.
        Entry(database_url, calendar_seconds=0),
        host="127.0.0.1", port=port, log_level="warning", loop="uvloop", http="httptools",
        lifespan="on",
        # A test may look at a page for long between two requests of one client.
        timeout_keep_alive=300,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server did not start in time"
        time.sleep(0.02)
    bound = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{bound}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
