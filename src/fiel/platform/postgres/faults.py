"""Why the embedded server cannot be had; the words for it are elsewhere, for whoever reads them.

The guardian starts in a tenth of a second because it loads no languages, and it cannot raise in
the processes that wait for it: it leaves a fault's name and parameters for them.
"""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """What keeps the embedded server from running."""

    NO_PROGRAMS = "no_programs"
    NO_PLACE = "no_place"
    NO_NAME = "no_name"
    NO_FREE_USER = "no_free_user"
    CANNOT_BECOME = "cannot_become"
    OTHER_VERSION = "other_version"
    PROGRAM_FAILED = "program_failed"
    DOES_NOT_START = "does_not_start"


class ServerFailed(Exception):
    """The embedded server could not be started."""

    def __init__(self, fault: Fault, **parameters: str) -> None:
        super().__init__(fault, parameters)
        self.fault = fault
        self.parameters = parameters
