"""Forms show the whole document, and write what was answered and nothing else."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.domain.document import DocumentRefused, read_document
from fiel.domain.document.program import PROGRAM
from fiel.domain.document.shapes import Either, ListOf, MappingOf, Record
from fiel.programs.editing.forms import (
    added,
    begun,
    copied,
    ended,
    entries_of,
    entry_named,
    free_id,
    mark_of,
    moved,
    removed,
    saved,
    steps,
    where_is,
)
from fiel.programs.editing.kinds import typed_in
from fiel.programs.editing.known import known_in
from fiel.programs.editing.naming import entry_name
from fiel.programs.editing.parts import PARTS, Manner, groups_of
from fiel.programs.editing.questions import Steer, questions_in
from fiel.programs.editing.written import Written
from fiel.programs.starting_points import MODELS, starting_point

CAFE_SOL = Path("tests/domain/document/cafe-sol.yaml").read_text(encoding="utf-8")
SOURCES = {"cafe-sol": CAFE_SOL} | {name: starting_point(name, "es").source for name in MODELS}
TODAY = date(2026, 3, 1)


def forms(written, known):
    """Every form of a document: its part, the entry, and what stands there."""
    for part in PARTS.values():
        if part.manner is Manner.BLOCK:
            yield part, None, written.at(part.way) if part.way else written.said
        else:
            for entry in entries_of(part, written, known):
                yield part, entry.ref, entry.said


def sent(part, block, known):
    return {
        question.name: question.shown({} if block is None else block, known)
        for question in questions_in(groups_of(part, known))
    }


@pytest.mark.parametrize("name", SOURCES)
def test_forms_that_are_saved_untouched_leave_the_document_byte_for_byte(name):
    written = Written(SOURCES[name])
    known = known_in(written.said, "es", TODAY)
    for part, ref, block in forms(written, known):
        assert saved(part, written, ref, sent(part, block, known), known).source == SOURCES[name]


@pytest.mark.parametrize("name", SOURCES)
def test_forms_can_show_everything_that_stands_in_it(name):
    written = Written(SOURCES[name])
    known = known_in(written.said, "es", TODAY)
    for part, _, block in forms(written, known):
        for question in questions_in(groups_of(part, known)):
            here = block
            for step in question.way:
                here = here.get(step) if isinstance(here, dict) else None
            if not isinstance(question.kind, Steer) or here is not None:
                assert question.kind.can_show(here), (part.id, question.name)


# What is asked by a question that steers, or by another part.
STEERED = {("rule", "give.per_item")}


def keys_of(shape, way=()):
    """Every key below a shape, as ways; keys that are names are left to their own questions."""
    match shape:
        case Either(otherwise=inner):
            yield from keys_of(inner, way)
        case Record() as record:
            for key in record.keys:
                inner = list(keys_of(key.shape, (*way, key.name)))
                yield from inner or [(*way, key.name)]
        case _:
            return


def test_every_key_of_the_reference_has_a_question():
    asked = {}
    known = known_in(Written(CAFE_SOL).said, "es", TODAY)
    for part in PARTS.values():
        ways = {q.way for q in questions_in(groups_of(part, known))}
        asked.setdefault(part.way, set()).update(ways)
    missing = set()
    for key in PROGRAM.keys:
        missing |= unasked((key.name,), key.shape, asked)
    assert missing == {("earn", "give", "per_item")}  # asked by how a rule gives


def unasked(way, shape, asked):
    if isinstance(shape, Either):
        shape = shape.otherwise
    if isinstance(shape, ListOf | MappingOf) and way in asked:
        return {(*way, *inside) for inside in keys_of(shape.shape)} - {
            (*way, *inside) for inside in covered(asked[way], keys_of(shape.shape))
        }
    if isinstance(shape, Record):
        found = set()
        for key in shape.keys:
            found |= unasked((*way, key.name), key.shape, asked)
        return found
    for length in range(len(way) + 1):
        if way[length:] in asked.get(way[:length], ()):
            return set()
    return set() if any(way[: len(w)] == w and w for w in DYNAMIC) else {way}


# Blocks whose keys are units: one question asks for all of them.
DYNAMIC = [("accounting", "units"), ("offline", "overdraw"), ("referral", "referrer"),
           ("referral", "friend")]  # fmt: skip


def covered(ways, keys):
    return {key for key in keys if key in ways}


def changed(part, ref, name, fields, source=CAFE_SOL):
    written = Written(source)
    known = known_in(written.said, "es", TODAY)
    block = next(b for p, r, b in forms(written, known) if p is part and r == ref)
    return saved(part, written, ref, sent(part, block, known) | {name: fields}, known)


def lines_changed(before, after):
    return [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]


def test_an_answer_changes_its_own_line():
    after = changed(PARTS["rewards"], "dto-5", "price", {"points": ["450"]})
    assert lines_changed(CAFE_SOL, after.source) == [
        (
            '  - {id: dto-5, kind: discount, amount: "5.00", price: {points: 500}, valid: 30 days}',
            '  - {id: dto-5, kind: discount, amount: "5.00", price: {points: 450}, valid: 30 days}',
        )
    ]


def test_a_decimal_comma_is_understood():
    after = changed(PARTS["rewards"], "dto-5", "amount", {"": ["7,50"]})
    assert after.at(("rewards", 1, "amount")) == "7.50"


def test_the_mark_of_the_decimals_changes_nothing():
    assert typed_in("es", "1.00") == "1,00"
    assert typed_in("en", "1.00") == "1.00"
    assert typed_in("es", "a.b") == "a.b"
    after = changed(PARTS["earn"], "base", "give-per", {"": ["1,00"]})
    assert after.source == CAFE_SOL


def test_an_entry_without_a_name_is_called_as_what_it_was_begun_with():
    written = Written(CAFE_SOL)
    known = known_in(written.said, "en", TODAY)
    rules = {entry.ref: entry.title for entry in entries_of(PARTS["earn"], written, known)}
    assert rules["base"] == "For what is spent"
    assert entry_name("earn", "base-2", "base-2", "en") == rules["base"]
    assert entry_name("earn", "own", "own", "en") == "own"
    (goal,) = entries_of(PARTS["goals"], written, known)
    assert goal.title == "Average spend of a purchase"


def test_what_is_counted_one_by_one_is_a_stamp_and_what_is_given_by_value_is_none():
    source = (
        "units: {puntos: {name: puntos}, cafes: {name: cafés}}\nearn:\n"
        '  - {id: base, event: sale, give: {puntos: 1, per: "1.00"}}\n'
        "  - {id: large, event: sale, give: {puntos: 50}, where: sale.net >= 20}\n"
        "  - {id: item, event: sale, give: {cafes: 1, per_item: true}}\n"
    )
    assert known_in(Written(source).said, "es", TODAY).named("stamps") == (("cafes", "cafés"),)


def test_another_kind_of_reward_takes_away_what_does_not_go_with_it():
    after = changed(PARTS["rewards"], "dto-5", "kind", {"": ["access"]})
    assert after.at(("rewards", 1)) == {
        "id": "dto-5", "kind": "access", "price": {"points": read_number("500")},
        "valid": "30 days",
    }  # fmt: skip


def read_number(text):
    return Written(f"a: {text}").said["a"]


def test_a_rule_that_gave_multiplies():
    after = changed(PARTS["earn"], "base", "how", {"": ["multiply"]})
    assert after.at(("earn", 0)) == {
        "id": "base", "event": "sale", "where": 'line.category != "tabaco"',
        "multiply": read_number("2"),
    }  # fmt: skip
    assert read_document(after.source)


def test_a_rule_of_a_sale_becomes_one_of_a_birthday():
    after = changed(PARTS["earn"], "sello", "event", {"": ["birthday"]})
    assert after.at(("earn", 3, "give")) == {"stamps": read_number("1")}
    assert after.at(("earn", 3, "event")) == "birthday"


def test_points_that_never_end_can_end():
    after = changed(PARTS["units"], "stamps", "expires", {"": ["inactivity"]})
    assert after.at(("units", "stamps", "expiry")) == {"inactivity": "12 months"}


def row(attribute, operator, *values, kind="text"):
    told = [{"kind": kind, "text": value} for value in values]
    return {"attribute": attribute, "operator": operator, "values": told}


def rows(join, *parts):
    return {"mode": ["rows"], "rows": [json.dumps({"join": join, "parts": parts})]}


def test_condition_rows_that_say_the_same_leave_the_text():
    told = rows("all", row("sale.net", "at_least", "50.0", kind="number"))
    assert changed(PARTS["earn"], "ticket-50", "where", told).source == CAFE_SOL


def test_a_condition_is_written_from_its_rows():
    told = rows("any", row("line.sku", "one_of", "A", "B"), row("line.category", "is"))
    after = changed(PARTS["earn"], "base", "where", told)
    assert after.at(("earn", 0, "where")) == 'line.sku in ["A", "B"]'


def test_the_whole_program_is_changed_key_by_key():
    after = changed(PARTS["basics"], None, "name", {"": ["Café Luna"]})
    assert lines_changed(CAFE_SOL, after.source) == [("name: Café Sol", "name: Café Luna")]


@pytest.mark.parametrize(
    ("part", "sample"), [(p, s) for p in PARTS.values() for s in p.samples],
    ids=lambda value: value.id,
)  # fmt: skip
def test_every_sample_can_be_added_and_read(part, sample):
    written = Written(CAFE_SOL)
    known = known_in(written.said, "es", TODAY)
    after, ref = added(part, written, sample, known)
    assert ref in [entry.ref for entry in entries_of(part, after, known)]
    read_document(after.source, today=TODAY)
    assert removed(part, after, ref, known).said == written.said


def named(source, ref, **texts):
    """What a reward is called after its form was sent with these names; the lines that changed."""
    written = Written(source)
    known = known_in(written.said, "es", TODAY)
    part = PARTS["rewards"]
    shown = entry_named(part, written, known, ref).said["name"]
    sent = {"name": {language: [text] for language, text in {**shown, **texts}.items()}}
    after = saved(part, written, ref, sent, known)
    said = entry_named(part, after, known, ref).said
    there = source.splitlines()
    return said.get("name"), [line for line in after.source.splitlines() if line not in there]


MODEL = starting_point("points", "es").source
OWN = MODEL.replace("en: €5 off", "en: A fiver off")


@pytest.mark.parametrize(
    ("source", "texts", "name"),
    [
        (MODEL, {"es": "Un desayuno"}, "Un desayuno"),
        (MODEL, {"es": "Un desayuno", "en": "A breakfast"},
         {"es": "Un desayuno", "en": "A breakfast"}),
        (MODEL, {"en": "A fiver off"}, {"es": "5 € de descuento", "en": "A fiver off"}),
        (MODEL, {"es": ""}, None),
        (OWN, {"es": "Un desayuno"},
         {"es": "Un desayuno", "en": "A fiver off", "pt": "5 € de desconto"}),
    ],
    ids=["one", "two", "another", "none", "own"],
)  # fmt: skip
def test_a_renamed_sample_leaves_no_translation_that_nobody_wrote(source, texts, name):
    renamed, changed = named(source, "voucher-5", **texts)
    assert renamed == name
    assert len(changed) <= 1  # only the line of the name is another


def test_a_name_as_a_sample_has_it_stays_in_all_languages():
    assert named(MODEL, "voucher-5")[1] == []


@pytest.mark.parametrize("name", ["tiers", "referral", "payment"])
def test_parts_that_a_program_may_do_without_are_begun_and_ended(name):
    part, source = PARTS[name], starting_point("points", "es").source
    written = ended(part, Written(source))
    known = known_in(written.said, "es", TODAY)
    after = begun(part, written, known)
    read_document(after.source)
    assert ended(part, after).source == written.source


def test_a_rule_is_copied_beside_itself_under_another_id():
    written = Written(CAFE_SOL)
    known = known_in(written.said, "es", TODAY)
    after, ref = copied(PARTS["earn"], written, "cafe-doble", known)
    assert ref == "cafe-doble-2"
    assert [entry.ref for entry in entries_of(PARTS["earn"], after, known)][:3] == [
        "base", "cafe-doble", "cafe-doble-2",
    ]  # fmt: skip


def test_rules_change_places():
    written = Written(CAFE_SOL)
    known = known_in(written.said, "es", TODAY)
    after = moved(PARTS["earn"], written, "cafe-doble", known, up=True)
    assert [entry.ref for entry in entries_of(PARTS["earn"], after, known)][:2] == [
        "cafe-doble", "base",
    ]  # fmt: skip
    assert moved(PARTS["earn"], after, "cafe-doble", known, up=False).said == written.said


def test_marks_tell_what_was_changed():
    assert mark_of({"a": "1"}) == mark_of({"a": "1"})
    assert mark_of({"a": "1"}) != mark_of({"a": read_number("1")})


def test_ids_are_free_and_plain():
    assert free_id("Año nuevo", []) == "ano-nuevo"
    assert free_id("base", ["base", "base-2"]) == "base-3"


def test_a_fault_leads_to_its_question():
    source = CAFE_SOL.replace('per: "1.00"}', 'per: "1.001"}')
    written = Written(source)
    known = known_in(written.said, "es", TODAY)
    with pytest.raises(DocumentRefused) as found:
        read_document(source)
    finding = found.value.findings[0]
    part, ref, name = where_is(finding, written, known, list(PARTS.values()))
    assert (part.id, ref, name) == ("earn", "base", "give-per")
    assert steps("earn[1].when.days[0]") == ("earn", 1, "when", "days", 0)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(sorted(SOURCES)))
def test_what_is_typed_is_shown_again(data, name):
    written = Written(SOURCES[name])
    known = known_in(written.said, "es", TODAY)
    part, ref, block = data.draw(st.sampled_from(list(forms(written, known))))
    questions = [
        question
        for question in questions_in(groups_of(part, known))
        if question.kind.widget in ("text", "number", "amount", "day")
        and not question.only_if
        and question.name != "id"
    ]
    if not questions:
        return
    question = data.draw(st.sampled_from(questions))
    typed = data.draw(st.sampled_from(["12", "3.5", "x", "2027-01-31", "Ñandú:1#2"]))
    answers = sent(part, block, known) | {question.name: {"": [typed]}}
    after = saved(part, written, ref, answers, known)
    again = next(b for p, r, b in forms(after, known) if p is part and r == ref)
    assert question.shown(again, known) == {"": [typed]}
