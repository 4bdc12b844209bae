"""What is wrong with an earning rule is named by line, key and remedy."""

import pytest

from fiel.domain.document import read_program
from tests.domain.document.faults import HEAD, RULE, findings, only, told

REFUSED = {
    "a misspelt key": (
        HEAD + "earn:\n  - {id: base, event: sale, giv: {points: 1}, multiply: 2}\n",
        (9, "earn[0].giv", "Unknown key “giv”. Did you mean “give”?"),
    ),
    "a misspelt key of the whole": (
        HEAD + "teirs: {levels: []}\n",
        (8, "teirs", "Unknown key “teirs”. Did you mean “tiers”?"),
    ),
    "an unknown unit": (
        HEAD + "earn:\n  - {id: base, event: sale, give: {point: 1}}\n",
        (9, "earn[0].give.point", "Unknown key “point”. Did you mean “points”?"),
    ),
    "a rule that gives nothing": (
        HEAD + "earn:\n  - {id: base, event: sale, give: {per: 1}}\n",
        (
            9,
            "earn[0].give",
            "Nothing says how much of what. Add one of these with an amount: points, stamps.",
        ),
    ),
    "a rule that gives and multiplies": (
        HEAD + "earn:\n  - {id: base, event: sale, give: {points: 1}, multiply: 2}\n",
        (
            9,
            "earn[0]",
            "Exactly one of these keys must stand here: give, multiply. Keep one of them.",
        ),
    ),
    "a rule that does neither": (
        HEAD + "earn:\n  - {id: base, event: sale}\n",
        (
            9,
            "earn[0]",
            "Exactly one of these keys must stand here: give, multiply. Add one of them.",
        ),
    ),
    "a key that stands twice": (
        HEAD + "name: Otro\n",
        (8, "name", "The key “name” stands here twice; the first is on line 2. Keep one of them."),
    ),
    "an id that stands twice": (
        HEAD + RULE + "  - {id: base, event: birthday, give: {points: 1}}\n",
        (
            10,
            "earn[1]",
            (
                "“base” stands here twice; the first is on line 9."
                " Give one of them another id, or keep one."
            ),
        ),
    ),
    "the id that a tier's multiplier is told by": (
        HEAD + "earn:\n  - {id: tier, event: sale, give: {points: 1}}\n",
        (
            9,
            "earn[0].id",
            "“tier” has a meaning of its own and cannot be an id here. Choose another id.",
        ),
    ),
    "an id with a space": (
        HEAD + "earn:\n  - {id: mi regla, event: sale, give: {points: 1}}\n",
        (
            9,
            "earn[0].id",
            (
                "“mi regla” cannot be an id. Use letters, digits, “-”, “_” and “.”,"
                " up to 63, starting with a letter or digit."
            ),
        ),
    ),
    "an event that does not exist": (
        HEAD + "earn:\n  - {id: base, event: sales, give: {points: 1}}\n",
        (
            9,
            "earn[0].event",
            "“sales” is not one of the words that can stand here. Did you mean “sale”?",
        ),
    ),
    "nothing per nothing": (
        HEAD + "earn:\n  - {id: base, event: sale, give: {points: 1, per: 0}}\n",
        (9, "earn[0].give.per", "The amount must be more than zero, not “0”."),
    ),
    "half a point at once": (
        HEAD + "earn:\n  - {id: base, event: sale, give: {points: 1.5}}\n",
        (
            9,
            "earn[0].give.points",
            "Without “per” only whole numbers can be given. Remove the decimals, or add “per”.",
        ),
    ),
    "per money and per item at once": (
        HEAD + "earn:\n  - {id: b, event: sale, give: {points: 1, per: 1, per_item: true}}\n",
        (
            9,
            "earn[0].give.per_item",
            (
                "A rule gives for money or for items, not for both at once."
                " Keep “per” or “per_item”, or make two rules."
            ),
        ),
    ),
    "a birthday multiplied": (
        HEAD + "earn:\n  - {id: b, event: birthday, multiply: 2}\n",
        (
            9,
            "earn[0].multiply",
            "“multiply” only goes with “event: sale”. Remove “multiply”, or change the event.",
        ),
    ),
    "points per euro of a review": (
        HEAD + "earn:\n  - {id: b, event: activity, give: {points: 1, per: 1}}\n",
        (
            9,
            "earn[0].give.per",
            "“per” only goes with “event: sale”. Remove “per”, or change the event.",
        ),
    ),
    "an activity of a sale": (
        HEAD + "earn:\n  - {id: b, event: sale, activity: review, give: {points: 1}}\n",
        (
            9,
            "earn[0].activity",
            "“activity” only goes with “event: activity”. Remove “activity”, or change the event.",
        ),
    ),
    "a budget of nothing": (
        HEAD + "earn:\n  - {id: b, event: sale, give: {points: 1}, budget: {points: 0}}\n",
        (9, "earn[0].budget.points", "The number must be from 1 to 1,000,000,000,000."),
    ),
    "a budget in what is not given": (
        HEAD + "earn:\n  - {id: b, event: sale, give: {points: 1}, budget: {stamps: 5}}\n",
        (
            9,
            "earn[0].budget",
            (
                "The budget is in “stamps”, which this rule does not give."
                " Write the budget in: points."
            ),
        ),
    ),
    "a limit of none": (
        HEAD + "earn:\n  - {id: b, event: sale, give: {points: 1}, limit: {per_member: 0}}\n",
        (9, "earn[0].limit.per_member", "The number must be from 1 to 1,000,000."),
    ),
    "dates the wrong way round": (
        HEAD + RULE + "  - id: promo\n    event: sale\n    multiply: 2\n"
        "    when:\n      from: 2026-11-30\n      to: 2026-11-01\n",
        (
            15,
            "earn[1].when.to",
            "The last day lies before the first. Swap “from” and “to”.",
        ),
    ),
    "a day that does not exist": (
        HEAD + "earn:\n  - {id: b, event: sale, give: {points: 1}, when: {to: 2026-02-30}}\n",
        (
            9,
            "earn[0].when.to",
            "“2026-02-30” is no day of the calendar. Write year, month and day like 2026-11-30.",
        ),
    ),
    "an hour that does not exist": (
        HEAD + "earn:\n  - {id: b, event: sale, give: {points: 1}, when: {hours: '8-25'}}\n",
        (
            9,
            "earn[0].when.hours",
            (
                "“8-25” are no hours of the day."
                " Write them like “08:00-11:00”; “22:00-02:00” runs over midnight."
            ),
        ),
    ),
    "a day of the week in another language": (
        HEAD + "earn:\n  - {id: b, event: sale, give: {points: 1}, when: {days: [lun]}}\n",
        (
            9,
            "earn[0].when.days[0]",
            "“lun” is no day of the week here. Did you mean “sun”?",
        ),
    ),
    "multiplying a rule that does not exist": (
        HEAD + RULE + "  - {id: x, event: sale, multiply: 2, rules: [bas]}\n",
        (10, "earn[1].rules[0]", "There is no earning rule “bas”. Did you mean “base”?"),
    ),
    "multiplying a rule that multiplies": (
        HEAD + RULE + "  - {id: x, event: sale, multiply: 2}\n"
        "  - {id: y, event: sale, multiply: 2, rules: [x]}\n",
        (
            11,
            "earn[2].rules[0]",
            "“x” multiplies; only rules that give can be multiplied. Name a rule that gives.",
        ),
    ),
    "multiplying itself": (
        HEAD + RULE + "  - {id: x, event: sale, multiply: 2, rules: [x]}\n",
        (10, "earn[1].rules", "A rule cannot multiply itself. Name the rule that gives."),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_each_fault_is_named_by_line_key_and_remedy(case):
    source, expected = REFUSED[case]
    assert told(only(source)) == expected


def test_a_problem_inside_a_condition_has_its_own_column():
    line = "  - {id: x, event: sale, multiply: 2, where: 'sale.net > 3.0 && line.categry == \"c\"'}"
    found = only(HEAD + RULE + line + "\n")
    assert found.line == 10
    assert line[found.column - 1 :].startswith(("line.categry", "categry", ".categry"))


def test_a_condition_reads_only_what_its_event_has():
    found = only(
        HEAD + "earn:\n  - {id: b, event: birthday, give: {points: 1}, where: 'sale.net > 1'}\n"
    )
    assert (found.line, found.path, found.code) == (9, "earn[0].where", "condition")


def test_a_condition_names_only_tiers_that_there_are():
    rule = "{id: b, event: birthday, give: {points: 1}, where: 'member.tier == \"plat\"'}"
    tiers = "tiers: {levels: [{id: bronce, from: 0}, {id: plata, from: 1}]}"
    found = only(f"{HEAD}earn:\n  - {rule}\n{tiers}\n")
    assert told(found) == (
        9,
        "earn[0].where",
        'There is no tier "plat". Did you mean “plata”?',
    )


def test_an_unknown_key_hides_nothing_else_that_is_wrong():
    rule = (
        "{id: b, event: sale, give: {points: 1}, colour: blue,"
        " when: {from: 2026-11-30, to: 2026-11-01, color: red}}"
    )
    paying = "pay_with_points: {unit: stamps}"
    found = findings(f"{HEAD}earn:\n  - {rule}\n{paying}\n")
    assert [finding.path for finding in found] == [
        "earn[0].colour",
        "earn[0].when.to",
        "earn[0].when.color",
        "pay_with_points.unit",
    ]


def test_a_condition_may_run_over_lines():
    rule = (
        "  - id: x\n    event: sale\n    multiply: 2\n    where: |\n"
        '      line.category == "cafe"\n      && sale.net > 3\n'
    )
    _base, promotion = read_program(HEAD + RULE + rule).earn
    assert promotion.where.text == 'line.category == "cafe"\n&& sale.net > 3'
