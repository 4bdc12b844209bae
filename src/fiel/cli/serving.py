"""`fiel up`: serve everything."""

from __future__ import annotations

from typing import Annotated

import typer

from fiel.cli.session import session_of
from fiel.domain.language import N_

HELP = N_("Serve the API and the pages until stopped; start PostgreSQL if none is configured.")


def up(
    context: typer.Context,
    host: Annotated[
        str, typer.Option(help=N_("The address to listen on."), metavar="ADDRESS")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help=N_("The port to listen on."), min=0, max=65535, metavar="PORT")
    ] = 8000,
    workers: Annotated[
        int,
        typer.Option(help=N_("How many processes serve."), min=1, max=64, metavar="NUMBER"),
    ] = 1,
) -> None:
    """Serve until the process is told to stop."""
    session_of(context).house.serve(host=host, port=port, workers=workers)
