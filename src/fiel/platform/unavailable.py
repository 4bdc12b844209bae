"""A database that cannot be had, and one that keeps people waiting, in words."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from fiel.domain.language import N_, say
from fiel.domain.refusal import Refusal
from fiel.platform.postgres.faults import Fault, ServerFailed
from fiel.platform.postgres.phases import Phase, Progress


class DatabaseUnavailable(Refusal):
    """There is no database to work with."""

    code = "unavailable"


_FAULTS: Mapping[Fault, str] = {
    Fault.NO_PROGRAMS: N_(
        "There is no embedded PostgreSQL for this system. Set DATABASE_URL to a PostgreSQL "
        "server, version 15 to 18."
    ),
    Fault.NO_PLACE: N_(
        "The data folder lies where only root can go, and no folder could be made for the "
        "database in {places}. Set FIEL_DATA to a folder that others may pass through, or set "
        "DATABASE_URL."
    ),
    Fault.NO_NAME: N_(
        "PostgreSQL cannot make its files as user number {user}, which has no name here. Run "
        "Fiel as a user that has one, or set DATABASE_URL."
    ),
    Fault.NO_FREE_USER: N_("No user number is free to run the database as. Set DATABASE_URL."),
    Fault.CANNOT_BECOME: N_(
        "The system does not let Fiel start PostgreSQL as another user than root ({reason}). Run "
        "Fiel as an ordinary user, or set DATABASE_URL."
    ),
    Fault.OTHER_VERSION: N_(
        "The database in {folder} is of PostgreSQL {made_by}, and this Fiel brings PostgreSQL "
        "{present}. Export it with the Fiel that made it, or set DATABASE_URL."
    ),
    Fault.PROGRAM_FAILED: N_("PostgreSQL's program {program} failed. It said:\n{output}"),
    Fault.DOES_NOT_START: N_("The database server does not start. It said:\n{output}"),
}

_PHASES: Mapping[Phase, str] = {
    Phase.PREPARING: N_("Making the database…"),
    Phase.STARTING: N_("Starting the database…"),
    Phase.RECOVERING: N_(
        "The database is putting itself right after an interruption ({seconds} s so far). Please "
        "wait: nothing that was confirmed is lost."
    ),
    Phase.STOPPING: N_("Waiting for the database to stop before it starts again…"),
}

# Seconds before anybody is told that they are waiting, and between one telling and the next.
_PATIENCE = 2.0
_INTERVAL = 10.0


def unavailable_server(failure: ServerFailed) -> DatabaseUnavailable:
    """The refusal that says why the embedded server is not there."""
    parameters: dict[str, Any] = dict(failure.parameters)
    return DatabaseUnavailable(_FAULTS[failure.fault], **parameters)


def unreachable(reason: str) -> DatabaseUnavailable:
    """The refusal that says that the database does not answer."""
    return DatabaseUnavailable(N_("The database cannot be reached: {reason}"), reason=reason)


def unfit_version(version: int) -> DatabaseUnavailable:
    """The refusal of a server that is too old or too new."""
    text = N_("Fiel needs PostgreSQL 15 to 18; this server is version {version}.")
    return DatabaseUnavailable(text, version=str(version))


def tell_on_standard_error(text: str) -> None:
    """Tell whoever looks at the terminal, away from what a command answers."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def progress_in(language: str, tell: Callable[[str], None] = tell_on_standard_error) -> Progress:
    """Tells whoever waits for the database what it is doing, now and again."""
    next_at = _PATIENCE

    def progress(phase: Phase, seconds: float) -> None:
        nonlocal next_at
        if seconds >= next_at and phase in _PHASES:
            next_at = seconds + _INTERVAL
            tell(say(language, _PHASES[phase], seconds=str(int(seconds))))

    return progress
