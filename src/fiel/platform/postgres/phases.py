"""What a server that is not there yet is doing."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Phase(StrEnum):
    """How the embedded server is."""

    PREPARING = "preparing"
    STARTING = "starting"
    RECOVERING = "recovering"
    READY = "ready"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


# Called now and again while somebody waits: what the server is doing, and seconds waited.
type Progress = Callable[[Phase, float], None]


def say_nothing(phase: Phase, seconds: float) -> None:
    """Wait in silence."""
