"""What is wrong with a document is named by line, key and remedy, all of it at once."""

import pytest

from fiel.domain.document import DocumentRefused, read_program
from tests.domain.document.faults import HEAD, RULE, findings, only, told

REFUSED = {
    "a milestone with two levels": (
        HEAD + "milestones:\n  - {id: m, of: spend, at: 1, every: 2, give: {points: 1}}\n",
        (
            9,
            "milestones[0]",
            "Exactly one of these keys must stand here: at, every. Keep one of them.",
        ),
    ),
    "a milestone that gives nothing": (
        HEAD + "milestones:\n  - {id: m, of: spend, at: 1, give: {}}\n",
        (
            9,
            "milestones[0].give",
            (
                "Nothing says what is given."
                " Add “reward” or “badge” with an id, or a unit with an amount."
            ),
        ),
    ),
    "a milestone of an unknown reward": (
        HEAD + "milestones:\n  - {id: m, of: visits, at: 1, give: {reward: cafe}}\n"
        "rewards:\n  - {id: cafe-gratis, kind: product, price: {points: 1}}\n",
        (9, "milestones[0].give.reward", "There is no reward “cafe”. Did you mean “cafe-gratis”?"),
    ),
    "a milestone of an unknown unit": (
        HEAD + "milestones:\n  - {id: m, of: stars, at: 1, give: {points: 1}}\n",
        (9, "milestones[0].of", "There is no unit “stars”. Did you mean “stamps”?"),
    ),
    "tiers that fall": (
        HEAD + "tiers:\n  levels:\n    - {id: a, from: 0}\n    - {id: b, from: 5}\n"
        "    - {id: c, from: 5}\n",
        (
            10,
            "tiers.levels",
            (
                "“c” must start above “b”."
                " List the tiers from the lowest up, each with a higher “from”."
            ),
        ),
    ),
    "tiers that start too high": (
        HEAD + "tiers:\n  levels:\n    - {id: a, from: 10}\n",
        (
            10,
            "tiers.levels",
            (
                "The first tier must start from 0, so that everybody has one."
                " Write “from: 0” for “a”, or add a tier below it."
            ),
        ),
    ),
    "a tier that stands twice": (
        HEAD + "tiers:\n  by: visits\n  levels:\n    - {id: a, from: 0}\n    - {id: a, from: 1}\n",
        (
            12,
            "tiers.levels[1]",
            (
                "“a” stands here twice; the first is on line 11."
                " Give one of them another id, or keep one."
            ),
        ),
    ),
    "a unit beside tiers by visits": (
        HEAD + "tiers: {by: visits, unit: points, levels: [{id: a, from: 0}]}\n",
        (
            8,
            "tiers.unit",
            "“unit” only goes with “by: points”. Remove “unit”, or write “by: points”.",
        ),
    ),
    "more than everything": (
        HEAD + "rewards:\n  - {id: d, kind: discount, percent: 101, price: {points: 1}}\n",
        (9, "rewards[0].percent", "The number must be more than 0 and at most 100."),
    ),
    "a discount of nothing": (
        HEAD + "rewards:\n  - {id: d, kind: discount, price: {points: 1}}\n",
        (
            9,
            "rewards[0]",
            (
                "A discount has either an amount or a percentage."
                " Write “amount” or “percent”, one of them."
            ),
        ),
    ),
    "a gift card without a value": (
        HEAD + "rewards:\n  - {id: d, kind: gift_card, price: {points: 1}}\n",
        (
            9,
            "rewards[0]",
            "The key “amount” is missing. Add “amount”.",
        ),
    ),
    "a product with a percentage": (
        HEAD + "rewards:\n  - {id: d, kind: product, percent: 5, price: {points: 1}}\n",
        (
            9,
            "rewards[0].percent",
            "“percent” does not go with “kind: product”. Remove “percent”, or change the kind.",
        ),
    ),
    "paying with what is worth nothing": (
        HEAD + "pay_with_points: {unit: stamps}\n",
        (
            8,
            "pay_with_points.unit",
            (
                "“stamps” pays, but nothing says what one is worth."
                ' Add “value” to the unit, like value: "0.01".'
            ),
        ),
    ),
    "a share beyond the whole": (
        HEAD + "pay_with_points: {unit: points, max_share: 120}\n",
        (
            8,
            "pay_with_points.max_share",
            "The number must be more than 0 and at most 100.",
        ),
    ),
    "a goal without a sense": (
        HEAD + "goals:\n  - {id: g, metric: retention, target: more, by: 2027-01-01}\n",
        (
            9,
            "goals[0].target",
            (
                "A target is expected here, not “more”."
                " Write a change like “+20%”, or a figure like 45."
            ),
        ),
    ),
    "a wrong condition": (
        HEAD + RULE + "  - {id: x, event: sale, multiply: 2, where: 'line.categry == \"cafe\"'}\n",
        (
            10,
            "earn[1].where",
            '"line.categry" is not known here. Did you mean “line.category”?',
        ),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_each_fault_is_named_by_line_key_and_remedy(case):
    source, expected = REFUSED[case]
    assert told(only(source)) == expected


UNITS = {
    "an expiry of two kinds": (
        "{expiry: {after: 1 year, inactivity: 1 year}}",
        "expiry",
        "Exactly one of these keys must stand here: after, inactivity, day. Keep one of them.",
    ),
    "an expiry in weeks": (
        "{expiry: {after: 2 weeks}}",
        "expiry.after",
        "“2 weeks” is no duration. Write it like “14 days”, “6 months” or “1 year”.",
    ),
    "an expiry at once": (
        "{expiry: {after: 0 days}}",
        "expiry.after",
        "The duration must be longer than nothing.",
    ),
    "an expiry that is a word": (
        "{expiry: nunca}",
        "expiry",
        (
            "“never” or a block is expected here, not “nunca”."
            " Write never, or a block with: after, inactivity, extended_by, day, years."
        ),
    ),
    "an expiry on a day that never comes": (
        "{expiry: {day: '02-30'}}",
        "expiry.day",
        "“02-30” is no day of the year. Write month and day like “12-31”.",
    ),
    "a rounding that does not exist": (
        "{round: half}",
        "round",
        "“half” is not one of the words that can stand here. Did you mean “half_up”?",
    ),
    "a value of nothing": (
        "{value: 0}",
        "value",
        "The number must be more than 0 and at most 1,000,000.",
    ),
    "a value in letters": (
        "{value: cheap}",
        "value",
        (
            "A number is expected here, not “cheap”."
            " Write digits with a point before the decimals: 12 or 12.50."
        ),
    ),
    "a value with a comma": (
        "{value: '0,01'}",
        "value",
        (
            "A number is expected here, not “0,01”."
            " Write digits with a point before the decimals: 12 or 12.50."
        ),
    ),
    "a name in no language": (
        "{name: {fr: points}}",
        "name.fr",
        "“fr” is no language here. Known here: en, es, pt.",
    ),
    "a name that is a number": (
        "{name: 7}",
        "name",
        'A text is expected here, not “7”. Put it in quotes: "7".',
    ),
    "a list for a text": (
        "{name: [puntos]}",
        "name",
        "A text is expected here, not […]. Write a text after the key.",
    ),
    "nothing at all": (
        "",
        "",
        (
            "A block of keys is expected here, not null."
            " Write “key: value” lines, indented below the key."
        ),
    ),
}


@pytest.mark.parametrize("case", UNITS)
def test_each_fault_of_a_unit_is_named(case):
    unit, key, words = UNITS[case]
    source = HEAD.replace("stamps: {}", f"stamps: {unit}")
    path = f"units.stamps.{key}".rstrip(".")
    assert told(only(source)) == (7, path, words)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        (
            "program",
            "Café Sol",
            (
                "“Café Sol” cannot be an id."
                " Use lower-case letters a–z, digits and “-” between them, up to 63."
            ),
        ),
        (
            "currency",
            "EURO",
            "“EURO” is no currency. Write its code of ISO 4217, like EUR, MXN or CLP.",
        ),
        (
            "currency",
            "eur",
            "“eur” is no currency. Write its code of ISO 4217, like EUR, MXN or CLP.",
        ),
        (
            "timezone",
            "Europe/Madird",
            "“Europe/Madird” is no time zone. Did you mean “Europe/Madrid”?",
        ),
        ("timezone", "madrid", "“madrid” is no time zone. Did you mean “Europe/Madrid”?"),
    ],
)
def test_each_fault_of_the_head_is_named(key, value, words):
    lines = HEAD.splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith(key))
    lines[at] = f"{key}: {value}"
    found = only("\n".join(lines))
    assert told(found) == (at + 1, key, words)


@pytest.mark.parametrize("key", ["program", "name", "currency", "timezone", "units"])
def test_what_a_program_cannot_be_without_is_missed(key):
    lines = [line for line in HEAD.splitlines() if not line.startswith(key)]
    if key == "units":
        lines = [line for line in lines if not line.startswith(" ")]
    found = only("\n".join(lines))
    assert (found.code, found.parameters["key"], found.line) == ("missing_key", key, 1)


def test_a_currency_without_cents_has_amounts_without_cents():
    source = HEAD.replace("EUR", "CLP") + RULE.replace("1.00", "1000.5")
    assert told(only(source)) == (
        9,
        "earn[0].give.per",
        "CLP has 0 decimals; “1000.5” has more. Write at most 0 decimals.",
    )
    program = read_program(HEAD.replace("EUR", "CLP") + RULE.replace("1.00", "1000.00"))
    assert program.earn[0].effect.per == 1000


def test_all_problems_are_reported_at_once():
    source = HEAD + (
        "stacking: sum\n"
        "earn:\n"
        "  - {id: a, event: sale, give: {pints: 1}, limit: {every: hour}}\n"
        "  - {id: a, event: sael, multiply: x, where: 'line.sk == 1'}\n"
        "rewards: nothing\n"
        "goals:\n"
        "  - {id: g}\n"
    )
    found = findings(source)
    assert [(finding.line, finding.path) for finding in found] == [
        (8, "stacking"),
        (10, "earn[0].give.pints"),
        (10, "earn[0].limit"),
        (10, "earn[0].limit.every"),
        (11, "earn[1]"),
        (11, "earn[1].event"),
        (11, "earn[1].multiply"),
        (11, "earn[1].where"),
        (12, "rewards"),
        (14, "goals[0]"),
        (14, "goals[0]"),
        (14, "goals[0]"),
    ]


def test_a_refusal_carries_its_problems_by_field():
    with pytest.raises(DocumentRefused) as refused:
        read_program(HEAD + "teirs: {}\n")
    assert refused.value.code == "invalid"
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("teirs", "unknown_key")
    ]
