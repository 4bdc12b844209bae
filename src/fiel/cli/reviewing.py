"""A review of a program on the command line."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from fiel.cli.house import Database
from fiel.cli.session import Session
from fiel.domain.language import N_, day_text
from fiel.domain.program import Program
from fiel.insights.reporting.telling import said
from fiel.insights.review.asking import reviewed
from fiel.insights.review.finding import Finding, Weight
from fiel.insights.review.review import Review
from fiel.insights.review.telling import economics_figures, figure_text
from fiel.programs.known import known_programs

_MARKS = {Weight.SERIOUS: "[bold red]✗[/]", Weight.DOUBTFUL: "[yellow]![/]", Weight.NOTE: "·"}


async def review_in(database: Database, program: Program) -> Review | None:
    """The review of a draft on the past of the program of its name; None where there is none."""
    async with database.owner() as owner:
        for known in await known_programs(owner):
            if known.slug == program.slug and known.version is not None:
                return await reviewed(
                    program,
                    known.id,
                    connect=database.connection,
                    open_columns=database.open_columns,
                )
    return None


def show_review(review: Review, program: Program, session: Session) -> None:
    """Tell a person what a program would come to, and what the review found."""
    console = session.console
    console.print()
    console.print(f"[bold]{escape(session.say(N_('What it would come to')))}[/]")
    if review.since is not None and review.until is not None:
        first = day_text(session.language, review.since)
        last = day_text(session.language, review.until)
        text = session.say(
            N_("Measured on the sales from {first} to {last}."), first=first, last=last
        )
        console.print(text, style="dim", markup=False)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for figure in economics_figures(review.economics):
        value = figure_text(figure, program, session.language)
        table.add_row(escape(session.say(figure.label)), escape(value))
    console.print(table)
    for statement in review.statements:
        console.print(f"• {said(statement.text, session.language)}", markup=False, soft_wrap=True)
    console.print()
    if not review.findings:
        console.print(session.say(N_("✓ None of the five mistakes, and no other fault.")))
    for finding in review.findings:
        _show(finding, program, session)


def _show(finding: Finding, program: Program, session: Session) -> None:
    language = session.language
    mark, text = _MARKS[finding.weight], said(finding.text, language)
    session.console.print(f"{mark} {escape(text)}", soft_wrap=True, highlight=False)
    for figure in finding.figures:
        told = f"{session.say(figure.label)}: {figure_text(figure, program, language)}"
        session.console.print(f"    {told}", markup=False, highlight=False)
    proposal = said(finding.proposal, language)
    session.console.print(f"    → {proposal}", markup=False, highlight=False, soft_wrap=True)
