"""Accounts are made, listed and revoked by command; passwords keep the rules of the pages."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.cli.conftest import Fiel
from tests.support.database import TestDatabases


def test_an_account_is_made_with_a_password_that_is_shown_once(cafe_sol: Fiel) -> None:
    made = cafe_sol("user", "create", "Ana@example.com", "--name", "Ana", "--json").json
    (listed,) = cafe_sol("user", "list", "--json").json["users"]

    assert (made["email"], made["program"], made["role"]) == (
        "ana@example.com",
        "cafe-sol",
        "owner",
    )
    assert len(made["password"]) == 16
    assert (listed["email"], listed["name"]) == ("ana@example.com", "Ana")
    assert (listed["open"], listed["programs"]) == (True, {"cafe-sol": "owner"})


def test_who_has_an_account_is_put_on_another_staff_and_keeps_the_password(cafe_sol: Fiel) -> None:
    cafe_sol("user", "create", "ana@example.com", "--json")
    only = cafe_sol("user", "create", "ana@example.com", "--role", "finance", "--json")
    cafe_sol("user", "create", "berta@example.com", "--json")

    again = cafe_sol("user", "create", "ana@example.com", "--role", "finance", "--json").json

    assert only.json["code"] == "last_owner"
    assert (again["created"], again["password"], again["role"]) == (False, None, "finance")


def test_before_the_first_program_an_account_is_made_without_one(fiel: Fiel) -> None:
    made = fiel("user", "create", "ana@example.com", "--json")

    assert (made.code, made.json["program"], made.json["role"]) == (0, None, None)


def test_a_password_is_read_and_held_to_the_rules(
    cafe_sol: Fiel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("cafe\n"))
    weak = cafe_sol("user", "create", "ana@example.com", "--password-stdin", "--json")
    monkeypatch.setattr("sys.stdin", io.StringIO("tres tazas de té\n"))
    good = cafe_sol("user", "create", "ana@example.com", "--password-stdin", "--json")

    assert (weak.code, weak.json["code"]) == (1, "invalid")
    assert {error["field"] for error in weak.json["errors"]} == {"password"}
    assert (good.code, good.json["password"]) == (0, None)


def test_a_role_that_does_not_exist_is_refused(cafe_sol: Fiel) -> None:
    answer = cafe_sol("user", "create", "ana@example.com", "--role", "boss", "--json")

    assert (answer.code, answer.json["errors"][0]["field"]) == (1, "role")


def test_the_last_owner_is_not_taken_off_but_another_is(cafe_sol: Fiel) -> None:
    cafe_sol("user", "create", "ana@example.com")
    last = cafe_sol("user", "revoke", "ana@example.com", "--program", "cafe-sol", "--json")
    cafe_sol("user", "create", "berta@example.com")
    other = cafe_sol("user", "revoke", "ana@example.com", "--program", "cafe-sol", "--json")

    assert (last.code, last.json["code"]) == (1, "last_owner")
    assert other.code == 0
    (left,) = cafe_sol("user", "list", "--program", "cafe-sol", "--json").json["users"]
    assert left["email"] == "berta@example.com"


def test_a_closed_account_is_opened_by_a_new_password(cafe_sol: Fiel) -> None:
    cafe_sol("user", "create", "ana@example.com")

    closed = cafe_sol("user", "revoke", "ana@example.com", "--json").json
    (then,) = cafe_sol("user", "list", "--json").json["users"]
    opened = cafe_sol(
        "user", "password", "ana@example.com", "--forget-second-factor", "--json"
    ).json
    (now,) = cafe_sol("user", "list", "--json").json["users"]

    assert (closed["closed"], then["open"], now["open"]) == (True, False, True)
    assert opened["password"]


@pytest.mark.parametrize("command", ["revoke", "password"])
def test_an_account_that_is_not_there_is_not_found(fiel: Fiel, command: str) -> None:
    answer = fiel("user", command, "nadie@example.com", "--json")

    assert (answer.code, answer.json["code"]) == (1, "not_found")


def test_a_backup_is_written_and_put_back(
    fiel: Fiel,
    document: Path,
    databases: TestDatabases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A database of its own: tests before this one may still hold lines to the one they share,
    # and to put back in place of what others use is refused.
    monkeypatch.setenv("DATABASE_URL", databases.new())
    fiel("program", "apply", document, "--sandbox", "--yes")
    file = tmp_path / "sol.fiel"

    made = fiel("backup", file, "--json").json
    refused = fiel("restore", file, "--json")
    restored = fiel("restore", file, "--replace", "--json")

    assert (made["programs"], made["bytes"]) == (["cafe-sol"], file.stat().st_size)
    assert (refused.code, refused.json["code"]) == (1, "not_empty")
    assert restored.code == 0, restored.out
    assert restored.json["programs"] == ["cafe-sol"]
    assert fiel("audit", "--json").json["ok"] is True
