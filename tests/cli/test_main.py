"""The command line as a whole: its languages, its help, its exit codes."""

import pytest

from fiel import __version__
from fiel.cli.session import chosen_language
from tests.cli.conftest import Fiel


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "es"),
        ([], {"LANG": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "pt_BR.UTF-8"}, "pt"),
        ([], {"LANG": "C.UTF-8"}, "es"),
        ([], {"LANG": "de_DE.UTF-8"}, "es"),
        ([], {"LANG": "en_US.UTF-8", "LC_ALL": "es_ES.UTF-8"}, "es"),
        (["--language", "en", "audit"], {"LANG": "es_ES"}, "en"),
        (["--language=pt", "audit"], {}, "pt"),
    ],
)
def test_the_language_is_the_one_asked_for_or_that_of_the_machine(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    assert chosen_language(arguments, environment) == language


@pytest.mark.parametrize(
    ("language", "help_text"), [("es", "Comprueba el libro"), ("en", "Prove the ledger")]
)
def test_help_speaks_the_language(fiel: Fiel, language: str, help_text: str) -> None:
    answer = fiel("--language", language, "audit", "--help")

    assert answer.code == 0
    assert help_text in answer.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nada"],
        ["audit", "--nada"],
        ["key"],
        ["import", "sales"],
        ["--language", "de", "audit"],
        ["up", "--port", "99999"],
        ["import", "sales", "x.csv", "--map", "external_id"],
    ],
)
def test_wrong_use_leaves_with_2(fiel: Fiel, arguments: list[str]) -> None:
    assert fiel(*arguments).code == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nada"], "No existe el comando nada."),
        (["progam"], "No existe el comando progam. ¿Querías decir program?"),
        (["audit", "--nada"], "No existe la opción --nada."),
        (["import", "sales"], "Falta FILE."),
        (["key", "create", "--scopes"], "Falta algo detrás de --scopes."),
        (["audit", "x"], "No se esperaba nada más a partir de x."),
        (["up", "--port", "99999"], "--port está fuera de rango: su límite es 65535."),
        (["up", "--port", "abc"], "--port tiene que ser un número."),
        (["import", "sales", "x", "--map", "y"], "El valor de --map no sirve: y"),
    ],
)
def test_wrong_use_is_told_in_the_language(fiel: Fiel, arguments: list[str], told: str) -> None:
    answer = fiel("--language", "es", *arguments)

    assert answer.code == 2
    assert answer.err.strip().splitlines()[-1] == told


def test_wrong_use_is_told_as_data_where_data_is_asked_for(fiel: Fiel) -> None:
    answer = fiel("import", "sales", "--json")

    assert answer.json == {"ok": False, "code": "wrong_use", "detail": "FILE is missing."}


def test_the_version_is_told(fiel: Fiel) -> None:
    assert fiel("--version").out == f"fiel {__version__}\n"


def test_an_empty_ledger_is_proved(fiel: Fiel) -> None:
    answer = fiel("audit", "--json")

    assert answer.code == 0
    assert answer.json == {"ok": True, "members": 0, "transfers": 0, "differences": []}


def test_the_ledger_of_a_program_that_is_not_there_is_not_proved(cafe_sol: Fiel) -> None:
    answer = cafe_sol("audit", "--program", "cafe-luna", "--json")

    assert (answer.code, answer.json["code"]) == (1, "not_found")
