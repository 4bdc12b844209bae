"""`fiel demo`: a shop with a year of real sales, proved and served."""

from __future__ import annotations

from typing import Annotated

import typer

from fiel.cli.options import Json
from fiel.cli.session import session_of
from fiel.domain.language import N_

HELP = N_("Create a sandbox shop from a year of real purchases, prove it, and serve it.")


def demo(
    context: typer.Context,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help=N_("Serve it when it is made."))
    ] = True,
    host: Annotated[
        str, typer.Option(help=N_("The address to listen on."), metavar="ADDRESS")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help=N_("The port to listen on."), min=0, max=65535, metavar="PORT")
    ] = 8000,
    as_json: Json = False,
) -> None:
    """Make the demo, or find it made, and serve it."""
    # Loaded for who wants it: it takes longer than most commands run.
    from fiel.cli.demo_run import make_demo  # noqa: PLC0415

    make_demo(session_of(context), serve=serve, host=host, port=port, as_json=as_json)
