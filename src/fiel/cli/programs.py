"""`fiel program`: write, check, compare, publish and read programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from fiel.cli.documents import UnreadableDocument, Written, read_file
from fiel.cli.house import Database
from fiel.cli.options import Json, ProgramFile
from fiel.cli.redating import HELP as REDATE_HELP
from fiel.cli.redating import redate
from fiel.cli.refusals import finding_content, show_findings
from fiel.cli.reviewing import review_in, show_review
from fiel.cli.session import Session, session_of
from fiel.cli.simulating import HELP as SIMULATE_HELP
from fiel.cli.simulating import simulate
from fiel.domain.document import Document, Format, read_document, read_program
from fiel.domain.language import N_
from fiel.domain.refusal import Refusal
from fiel.insights.review.contents import review_content
from fiel.insights.review.review import review_without_past
from fiel.ledger.scope import program_transaction
from fiel.programs.difference import Change, ChangeKind, differences
from fiel.programs.publishing import Publication, open_program, program_of_slug, publish
from fiel.programs.queries import document_in_force
from fiel.programs.starting_points import model_title, starting_point, starting_points
from fiel.programs.versions import NoProgram
from fiel.programs.words import ToldChange, changes_in_words, rules_in_words

app = typer.Typer(
    help=N_("Programs: write, check, compare, publish and read them."),
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("redate", help=REDATE_HELP)(redate)
app.command("simulate", help=SIMULATE_HELP)(simulate)
_SIGNS = {
    ChangeKind.ADDED: "[green]+[/]",
    ChangeKind.REMOVED: "[red]−[/]",
    ChangeKind.CHANGED: "[yellow]~[/]",
    ChangeKind.REORDERED: "[yellow]⇅[/]",
}


class FileExists(Refusal):
    """A file is in the way of the one to be written."""

    code = "file_exists"


@app.command("new", help=N_("Write a program to start from; without a file, list the models."))
def new(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help=N_("The file to write."))
    ] = None,
    model: Annotated[
        str, typer.Option(metavar="NAME", help=N_("The model to start from."))
    ] = "points",
    shop: Annotated[
        str | None, typer.Option("--name", metavar="TEXT", help=N_("What the shop is called."))
    ] = None,
    slug: Annotated[
        str | None, typer.Option(metavar="SLUG", help=N_("What the program is called by machines."))
    ] = None,
    currency: Annotated[
        str, typer.Option(metavar="CODE", help=N_("The currency, by ISO 4217."))
    ] = "EUR",
    timezone: Annotated[
        str, typer.Option(metavar="ZONE", help=N_("The time zone of the shop."))
    ] = "Europe/Madrid",
    as_json: Json = False,
) -> None:
    """Write a program to start from."""
    session = session_of(context)
    if file is None:
        _list_models(session, as_json)
        return
    point = starting_point(
        model, session.language, slug=slug, shop=shop, currency=currency, timezone=timezone
    )
    read_document(point.source)
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(point.source)
    except FileExistsError:
        raise FileExists(
            N_("There is a file {file} already. Choose another name."), file=str(file)
        ) from None
    except OSError as error:
        raise UnreadableDocument(
            N_("The file {file} cannot be written: {reason}."),
            file=str(file),
            reason=error.strerror or str(error),
        ) from None

    def show() -> None:
        session.console.print(f"[bold]{escape(str(file))}[/]  {escape(point.promise)}")
        session.console.print(
            session.say(N_("Next: fiel program check {file}"), file=str(file)), markup=False
        )

    result = {"file": str(file), "model": model, "promise": point.promise}
    session.answer(result, as_json, show)


@app.command("check", help=N_("Check a document: every problem with its line, key and remedy."))
def check(
    context: typer.Context,
    file: ProgramFile,
    review: Annotated[
        bool,
        typer.Option(
            "--review", help=N_("Also review it on what the program of its name has sold.")
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Check a document."""
    session = session_of(context)
    written = read_file(file, session)
    document = written.document
    program = document.program
    found_out = None
    if review:
        found_out = session.with_database(lambda database: review_in(database, program))
        found_out = found_out or review_without_past(program)
    result: dict[str, object] = {
        "ok": True,
        "program": program.slug,
        "findings": [finding_content(found, session.language) for found in document.warnings],
    }
    if found_out is not None:
        result |= review_content(found_out, program, session.language)

    def show() -> None:
        session.console.print(
            session.say(N_("✓ {file} can be published."), file=str(file)), markup=False
        )
        show_findings(document.warnings, session.language, session.console)
        if found_out is not None:
            show_review(found_out, program, session)

    session.answer(result, as_json, show)


@app.command("plan", help=N_("Show what publishing a document would change."))
def plan(context: typer.Context, file: ProgramFile, as_json: Json = False) -> None:
    """Show what publishing a document would change."""
    session = session_of(context)
    planned = _planned(session, read_file(file, session).document)
    session.answer(_plan_content(planned), as_json, lambda: _show_plan(planned, session))


@app.command("apply", help=N_("Publish a document: create its program, or make a new version."))
def apply(
    context: typer.Context,
    file: ProgramFile,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help=N_("For trying out: time can be moved in it."))
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Publish without asking."))] = False,
    as_json: Json = False,
) -> None:
    """Publish a document."""
    session = session_of(context)
    written = read_file(file, session)
    if not yes:
        if as_json or not sys.stdin.isatty():
            raise typer.BadParameter(session.say(N_("nobody can be asked here; add --yes")))
        _show_plan(_planned(session, written.document), session)
        typer.confirm(session.say(N_("Publish?")), abort=True)
    published = session.with_database(
        lambda database: _publish(session, database, written, sandbox=sandbox)
    )
    slug = written.document.program.slug
    result = {
        "program": slug,
        "program_id": published.program_id,
        "version": published.number,
        "published": published.is_new,
        "changes": published.difference,
    }

    def show() -> None:
        text = (
            N_("✓ Version {number} of {slug} is in force.")
            if published.is_new
            else N_("✓ Nothing to do: version {number} of {slug} says the same.")
        )
        session.console.print(session.say(text, number=published.number, slug=slug), markup=False)

    session.answer(result, as_json, show)


@app.command("rules", help=N_("Print the rules of a document in words."))
def rules(context: typer.Context, file: ProgramFile, as_json: Json = False) -> None:
    """Print the rules of a document in words."""
    session = session_of(context)
    program = read_file(file, session).document.program
    sections = rules_in_words(program, session.language)

    def show() -> None:
        session.console.print(f"[bold]{escape(program.name)}[/]")
        for section in sections:
            session.console.print(f"\n[bold]{escape(section.title)}[/]")
            for line in section.paragraphs:
                session.console.print(f"• {escape(line)}", soft_wrap=True)

    result = {
        "program": program.slug,
        "language": session.language,
        "sections": [
            {"title": section.title, "rules": list(section.paragraphs)} for section in sections
        ],
    }
    session.answer(result, as_json, show)


@dataclass(frozen=True, slots=True)
class _Planned:
    """What publishing would do, also in words; `version` None where nothing is published yet."""

    slug: str
    version: int | None
    changes: Sequence[Change]
    told: Sequence[ToldChange]


def _planned(session: Session, document: Document) -> _Planned:
    slug = document.program.slug

    def planned(version: int | None, content: str | None) -> _Planned:
        changes = differences(json.loads(content) if content else {}, document.plain)
        before = read_program(content, format=Format.JSON) if content else None
        told = changes_in_words(
            changes, before=before, after=document.program, language=session.language
        )
        return _Planned(slug, version, changes, told)

    async def work(database: Database) -> _Planned:
        async with database.owner() as owner:
            program_id = await program_of_slug(owner, slug)
            if program_id is None:
                return planned(None, None)
            async with program_transaction(owner, program_id):
                try:
                    before = await document_in_force(owner, program_id)
                except NoProgram:
                    return planned(None, None)
        return planned(before.number, before.content)

    return session.with_database(work)


async def _publish(
    session: Session, database: Database, written: Written, *, sandbox: bool
) -> Publication:
    now = session.house.now()
    async with database.owner() as owner, owner.transaction():
        program_id = await open_program(owner, written.document, sandbox=sandbox, now=now)
        async with program_transaction(owner, program_id):
            return await publish(
                owner, program_id, written.document,
                source=written.source, format=written.format, author="fiel program apply", now=now,
            )  # fmt: skip


def _plan_content(planned: _Planned) -> Mapping[str, object]:
    return {
        "program": planned.slug,
        "version": planned.version,
        "changes": [asdict(change) for change in planned.changes],
        "in_words": [asdict(change) for change in planned.told],
    }


def _show_plan(planned: _Planned, session: Session) -> None:
    console = session.console
    if planned.version is None:
        text = session.say(N_("{slug} is new: this would be its version 1."), slug=planned.slug)
    elif not planned.changes:
        text = session.say(
            N_("Nothing would change: version {number} of {slug} says the same."),
            number=planned.version,
            slug=planned.slug,
        )
    else:
        text = session.say(
            N_("{slug}: version {number} would become version {next}."),
            slug=planned.slug,
            number=planned.version,
            next=planned.version + 1,
        )
    console.print(text, markup=False)
    for change in planned.told:
        console.print(f"  {_SIGNS[change.kind]} [bold]{escape(change.title)}[/]", soft_wrap=True)
        if change.before:
            console.print(f"      [red]−[/] {escape(change.before)}", soft_wrap=True)
        if change.after:
            console.print(f"      [green]+[/] {escape(change.after)}", soft_wrap=True)


def _list_models(session: Session, as_json: bool) -> None:
    points = starting_points(session.language)

    def show() -> None:
        for point in points:
            title = model_title(point.name, session.language)
            session.console.print(f"[bold]{point.name}[/]  {escape(title)}")
            session.console.print(f"    {escape(point.promise)}", soft_wrap=True)
        session.console.print(
            session.say(N_("Start from one: fiel program new FILE --model NAME")), markup=False
        )

    models = [
        {
            "model": point.name,
            "title": model_title(point.name, session.language),
            "promise": point.promise,
        }
        for point in points
    ]
    session.answer({"models": models}, as_json, show)
