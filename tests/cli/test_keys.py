"""Keys are made, listed and revoked by command."""

from pathlib import Path

from tests.cli.conftest import CAFE_SOL, Fiel


def test_a_key_is_shown_once_and_listed_by_its_beginning(cafe_sol: Fiel) -> None:
    made = cafe_sol(
        "key", "create", "--program", "cafe-sol", "--scopes", "read,till,manage", "--json"
    ).json
    (listed,) = cafe_sol("key", "list", "--json").json["keys"]

    assert made["scopes"] == ["read", "till", "manage"]
    assert made["key"].startswith(listed["prefix"])
    assert made["key"] not in str(listed)


def test_a_revoked_key_is_listed_as_such(cafe_sol: Fiel) -> None:
    made = cafe_sol("key", "create", "--json").json

    assert cafe_sol("key", "revoke", made["prefix"]).code == 0

    (listed,) = cafe_sol("key", "list", "--json").json["keys"]
    assert listed["revoked_at"] is not None


def test_what_is_no_key_cannot_be_revoked(cafe_sol: Fiel) -> None:
    answer = cafe_sol("key", "revoke", "fiel_nada", "--json")

    assert (answer.code, answer.json["code"]) == (1, "not_found")


def test_a_scope_that_does_not_exist_is_refused(cafe_sol: Fiel) -> None:
    answer = cafe_sol("key", "create", "--scopes", "read,admin", "--json")

    assert answer.code == 1
    assert [error["field"] for error in answer.json["errors"]] == ["scopes"]


def test_without_a_program_there_is_no_key(fiel: Fiel) -> None:
    assert fiel("key", "create", "--json").json["code"] == "not_found"


def test_among_several_programs_one_must_be_named(cafe_sol: Fiel, tmp_path: Path) -> None:
    rival = tmp_path / "rival.yaml"
    rival.write_text(CAFE_SOL.replace("cafe-sol", "cafe-luna"))
    cafe_sol("program", "apply", rival, "--yes")

    unnamed = cafe_sol("key", "create", "--json")
    cafe_sol("key", "create", "--program", "cafe-luna")

    assert (unnamed.code, unnamed.json["code"]) == (1, "program_needed")
    assert cafe_sol("key", "list", "--program", "cafe-sol", "--json").json["keys"] == []
