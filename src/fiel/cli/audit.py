"""`fiel audit`: prove the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from fiel.cli.house import Database
from fiel.cli.options import Json
from fiel.cli.session import Session, session_of
from fiel.domain.language import N_
from fiel.ledger.audit import Proof
from fiel.ledger.audit import audit as proved
from fiel.programs.known import program_named

HELP = N_("Prove the ledger: every balance from its transfers and lots, and every sum.")
_DIFFERENCES_SHOWN = 20


def audit(
    context: typer.Context,
    program: Annotated[
        str | None,
        typer.Option("--program", metavar="SLUG", help=N_("Only this program; else all.")),
    ] = None,
    as_json: Json = False,
) -> None:
    """Prove the ledger; leaves with 1 on a difference."""
    session = session_of(context)

    async def work(database: Database) -> Proof:
        async with database.owner() as owner:
            if program is not None:
                await program_named(owner, program)
            return await proved(owner, program)

    proof = session.with_database(work)
    session.answer(proof_content(proof), as_json, lambda: show_proof(proof, session))
    if not proof.ok:
        raise typer.Exit(1)


def proof_content(proof: Proof) -> Mapping[str, object]:
    """A proof as plain data."""
    return {
        "ok": proof.ok,
        "members": proof.members,
        "transfers": proof.transfers,
        "differences": [asdict(difference) for difference in proof.differences],
    }


def show_proof(proof: Proof, session: Session) -> None:
    """Tell a person what was proved, or what does not tie."""
    if proof.ok:
        text = session.say(
            N_("✓ Proved, without a difference. Members: {members} · transfers: {transfers}"),
            members=proof.members,
            transfers=proof.transfers,
        )
        session.console.print(text, markup=False)
        return
    text = session.say(N_("✗ Differences found: {count}."), count=proof.count)
    session.console.print(text, style="bold red", markup=False)
    for difference in proof.differences[:_DIFFERENCES_SHOWN]:
        session.console.print(
            f"  {difference.program}  {difference.member_id or ''}  {difference.what}: "
            f"{difference.expected} ≠ {difference.found}",
            markup=False,
            soft_wrap=True,
        )
