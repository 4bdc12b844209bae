"""`fiel backup` and `fiel restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fiel.cli.options import Json
from fiel.cli.session import session_of
from fiel.domain.language import N_

BACKUP_HELP = N_("Write the database and the server's key into a file, while it runs.")
RESTORE_HELP = N_("Put a backup in place of what there is: all of it or nothing.")


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("Where to write it."))],
    as_json: Json = False,
) -> None:
    """Write everything into a file."""
    session = session_of(context)
    made = session.house.back_up(file.absolute())
    text = session.say(
        N_("Backed up to {file}. It holds personal data and the server's key: keep it safe."),
        file=made["file"],
    )
    session.answer(made, as_json, lambda: session.console.print(text, markup=False))


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("The backup."))],
    replace: Annotated[
        bool, typer.Option("--replace", help=N_("Replace the data that there is already."))
    ] = False,
    as_json: Json = False,
) -> None:
    """Put a backup in place of what there is."""
    session = session_of(context)
    done = session.house.restore(file.absolute(), replace=replace)
    text = session.say(
        N_("Restored what was backed up at {time}: {slugs}."),
        time=str(done["made_at"]),
        slugs=", ".join(done["programs"]) or "–",
    )
    session.answer(done, as_json, lambda: session.console.print(text, markup=False))
