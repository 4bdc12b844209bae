"""Closing months and reading the accounts, by command."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.cli.conftest import Fiel

MEMBERS = "external_id,name\nana,Ana\n"


def last_month() -> date:
    return (datetime.now(UTC).date().replace(day=1) - timedelta(days=1)).replace(day=1)


def test_a_month_is_closed_once_and_listed(cafe_sol: Fiel) -> None:
    month = f"{last_month():%Y-%m}"

    closed = cafe_sol("periods", "close", month, "--json")
    again = cafe_sol("periods", "close", month, "--json")
    listed = cafe_sol("periods", "list", "--json")

    assert (closed.code, closed.json["month"], closed.json["closed_by"]) == (0, month, "terminal")
    assert closed.json == again.json
    assert listed.json == {"data": [closed.json]}
    assert month in cafe_sol("periods", "list").out


def test_a_month_that_is_not_over_is_not_closed(cafe_sol: Fiel) -> None:
    refused = cafe_sol("periods", "close", f"{datetime.now(UTC):%Y-%m}", "--json")

    assert (refused.code, refused.json["code"]) == (1, "period_not_over")
    assert cafe_sol("periods", "close", "marzo").code == 2
    assert "No month is closed." in cafe_sol("periods", "list").out


def test_accounts_are_read_as_text_json_and_csv(cafe_sol: Fiel, tmp_path: Path) -> None:
    members, balances = tmp_path / "members.csv", tmp_path / "balances.csv"
    members.write_text(MEMBERS)
    earned = last_month() + timedelta(days=9)
    balances.write_text(f"external_id,member.external_id,points,earned_at\nB-1,ana,400,{earned}\n")
    assert cafe_sol("import", "members", members).code == 0
    assert cafe_sol("import", "balances", balances).code == 0

    # 400 brought in, 10 of the welcome; 0.01 each, and all expected to be redeemed.
    told = cafe_sol("report", "liability", "--json").json
    assert (told["liability"][0]["outstanding"], told["liability"][0]["liability"]) == (410, "4.10")
    assert told["liability"][0]["deferred"] == "4.00"
    rolled = cafe_sol("report", "roll-forward", "--from", str(last_month()), "--json").json
    row = rolled["roll_forward"][0]
    assert (row["opening"], row["brought_in"], row["earned"], row["closing"]) == (0, 400, 10, 410)
    lines = cafe_sol("report", "journal", "--from", str(last_month()), "--csv").out.splitlines()
    assert lines[0] == "from,to,entry,text,unit,account,number,debit,credit"
    assert [line.split(",")[-2:] for line in lines[1:]] == [["4.00", "0.00"], ["0.00", "4.00"]]
    assert cafe_sol("report", "gift-cards").code == 0
    assert "4.10" in cafe_sol("report", "liability").out
