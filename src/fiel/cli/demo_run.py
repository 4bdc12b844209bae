"""The demo, made and told."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from fiel.cli.audit import proof_content, show_proof
from fiel.cli.house import Database
from fiel.cli.session import Session
from fiel.cli.summary import show_summary, summary_content
from fiel.connect.demo.doors import open_doors_of_demo
from fiel.connect.demo.run import DemoShop, make_demo_shop
from fiel.domain.language import N_
from fiel.insights.summary import Summary, program_summary
from fiel.ledger.audit import Proof, audit
from fiel.ledger.scope import program_transaction
from fiel.staff.keys import Scope, create_key, keys_of_program

_KEY_NAME = "demo"


@dataclass(frozen=True, slots=True)
class _Made:
    """The demo as it stands; `secret` is told once, when the key is made."""

    shop: DemoShop
    proof: Proof
    summary: Summary
    secret: str | None
    key: str


def make_demo(session: Session, *, serve: bool, host: str, port: int, as_json: bool) -> None:
    """Make the demo, or find it made, tell how it stands, and serve it if that is wished."""
    with ExitStack() as until_served:

        async def work(database: Database) -> _Made:
            made = await _make(session, database, quiet=as_json)
            if serve:
                # Stopped here, it would write down a year of sales before it could start again.
                until_served.enter_context(session.house.held_database())
            return made

        made = session.with_database(work)
        session.answer(_content(made), as_json, lambda: _show(made, session))
        if not made.proof.ok:
            raise typer.Exit(1)
        if serve:
            if not as_json:
                _show_address(made, session, host, port)
            session.house.serve(host=host, port=port, workers=1)


async def _make(session: Session, database: Database, *, quiet: bool) -> _Made:
    house = session.house
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), disable=quiet, transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task(session.say(N_("Selling a year of baskets")), total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        shop = await make_demo_shop(
            database,
            now=house.now,
            progress=progress,
        )
        bar.update(task, description=session.say(N_("Proving the ledger")), total=None)
        async with database.owner() as owner:
            proof = await audit(owner, shop.program.slug)
            await open_doors_of_demo(owner, shop.program.id, now=house.now())
        secret, key = await _key(session, database, shop)
    async with database.connection() as connection:
        summary = await program_summary(
            connection,
            program_id=shop.program.id,
            program=shop.published.program,
            now=house.now(),
        )
    return _Made(shop, proof, summary, secret, key)


async def _key(session: Session, database: Database, shop: DemoShop) -> tuple[str | None, str]:
    """The demo's key, made when it has none; its secret is known only then."""
    program_id = shop.program.id
    async with database.owner() as owner, program_transaction(owner, program_id):
        for key in await keys_of_program(owner, program_id):
            if key.name == _KEY_NAME and key.revoked_at is None:
                return None, key.prefix
        made = await create_key(
            owner, program_id=program_id, name=_KEY_NAME, scopes=Scope, now=session.house.now()
        )
        return made.secret, made.key.prefix


def _content(made: _Made) -> Mapping[str, object]:
    shop = made.shop
    return {
        "program": shop.program.slug,
        "enrolled_now": shop.lived.enrolled,
        "sold_now": shop.lived.sold,
        "redeemed_now": shop.lived.redeemed,
        "returned_now": shop.lived.returned,
        "seconds": f"{shop.seconds:.1f}",
        "sales_per_second": _per_second(shop),
        "audit": proof_content(made.proof),
        "summary": summary_content(made.summary, shop.published.program),
        "key": made.secret,
        "key_prefix": made.key,
    }


def _per_second(shop: DemoShop) -> int | None:
    sold = shop.lived.sold
    return round(sold / shop.seconds) if sold and shop.seconds else None


def _show(made: _Made, session: Session) -> None:
    shop, console = made.shop, session.console
    show_summary(made.summary, shop.published.program, session)
    console.print()
    if shop.lived.sold:
        console.print(
            session.say(
                N_("{sales} sales recorded in {seconds} seconds: {rate} a second."),
                sales=shop.lived.sold,
                seconds=round(shop.seconds),
                rate=_per_second(shop) or 0,
            ),
            markup=False,
        )
    else:
        console.print(session.say(N_("It was made before: nothing was changed.")), markup=False)
    show_proof(made.proof, session)


def _show_address(made: _Made, session: Session, host: str, port: int) -> None:
    console = session.console
    console.print()
    if made.secret:
        console.print(session.say(N_("API key: {key}"), key=made.secret), markup=False)
        console.print(
            session.say(N_("Keep it now: only its beginning can be shown again.")), style="dim"
        )
    else:
        console.print(
            session.say(
                N_(
                    "The API key {prefix}… was shown when it was made; “fiel key create” makes one."
                ),
                prefix=made.key,
            ),
            markup=False,
        )
    console.print(f"http://{host}:{port}/", style="bold")
    console.print(f"http://{host}:{port}/v1/docs")
    console.print(session.say(N_("Ctrl-C stops it.")), style="dim")
