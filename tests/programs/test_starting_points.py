"""A merchant starts from a model that can be published as it is."""

import re

import pytest

from fiel.domain.document import read_document
from fiel.domain.language import LANGUAGES
from fiel.programs.starting_points import (
    MODELS,
    NoSuchModel,
    model_title,
    starting_point,
    starting_points,
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MODELS)
def test_every_model_can_be_published_without_a_finding(name, language):
    document = read_document(starting_point(name, language).source)
    assert document.warnings == ()
    assert document.program.locale == language


@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_the_same_program_in_every_language(name):
    programs = [
        read_document(starting_point(name, language, slug="shop", shop="Shop").source).plain
        for language in LANGUAGES
    ]
    for plain in programs:
        del plain["locale"]
    assert programs[0] == programs[1] == programs[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_model_makes_its_promise_in_one_sentence(language):
    for model in starting_points(language):
        assert re.fullmatch(r"[^.!?]+\.", model.promise), model.promise
        assert model.source.startswith(f"# {model.promise}\n")
        assert model_title(model.name, language)


def test_promises_differ_by_language():
    assert starting_point("stamp-card", "es").promise == (
        "Un sello en cada visita y, al completar diez, un regalo."
    )
    assert starting_point("stamp-card", "en").promise == (
        "A stamp for every visit, and a gift when ten are full."
    )


def test_a_model_is_written_for_a_shop():
    source = (
        starting_point(
            "points", "es", slug="cafe-sol", shop='Café "Sol"', currency="CLP", timezone="UTC"
        )
        .source.replace('amount: "5.00"', "amount: 5000")
        .replace('"12.00"', "12000")
    )
    program = read_document(source).program
    assert (program.slug, program.name) == ("cafe-sol", 'Café "Sol"')
    assert (program.currency.code, str(program.timezone)) == ("CLP", "UTC")


def test_a_model_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(NoSuchModel) as refused:
        starting_point("lottery", "es")
    assert refused.value.parameters["name"] == "lottery"
    assert "stamp-card" in refused.value.parameters["known"]
