"""What people read: numbers, amounts, days and messages in their language."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from babel.numbers import format_currency
from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.domain import messages
from fiel.domain.language import (
    LANGUAGES,
    counted_text,
    day_of_year_text,
    day_text,
    money_text,
    number_text,
    percent_text,
    pick,
    say,
    say_many,
    singular,
)
from fiel.domain.money import Amount, currency

EUR = currency("EUR")


@pytest.mark.parametrize(
    ("language", "code", "minor", "text"),
    [
        ("es", "EUR", 100, "1,00 €"),
        ("en", "EUR", 100, "€1.00"),
        ("pt", "EUR", 100, "€ 1,00"),
        ("es", "EUR", 5, "0,05 €"),
        ("es", "EUR", -123456789, "-1.234.567,89 €"),
        ("en", "EUR", -123456789, "-€1,234,567.89"),
        ("es", "CLP", 1500, "1.500 CLP"),
        ("es", "KWD", 1500, "1,500 KWD"),
    ],
)
def test_money_is_written_as_the_language_writes_it(language, code, minor, text):
    assert money_text(language, currency(code), minor) == text


@settings(max_examples=100)
@given(
    st.sampled_from(LANGUAGES),
    st.sampled_from(["EUR", "USD", "CLP", "KWD", "BRL", "MXN"]),
    st.integers(-(10**12), 10**12),
)
def test_money_by_hand_is_what_babel_writes(language, code, minor):
    amount = Decimal(minor).scaleb(-currency(code).decimals)
    written = format_currency(amount, code, locale=language).replace("\xa0", " ")
    assert money_text(language, currency(code), minor) == written


def test_numbers_are_written_exactly():
    assert number_text("es", 1234567) == "1.234.567"
    assert number_text("es", Decimal("1.50")) == "1,5"
    assert number_text("en", Fraction(-12345, 4)) == "-3,086.25"
    assert number_text("en", Fraction(1, 3)) == "1/3"
    assert number_text("es", Decimal("0.05")) == "0,05"
    assert number_text("en", Fraction(6, 3)) == "2"


def test_days_are_written_out():
    assert day_text("es", date(2026, 2, 28)) == "28 de febrero de 2026"
    assert day_text("en", date(2026, 2, 28)) == "February 28, 2026"
    assert day_of_year_text("es", 12, 31) == "31 de diciembre"
    assert day_of_year_text("en", 2, 29) == "February 29"


@pytest.mark.parametrize(
    ("language", "many", "one"),
    [
        ("es", "puntos", "punto"),
        ("es", "estrellas", "estrella"),
        ("es", "flores", "flor"),
        ("es", "corazones", "corazón"),
        ("es", "viajes", "viaje"),
        ("es", "cruces", "cruz"),
        ("es", "granos de café", "grano de café"),
        ("en", "points", "point"),
        ("en", "berries", "berry"),
        ("en", "gold stars", "gold star"),
        ("pt", "pontos", "ponto"),
        ("pt", "corações", "coração"),
        ("en", "gold", "gold"),
    ],
)
def test_one_of_many_drops_the_plural(language, many, one):
    assert singular(language, many) == one


def test_a_count_takes_the_word_for_one_or_for_many():
    assert counted_text("es", 1, "puntos") == "1 punto"
    assert counted_text("es", 6, "puntos") == "6 puntos"
    assert counted_text("en", 1, "miles", "mile") == "1 mile"
    assert counted_text("es", Fraction(3, 2), "puntos") == "1,5 puntos"


def test_pick_falls_back_to_the_program_language_then_to_any():
    assert pick({"es": "puntos", "en": "points"}, "en", "es") == "points"
    assert pick({"es": "puntos", "en": "points"}, "pt", "es") == "puntos"
    assert pick({"en": "points"}, "pt", "es") == "points"
    assert pick({}, "pt", "es") == ""


@pytest.fixture
def spanish(monkeypatch):
    catalogue = {
        "You miss {points} points": "Te faltan {points} puntos",
        "{count} day": ("{count} día", "{count} días"),
    }
    monkeypatch.setattr(
        "fiel.domain.language.translations", lambda language: catalogue if language == "es" else {}
    )


@pytest.mark.usefixtures("spanish")
def test_a_message_is_said_in_the_language_with_its_numbers():
    assert say("es", "You miss {points} points", points=1500) == "Te faltan 1.500 puntos"
    assert say("en", "You miss {points} points", points=1500) == "You miss 1,500 points"


@pytest.mark.usefixtures("spanish")
def test_a_count_chooses_singular_or_plural():
    assert say_many("es", "{count} day", "{count} days", 1) == "1 día"
    assert say_many("es", "{count} day", "{count} days", 2) == "2 días"
    assert say_many("en", "{count} day", "{count} days", 1) == "1 day"
    assert say_many("en", "{count} day", "{count} days", 0) == "0 days"


@pytest.mark.parametrize(("language", "text"), [("en", "Only €5.00."), ("es", "Only 5,00 €.")])
def test_an_amount_in_a_message_is_written_as_the_language_writes_it(language, text):
    assert say(language, "Only {left}.", left=Amount(500, currency("EUR"))) == text


def test_a_message_without_translation_is_said_as_it_is_written():
    assert say("es", "Nobody ever wrote this {thing}", thing="x") == "Nobody ever wrote this x"


def test_braces_in_what_a_caller_sent_are_left_alone():
    assert say("en", "Unknown field {field}", field="{0.__class__}") == (
        "Unknown field {0.__class__}"
    )


CATALOGUE = """
msgid ""
msgstr ""
"Language: es\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "coffee"
msgstr "café"

msgid "{count} cup"
msgid_plural "{count} cups"
msgstr[0] "{count} taza"
msgstr[1] "{count} tazas"

#, fuzzy
msgid "tea"
msgstr "tila"
"""


def test_a_compiled_catalogue_says_what_its_source_says(tmp_path, monkeypatch):
    from babel.messages.mofile import write_mo

    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "fiel.po"
    source.write_text(CATALOGUE, encoding="utf-8")
    monkeypatch.setattr(messages, "LOCALE_FOLDER", tmp_path)
    expected = {"coffee": "café", "{count} cup": ("{count} taza", "{count} tazas")}

    read = messages.translations.__wrapped__
    assert read("es") == expected
    with (folder / "fiel.mo").open("wb") as file:
        write_mo(file, messages.read_catalogue(source, "es"))
    source.unlink()
    assert read("es") == expected


def test_a_percentage_stands_off_its_sign_but_in_english() -> None:
    assert [percent_text(each, "60") for each in ("es", "en", "pt")] == ["60 %", "60%", "60 %"]
