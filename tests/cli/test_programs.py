"""Programs are written, checked, compared, published and read by command."""

import json
from pathlib import Path

import pytest

from fiel.programs.starting_points import MODELS
from tests.cli.conftest import CAFE_SOL, Fiel


def test_every_model_is_listed_with_its_promise(fiel: Fiel) -> None:
    models = fiel("program", "new", "--json").json["models"]

    assert [model["model"] for model in models] == list(MODELS)
    assert all(model["promise"] for model in models)


@pytest.mark.parametrize("model", MODELS)
def test_a_model_can_be_written_checked_and_published(
    fiel: Fiel, tmp_path: Path, model: str
) -> None:
    file = tmp_path / "program.yaml"

    assert fiel("program", "new", file, "--model", model).code == 0
    assert fiel("program", "check", file, "--json").json["ok"] is True
    assert fiel("program", "apply", file, "--yes", "--json").json["version"] == 1


def test_a_file_is_never_written_over(fiel: Fiel, document: Path) -> None:
    answer = fiel("program", "new", document, "--json")

    assert (answer.code, answer.json["code"]) == (1, "file_exists")
    assert document.read_text(encoding="utf-8") == CAFE_SOL


def test_a_problem_is_told_with_line_key_and_remedy(fiel: Fiel, document: Path) -> None:
    document.write_text(CAFE_SOL.replace("give: {points: 10}", "give: {pints: 10}"))

    answer = fiel("program", "check", document, "--json")

    assert answer.code == 1
    (finding,) = answer.json["findings"]
    assert finding["line"] == 10
    assert finding["key"] == "earn[1].give.pints"
    assert finding["remedy"] == "Did you mean “points”?"
    shown = fiel("program", "check", document).err
    assert "line 10" in shown
    assert "Did you mean “points”?" in shown


def test_a_file_that_is_not_there_is_told(fiel: Fiel, tmp_path: Path) -> None:
    answer = fiel("program", "check", tmp_path / "nada.yaml", "--json")

    assert (answer.code, answer.json["code"]) == (1, "unreadable_file")


def test_json_documents_are_read_as_such(fiel: Fiel, tmp_path: Path) -> None:
    file = tmp_path / "cafe.json"
    file.write_text(
        json.dumps(
            {
                "program": "cafe-sol", "name": "Café Sol", "locale": "es", "currency": "EUR",
                "timezone": "Europe/Madrid", "units": {"points": {"name": "puntos"}},
                "earn": [{"id": "base", "event": "sale", "give": {"points": 1, "per": "1.00"}}],
            }
        )
    )  # fmt: skip

    assert fiel("program", "check", file, "--json").json["program"] == "cafe-sol"


def test_a_plan_shows_what_would_change_and_changes_nothing(cafe_sol: Fiel, document: Path) -> None:
    document.write_text(CAFE_SOL.replace("give: {points: 10}", "give: {points: 25}"))

    plan = cafe_sol("program", "plan", document, "--json").json

    assert plan["version"] == 1
    (change,) = plan["changes"]
    assert change["path"].startswith("earn.bienvenida")
    assert cafe_sol("program", "plan", document, "--json").json == plan


def test_a_plan_tells_how_a_rule_reads_before_and_after(cafe_sol: Fiel, document: Path) -> None:
    document.write_text(CAFE_SOL.replace("give: {points: 10}", "give: {points: 25}"))

    plan = ("--language", "es", "program", "plan", document)

    (told,) = cafe_sol(*plan, "--json").json["in_words"]

    assert (told["title"], told["before"], told["after"]) == (
        "Regla «bienvenida»",
        "Recibes 10 puntos al apuntarte.",
        "Recibes 25 puntos al apuntarte.",
    )
    assert "+ Recibes 25 puntos al apuntarte." in cafe_sol(*plan).out


def test_publishing_the_same_again_makes_no_version(cafe_sol: Fiel, document: Path) -> None:
    again = cafe_sol("program", "apply", document, "--sandbox", "--yes", "--json").json

    assert (again["version"], again["published"]) == (1, False)


def test_publishing_a_change_makes_the_next_version(cafe_sol: Fiel, document: Path) -> None:
    document.write_text(CAFE_SOL.replace("give: {points: 10}", "give: {points: 25}"))

    changed = cafe_sol("program", "apply", document, "--yes", "--json").json

    assert (changed["version"], changed["published"]) == (2, True)


def test_a_live_program_does_not_become_a_sandbox(fiel: Fiel, document: Path) -> None:
    fiel("program", "apply", document, "--yes")

    assert fiel("program", "apply", document, "--sandbox", "--yes").code == 1


def test_where_nobody_can_be_asked_publishing_wants_yes(fiel: Fiel, document: Path) -> None:
    assert fiel("program", "apply", document, "--json").code == 2
    assert fiel("program", "plan", document, "--json").json["version"] is None


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("es", "1 punto por cada 1,00"), ("en", "1 point for every €1.00")],
)
def test_the_rules_are_told_in_each_language(
    fiel: Fiel, document: Path, language: str, sentence: str
) -> None:
    told = fiel("--language", language, "program", "rules", document, "--json").json

    assert told["language"] == language
    assert any(sentence in rule for section in told["sections"] for rule in section["rules"])
    assert sentence in fiel("--language", language, "program", "rules", document).out
