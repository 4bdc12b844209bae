"""The calendar and the migration of dates, by command."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.cli.conftest import CAFE_SOL, Fiel

MEMBERS = "external_id,name\nana,Ana\n"


def test_the_calendar_is_gone_through_for_all_programs_or_one(cafe_sol: Fiel) -> None:
    assert cafe_sol("calendar", "run", "--json").json == {"done": {"cafe-sol": 0}}
    assert cafe_sol("calendar", "run", "--program", "cafe-sol").code == 0
    assert cafe_sol("calendar", "run", "--program", "otro", "--json").json["code"] == "not_found"


def test_where_every_lot_has_its_date_nothing_is_to_be_done(cafe_sol: Fiel) -> None:
    looked = cafe_sol("program", "redate", "--json").json

    assert looked == {
        "program": "cafe-sol", "done": False, "members": 0, "lots": 0, "points": 0, "dates": [],
    }  # fmt: skip


def test_dates_are_shown_first_and_changed_with_yes(cafe_sol: Fiel, tmp_path: Path) -> None:
    balances = tmp_path / "balances.csv"
    members = tmp_path / "members.csv"
    members.write_text(MEMBERS)
    earned_on = (datetime.now(UTC) - timedelta(days=10)).date()
    balances.write_text(
        f"external_id,member.external_id,points,earned_at\nB-1,ana,40,{earned_on}\n"
    )
    assert cafe_sol("import", "members", members).code == 0
    brought = cafe_sol("import", "balances", balances, "--json")
    assert brought.json["accepted"] == 1, brought.out
    shorter = tmp_path / "shorter.yaml"
    shorter.write_text(CAFE_SOL.replace("after: 12 months", "after: 6 months"))
    cafe_sol("program", "apply", shorter, "--yes")

    looked = cafe_sol("program", "redate", "--json").json
    done = cafe_sol("program", "redate", "--yes", "--json").json
    again = cafe_sol("program", "redate", "--yes", "--json").json

    assert (looked["done"], looked["members"]) == (False, 1)
    assert done == looked | {"done": True}
    assert again["lots"] == 0
    assert cafe_sol("audit").code == 0
