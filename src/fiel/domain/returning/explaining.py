"""What a return took back, in words, written when somebody asks."""

from __future__ import annotations

from collections.abc import Iterable

from fiel.domain.deciding.explaining import Line
from fiel.domain.deciding.reasons import COUPON_AWARD, TIER_AWARD
from fiel.domain.language import N_, counted_text, pick, say
from fiel.domain.program import Program


def explain_return(
    rules: Iterable[tuple[str, str, int]], program: Program, language: str
) -> list[Line]:
    """Say of each rule what went back of it; `program` is the version that decided the sale.

    A rule that gives more now, since another multiplies no more, has points above zero.
    """
    names = {rule.id: pick(rule.name, language, program.locale) for rule in program.earn}
    for milestone in program.milestones:
        names.setdefault(milestone.id, pick(milestone.name, language, program.locale))
    lines: list[Line] = []
    for rule, unit_id, points in rules:
        unit = program.units.get(unit_id)  # a milestone may have come later, with a unit of its own
        many = (pick(unit.name, language, program.locale) if unit else "") or unit_id
        one = (pick(unit.one, language, program.locale) if unit else "") or None
        if points < 0:
            text = N_("{points} more for {rule}")
        elif rule == TIER_AWARD and rule not in names:
            text = N_("{points} less for the tier")
        elif rule == COUPON_AWARD and rule not in names:
            text = N_("{points} less for the coupon")
        else:
            text = N_("{points} less for {rule}")
        told = {
            "points": counted_text(language, abs(points), many, one),
            "rule": names.get(rule) or rule,
        }
        lines.append(
            {"rule": rule, "unit": unit_id, "points": -points, "text": say(language, text, **told)}
        )
    return lines
