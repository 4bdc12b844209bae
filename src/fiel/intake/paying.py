"""Points that pay a part of a sale: what they are worth, and how much of it they may pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from fiel.domain.activity import Sale
from fiel.domain.language import N_
from fiel.domain.program import PayWithPoints, Program
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.domain.returning.paying import total_to_pay
from fiel.intake.contents.sales import PointsPayment

_FIELD = "points_payment"


@dataclass(frozen=True, slots=True)
class Payment:
    """Points that pay, and the money (minor units) that they are worth.

    `redemption` is the one that holds them; None where they are taken by the sale itself.
    """

    unit: str
    points: int
    worth: int
    redemption: UUID | None = None


def understood_payment(told: PointsPayment, sale: Sale, program: Program) -> Payment:
    """Read a part payment, as the program allows it.

    Raises:
        Invalid: points do not pay here, or not so few, so many or so odd a number of them.
    """
    rules = allowed_payment(told, program)
    assert told.unit is not None, "allowed"
    assert told.points is not None, "allowed"
    worth = worth_of(told.unit, told.points, program)
    most = _most_points(rules, sale, program)
    if told.points > most:
        text = N_("At most {most} can be used in this sale.")
        raise _invalid(".points", "too_many", text, {"most": most})
    return Payment(told.unit, told.points, worth, told.redemption)


def allowed_payment(told: PointsPayment, program: Program) -> PayWithPoints:
    """How points pay in a program that lets as many of them pay, whatever the sale.

    Raises:
        Invalid: points do not pay here, or not so few or so odd a number of them.
    """
    rules = program.pay_with_points
    if rules is None:
        text = N_("Points do not pay in this program.")
        raise _invalid("", "not_allowed", text, {})
    if told.unit is None or told.points is None:
        text = N_("Say which unit and how many points.")
        raise _invalid("", "missing", text, {})
    if told.unit != rules.unit:
        text = N_("Only {unit} pay in this program.")
        raise _invalid(".unit", "unknown", text, {"unit": rules.unit})
    if told.points < rules.least:
        text = N_("At least {least} must be used.")
        raise _invalid(".points", "too_few", text, {"least": rules.least})
    if told.points % rules.step:
        text = N_("They are used in steps of {step}.")
        raise _invalid(".points", "step", text, {"step": rules.step})
    return rules


def worth_of(unit: str, points: int, program: Program) -> int:
    """The money that points pay, in minor units; less than one unit of money pays nothing."""
    value = program.units[unit].value
    assert value is not None, "a unit that pays has a value"
    return int(points * value * program.currency.minor_per_major)


def _most_points(rules: PayWithPoints, sale: Sale, program: Program) -> int:
    """The most points a sale takes: what they are worth is within the share that they may pay."""
    share = Fraction(rules.max_share) / 100
    value = program.units[rules.unit].value
    assert value is not None, "a unit that pays has a value"
    money = int(total_to_pay(sale) * share)
    most = int(Fraction(money) / (value * program.currency.minor_per_major))
    return most - most % rules.step


def _invalid(field: str, code: str, text: str, parameters: Mapping[str, object]) -> Invalid:
    return Invalid(
        N_("Some fields are not valid."),
        problems=[FieldProblem(_FIELD + field, code, text, parameters)],
    )
