"""What a new version changes is told as it read before and as it reads now."""

from pathlib import Path
from typing import Any

from fiel.domain.document import read_document
from fiel.domain.document.program import PROGRAM
from fiel.domain.document.shapes import ListOf, MappingOf, Record
from fiel.programs.difference import ChangeKind, differences
from fiel.programs.words import ToldChange, changes_in_words

SOURCE = (Path(__file__).parents[2] / "domain/document/cafe-sol.yaml").read_text("utf-8")
BEFORE = read_document(SOURCE)


def told(*replacements, language="en"):
    source = SOURCE
    for old, new in replacements:
        assert old in source
        source = source.replace(old, new)
    after = read_document(source)
    changes = differences(BEFORE.plain, after.plain)
    return changes_in_words(changes, before=BEFORE.program, after=after.program, language=language)


def test_nothing_new_tells_nothing():
    assert told() == []


def test_a_rule_is_told_as_it_read_and_as_it_reads():
    assert told(("points: 1, per", "points: 2, per"), ("of: net ", "of: gross ")) == [
        ToldChange(
            ChangeKind.CHANGED,
            "Rule “base”",
            before="You earn 1 point for every €1.00 you spend, before tax and after discounts."
            " Not on items of the category “tabaco”.",
            after="You earn 2 points for every €1.00 you spend, tax included."
            " Not on items of the category “tabaco”.",
        )
    ]


def test_what_comes_and_goes_has_only_one_side():
    added, removed = told(("id: cumple, event: birthday", "id: fiesta, event: birthday"))
    assert (added.title, added.before, added.after) == (
        "Rule “fiesta”",
        "",
        "You get 100 points on your birthday.",
    )
    assert (removed.title, removed.before, removed.after) == (
        "Rule “cumple”",
        "You get 100 points on your birthday.",
        "",
    )


def test_a_key_that_comes_changes_its_rule():
    (change,) = told(("id: cumple, event: birthday", "id: cumple, name: Fiesta, event: birthday"))
    assert change == ToldChange(
        ChangeKind.CHANGED,
        "Rule “cumple”",
        "You get 100 points on your birthday.",
        "Fiesta: You get 100 points on your birthday.",
    )


def test_what_members_are_not_told_of_is_told_to_the_merchant():
    dearer = ('cost: "0.80"', 'cost: "0.90"'), ("price: {points: 50}", "price: {points: 60}")
    assert told(*dearer) == [
        ToldChange(
            ChangeKind.CHANGED,
            "Reward “cafe-gratis”",
            "cafe-gratis: for 50 points. There are 100 in all.",
            "cafe-gratis: for 60 points. There are 100 in all.",
        ),
        ToldChange(ChangeKind.CHANGED, "Reward “cafe-gratis”: cost", "0.80", "0.90"),
    ]


def test_a_change_of_the_whole_is_told_by_its_key():
    assert told(("stacking: multiply", "stacking: best"), ("by: 2027-06-30", "by: 2028-06-30")) == [
        ToldChange(ChangeKind.CHANGED, "stacking", "multiply", "best"),
        ToldChange(
            ChangeKind.CHANGED,
            "Goal “gasto”",
            "Average spend of a purchase: +20% by June 30, 2027",
            "Average spend of a purchase: +20% by June 30, 2028",
        ),
    ]


def test_a_block_is_told_as_it_read_and_as_it_reads():
    (change,) = told(("referrer: {points: 200}", "referrer: {points: 300}"))
    assert change.title == "Bring a friend"
    assert "you get 200 points" in change.before
    assert "you get 300 points" in change.after


def test_a_first_version_adds_everything_it_says():
    changes = differences({}, BEFORE.plain)
    told = changes_in_words(changes, before=None, after=BEFORE.program, language="es")
    assert all(change.before == "" for change in told)
    assert "Acumulas 1 sello por cada artículo. Solo en el artículo «CAP-01»." in [
        change.after for change in told
    ]


def test_changes_are_told_in_spanish():
    (change,) = told(("points: 1, per", "points: 2, per"), language="es")
    assert change.title == "Regla «base»"


def test_whatever_has_a_name_of_its_own_can_come():
    full = read_document(
        SOURCE
        + """
stores: {norte: {timezone: Atlantic/Canary}}
segments: [{id: fieles, where: member.frequency > 3}]
badges: [{id: amigo, name: Amigo}]
coupons: [{id: hola, kind: discount, percent: 10}]
"""
    )
    came = differences({}, full.plain)

    told_of = changes_in_words(came, before=None, after=full.program, language="en")

    # What a document can name is named in this one, or the test tells of nothing.
    assert {change.part for change in came if change.id and not change.key} == named_parts()
    assert {"Store “norte”", "Segment “fieles”"} <= {change.title for change in told_of}


def named_parts(record: Record[Any] = PROGRAM, before: str = "") -> set[str]:
    """The parts of a document whose things have ids."""
    found: set[str] = set()
    for key in record.keys:
        match key.shape:
            case ListOf(shape=Record() as one) if any(each.name == "id" for each in one.keys):
                found.add(before + key.name)
            case MappingOf(shape=Record()):
                found.add(before + key.name)
            case Record() as whole if not before:
                found |= named_parts(whole, f"{key.name}.")
    return found
