"""`fiel import`: files of members, sales and balances.

What an import needs is loaded when there is one: it takes longer than most commands run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fiel.cli.options import Json, ProgramSlug
from fiel.cli.session import session_of
from fiel.connect.importing.columns import Kind
from fiel.domain.language import N_

app = typer.Typer(
    help=N_("Bring members, sales and balances in from CSV or Parquet files."),
    no_args_is_help=True,
    rich_markup_mode=None,
)

File = Annotated[Path, typer.Argument(metavar="FILE", help=N_("A CSV or Parquet file."))]
MappingFile = Annotated[
    Path | None,
    typer.Option(
        "--mapping", metavar="FILE", help=N_("How to read the file, as YAML or JSON."),
    ),
]  # fmt: skip
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="VALUE=COLUMN", help=N_("Which column brings a value; can be repeated."),
    ),
]  # fmt: skip
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="VALUE=TEXT", help=N_("A value for every row; can be repeated."),
    ),
]  # fmt: skip
Encoding = Annotated[
    str | None,
    typer.Option(metavar="NAME", help=N_("utf-8, utf-8-sig or cp1252, if it is not found.")),
]
Delimiter = Annotated[
    str | None, typer.Option(metavar="SIGN", help=N_("What separates cells, if it is not found."))
]
DecimalComma = Annotated[
    bool | None,
    typer.Option(
        "--decimal-comma/--decimal-point", help=N_("How amounts are written, if it is not found."),
    ),
]  # fmt: skip
Dates = Annotated[
    str | None,
    typer.Option(metavar="ORDER", help=N_("How days are written: iso, dmy or mdy.")),
]
Rows = Annotated[
    str | None,
    typer.Option(metavar="WHAT", help=N_("What a row of a sales file is: sale or line.")),
]

Processes = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=64,
        metavar="NUMBER",
        help=N_("How many processes work; by itself one more than cores, if the file is large."),
    ),
]


@app.command("members", help=N_("Enrol the members of a file."))
def members(
    context: typer.Context,
    file: File,
    program: ProgramSlug = None,
    mapping: MappingFile = None,
    maps: Maps = None,
    sets: Sets = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    dates: Dates = None,
    as_json: Json = False,
) -> None:
    """Enrol the members of a file."""
    from fiel.cli.import_run import Said, import_file  # noqa: PLC0415

    said = Said(mapping, maps, sets, encoding, delimiter, dates=dates)
    import_file(session_of(context), Kind.MEMBERS, file, program, said, as_json=as_json)


@app.command("sales", help=N_("Record the sales of a file; each earns by the program's rules."))
def sales(
    context: typer.Context,
    file: File,
    program: ProgramSlug = None,
    mapping: MappingFile = None,
    maps: Maps = None,
    sets: Sets = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    decimal_comma: DecimalComma = None,
    dates: Dates = None,
    rows: Rows = None,
    processes: Processes = None,
    as_json: Json = False,
) -> None:
    """Record the sales of a file."""
    from fiel.cli.import_run import Said, import_file  # noqa: PLC0415

    said = Said(mapping, maps, sets, encoding, delimiter, decimal_comma, dates, rows, processes)
    import_file(session_of(context), Kind.SALES, file, program, said, as_json=as_json)


@app.command("returns", help=N_("Take back what the returned goods of a file had earned."))
def returns(
    context: typer.Context,
    file: File,
    program: ProgramSlug = None,
    mapping: MappingFile = None,
    maps: Maps = None,
    sets: Sets = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    decimal_comma: DecimalComma = None,
    dates: Dates = None,
    processes: Processes = None,
    as_json: Json = False,
) -> None:
    """Take back what the returned goods of a file had earned."""
    from fiel.cli.import_run import Said, import_file  # noqa: PLC0415

    said = Said(mapping, maps, sets, encoding, delimiter, decimal_comma, dates, processes=processes)
    import_file(session_of(context), Kind.RETURNS, file, program, said, as_json=as_json)


@app.command("balances", help=N_("Bring in points that members had elsewhere, with their dates."))
def balances(
    context: typer.Context,
    file: File,
    program: ProgramSlug = None,
    mapping: MappingFile = None,
    maps: Maps = None,
    sets: Sets = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    decimal_comma: DecimalComma = None,
    dates: Dates = None,
    processes: Processes = None,
    as_json: Json = False,
) -> None:
    """Bring in points that members had elsewhere."""
    from fiel.cli.import_run import Said, import_file  # noqa: PLC0415

    said = Said(mapping, maps, sets, encoding, delimiter, decimal_comma, dates, processes=processes)
    import_file(session_of(context), Kind.BALANCES, file, program, said, as_json=as_json)
