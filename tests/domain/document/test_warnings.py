"""What is doubtful in a document is told, and keeps nothing from being published."""

from datetime import date

from fiel.domain.document import read_document
from tests.domain.document.faults import HEAD


def warnings(source, **options):
    return [
        (finding.line, finding.path, finding.code)
        for finding in read_document(source, **options).warnings
    ]


def test_what_is_doubtful_is_warned_of_and_can_be_published():
    source = HEAD + (
        "earn:\n"
        "  - {id: a, event: sale, give: {points: 1}, of: gross}\n"
        "  - {id: b, event: sale, multiply: 2,\n"
        "     when: {from: 2026-11-02, to: 2026-11-03, days: [sun]}}\n"
        "rewards:\n"
        "  - {id: c, kind: access}\n"
        "pay_with_points: {unit: points, min: 5, step: 2}\n"
        "goals:\n"
        "  - {id: g, metric: profit, target: 5, by: 2026-12-31}\n"
    )
    expected = [
        (7, "units.stamps", "unit_never_given"),
        (9, "earn[0].of", "of_without_per"),
        (10, "earn[1].multiply", "nothing_to_multiply"),
        (11, "earn[1].when.days", "never_matches"),
        (13, "rewards[0]", "reward_never_given"),
        (14, "pay_with_points.min", "min_off_step"),
    ]
    assert warnings(source) == expected
    later = warnings(source, today=date(2027, 1, 1))
    assert set(later) - set(expected) == {
        (11, "earn[1].when", "rule_over"),
        (16, "goals[0]", "goal_over"),
    }
