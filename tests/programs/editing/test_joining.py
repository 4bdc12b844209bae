"""Models join what a program has."""

import difflib
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from fiel.domain.document import read_document
from fiel.programs.editing.joining import joined
from fiel.programs.editing.written import Written
from fiel.programs.starting_points import MODELS, starting_point

CAFE_SOL = Path("tests/domain/document/cafe-sol.yaml").read_text(encoding="utf-8")


def model(name):
    return Written(starting_point(name, "es").source)


@pytest.mark.parametrize(("first", "second"), list(permutations(MODELS, 2)))
def test_any_two_models_make_a_program_that_can_be_published(first, second):
    after = joined(model(first), model(second)).written
    read_document(after.source, today=date(2026, 3, 1))


def test_all_nine_models_at_once_make_one_program():
    written = model(MODELS[0])
    for name in MODELS[1:]:
        written = joined(written, model(name)).written
    program = read_document(written.source).program
    assert len(program.rewards) > 8
    assert [rule.id for rule in program.earn].count("base") == 1


def test_a_model_joins_the_cafe_and_leaves_what_it_had_as_it_was_written():
    after = joined(Written(CAFE_SOL), model("stamp-card"))
    told = difflib.ndiff(CAFE_SOL.splitlines(), after.written.source.splitlines())
    assert [line for line in told if line.startswith("-")] == []
    assert after.added


def test_nothing_is_given_twice_for_the_same_spending():
    after = joined(model("points"), model("tiers"))
    assert ("earn", "base") in after.kept
    assert ("tiers", "tiers") in after.added


def test_the_same_model_again_changes_nothing():
    once = model("club")
    again = joined(once, model("club"))
    assert (again.written.source, again.added) == (once.source, ())


def test_what_has_another_content_under_the_same_id_comes_in_under_another():
    mine = model("points").put(("rewards", 0, "amount"), "3.00")
    after = joined(mine, model("points"))
    assert after.added == (("rewards", "voucher-5-2"),)
