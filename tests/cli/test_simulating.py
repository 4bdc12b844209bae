"""`fiel program simulate` as it is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Fiel


def test_a_document_is_tried_and_told_as_text_and_as_data(cafe_sol: Fiel, document: Path) -> None:
    told = cafe_sol("program", "simulate", document)
    assert told.code == 0
    assert "Café Sol: Simulation" in told.out
    assert "There are no sales to members in this time" in told.out
    assert "On the frontier" in told.out  # what the figures mean

    content = cafe_sol("program", "simulate", document, "--json").json
    assert [row["program"] for row in content["money"]] == ["in_force", "draft"]
    codes = [statement["code"] for statement in content["statements"]]
    assert codes == ["no_sales", "redeems_as_observed", "same_program"]


def test_a_grid_may_be_given_in_parts(cafe_sol: Fiel, document: Path) -> None:
    content = cafe_sol(
        "program", "simulate", document, "--json", "--behaviour", "eager:50",
        "--grid", "earn.base.give.points=1,2", "--grid", "earn.base.of=net,gross",
    ).json  # fmt: skip
    assert [row["variant"] for row in content["variants"]] == [
        "earn.base.give.points=1, earn.base.of=net",
        "earn.base.give.points=1, earn.base.of=gross",
        "earn.base.give.points=2, earn.base.of=net",
        "earn.base.give.points=2, earn.base.of=gross",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--behaviour", "sometimes"), 1, "behaviour"),
        (("--grid", "weather.today=fine"), 1, "grid"),
        (("--from", "yesterday"), 2, "2026-03-31"),
        (("--from", "2026-02-02", "--to", "2026-02-01"), 1, "to"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_the_way_out(
    cafe_sol: Fiel, document: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    told = cafe_sol("program", "simulate", document, *arguments)
    assert told.code == code
    assert said in told.err


def test_a_file_that_is_not_there_and_a_program_that_is_unknown_are_refused(
    fiel: Fiel, document: Path, tmp_path: Path
) -> None:
    assert fiel("program", "simulate", tmp_path / "none.yaml").code == 1
    assert fiel("program", "simulate", document).code == 1
