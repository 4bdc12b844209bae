"""What changed between two documents is told by what it is about."""

import json

import pytest

from fiel.domain.document import canonical
from fiel.programs.difference import Change, ChangeKind, difference_record, differences

CAFE = {
    "program": "cafe-sol",
    "name": "Café Sol",
    "currency": "EUR",
    "timezone": "Europe/Madrid",
    "units": {"points": {}},
    "earn": [
        {"id": "base", "event": "sale", "give": {"points": 1, "per": "1.00"}},
        {"id": "birthday", "event": "birthday", "give": {"points": 100}},
    ],
    "tiers": {"levels": [{"id": "bronze", "from": 0}, {"id": "silver", "from": 300}]},
}


def changed(**keys):
    return canonical(json.dumps({**CAFE, **keys}), format="json")


SAME = changed()


def test_the_same_document_has_no_difference():
    assert differences(SAME, SAME) == []


@pytest.mark.parametrize(
    "keys",
    [
        {"stacking": "multiply"},
        {"locale": "es"},
        {"rewards": []},
        {"units": {"points": {"expiry": "never", "pending": "0 days", "round": "floor"}}},
        {"tiers": {**CAFE["tiers"], "window": "12 months", "downgrade": "never"}},
        {
            "earn": [
                {"id": "base", "event": "sale", "give": {"points": "1.00", "per": 1}, "of": "net"},
                CAFE["earn"][1],
            ]
        },
    ],
)
def test_writing_out_what_was_meant_anyway_changes_nothing(keys):
    assert differences(SAME, changed(**keys)) == []


def test_a_changed_rate_is_one_change_of_its_rule():
    doubled = {**CAFE["earn"][0], "give": {"points": 2, "per": "1.00"}}
    assert differences(SAME, changed(earn=[doubled, CAFE["earn"][1]])) == [
        Change(
            ChangeKind.CHANGED,
            path="earn.base.give",
            part="earn",
            id="base",
            key="give",
            before={"points": 1, "per": "1.00", "per_item": False},
            after={"points": 2, "per": "1.00", "per_item": False},
        )
    ]


def test_a_rule_comes_and_another_goes_as_a_whole():
    review = {"id": "review", "event": "activity", "give": {"points": 20}}
    added, removed = differences(SAME, changed(earn=[CAFE["earn"][0], review]))
    assert (added.kind, added.path, added.after) == (ChangeKind.ADDED, "earn.review", review)
    assert (removed.kind, removed.path, removed.before) == (
        ChangeKind.REMOVED,
        "earn.birthday",
        CAFE["earn"][1],
    )
    assert added.before is None
    assert removed.after is None


def test_a_tier_and_the_ladder_change_each_by_itself():
    tiers = {
        "window": "6 months",
        "levels": [{"id": "bronze", "from": 0}, {"id": "silver", "from": 250, "multiply": 2}],
    }
    assert [
        (change.path, change.part, change.id, change.key, change.before, change.after)
        for change in differences(SAME, changed(tiers=tiers))
    ] == [
        ("tiers.window", "tiers", None, "window", "12 months", "6 months"),
        ("tiers.levels.silver.from", "tiers.levels", "silver", "from", "300.00", "250.00"),
        ("tiers.levels.silver.multiply", "tiers.levels", "silver", "multiply", 1, 2),
    ]


def test_a_default_given_up_is_a_change_from_it():
    (change,) = differences(SAME, changed(stacking="best"))
    assert (change.path, change.before, change.after) == ("stacking", "multiply", "best")


def test_the_order_of_rules_matters_for_budgets_and_is_told():
    (change,) = differences(SAME, changed(earn=CAFE["earn"][::-1]))
    assert change.kind is ChangeKind.REORDERED
    assert (change.before, change.after) == (["base", "birthday"], ["birthday", "base"])


def test_the_first_version_adds_everything():
    found = differences({}, SAME)
    assert {change.kind for change in found} == {ChangeKind.ADDED}
    assert "earn.base" in [change.path for change in found]


def test_the_record_is_plain_data():
    record = difference_record(SAME, changed(name="Sol"))
    assert json.loads(json.dumps(record)) == [
        {
            "kind": "changed",
            "path": "name",
            "part": "name",
            "id": None,
            "key": None,
            "before": "Café Sol",
            "after": "Sol",
        }
    ]
