"""A worker ends with the process that started it, also when that one is killed."""

from __future__ import annotations

import multiprocessing
import os
import threading
from multiprocessing import connection


def end_with_parent() -> None:
    """Let this process end when the one that started it as its worker is no more.

    A worker left alone would hold the port, so that the next server could not start, and would
    have no database, which ends with the server that was killed.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    sentinel = parent.sentinel

    def end() -> None:
        connection.wait([sentinel])
        os._exit(1)

    threading.Thread(target=end, name="fiel-parent-watcher", daemon=True).start()
