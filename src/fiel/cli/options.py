"""Options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fiel.domain.language import N_

Json = Annotated[bool, typer.Option("--json", help=N_("Print the result as JSON."))]
ProgramSlug = Annotated[
    str | None,
    typer.Option(
        "--program",
        metavar="SLUG",
        help=N_("The program it is about; needed when there are several."),
    ),
]
ProgramFile = Annotated[
    Path, typer.Argument(metavar="FILE", help=N_("The program's document, YAML or JSON."))
]
