"""What keeps the programs of a database apart, beneath the code that does."""

from __future__ import annotations

from enum import StrEnum

from fiel.domain.language import N_


class Isolation(StrEnum):
    """How a database keeps programs apart.

    ROLE: the application works as `fiel_app`, which owns nothing and sees one program at a time.
    FORCED: that role could not be made, so the owner's own connections are bound by the policies,
    which the owner could lift.
    """

    ROLE = "role"
    FORCED = "forced"


def isolation_notice(isolation: Isolation) -> str | None:
    """What whoever runs a server should know about its isolation, as a message id."""
    if isolation is Isolation.ROLE:
        return None
    return N_(
        "The database's user may not make roles, so Fiel works as the owner of its tables: "
        "programs are kept apart by policies that this user could lift. Let the user make roles "
        "(CREATEROLE), or make the role fiel_app and grant it to the user, and start again."
    )
