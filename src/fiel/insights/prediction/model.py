"""The fitted models together: what is foretold of each member, and what fitting them needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fiel.domain.language import N_
from fiel.insights.prediction.bgnbd import Rhythm, fitted_rhythm
from fiel.insights.prediction.fitting import NoFit
from fiel.insights.prediction.gamma_gamma import Purse, Spends, fitted_purse
from fiel.insights.prediction.history import Bought
from fiel.insights.prediction.kinds import Floats
from fiel.insights.reporting.report import Say, Statement

BUYERS_NEEDED = 100
REPEATERS_NEEDED = 30
DAYS_NEEDED = 28
_SPREAD_NEEDED = 1e-4  # of the mean: below it all members spend the same
_DEPENDS = 0.3  # a correlation from which spend may not be taken to be independent of frequency

_ALIKE = Statement(
    "values_without_spread",
    Say(
        N_(
            "What members spend on a purchase differs too little to tell them apart: the mean of "
            "all is taken for everybody."
        )
    ),
)


class TooLittle(Exception):
    """The history says too little to foretell anything; `statement` says what is needed."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(statement.code)
        self.statement = statement


@dataclass(frozen=True, slots=True)
class Foretold:
    """What is foretold of members for the days to come, one place for each.

    `stays` is the chance of still being a customer, `buys` that of buying at least once within
    the days, `purchases` and `spend` are what is expected of them, `each` of one purchase; spend
    in minor units.
    """

    stays: Floats
    buys: Floats
    purchases: Floats
    each: Floats
    spend: Floats


@dataclass(frozen=True, slots=True)
class Model:
    """How members buy, and what they spend; `purse` is None where all are taken to spend `mean`."""

    rhythm: Rhythm
    purse: Purse | None
    mean: float
    statements: tuple[Statement, ...]

    def foretold(self, bought: Bought, *, days: int) -> Foretold:
        """What is expected of members within the days to come, by what they bought."""
        buyers, row = bought.grouped()
        stays = self.rhythm.alive(buyers)
        purchases = self.rhythm.expected(buyers, float(days))[row]
        each = self._each(bought)
        return Foretold(
            stays=stays[row],
            buys=(stays * (1.0 - self.rhythm.silent_if_alive(buyers, float(days))))[row],
            purchases=purchases,
            each=each,
            spend=purchases * each,
        )

    def _each(self, bought: Bought) -> Floats:
        if self.purse is None:
            return np.full(len(bought), self.mean)
        expected = self.purse.expected(bought.spends())
        return np.where(np.isnan(expected), self.mean, expected)


def fitted_model(bought: Bought) -> Model:
    """Fit both models to what members bought.

    Raises:
        TooLittle: the history is too short, or too few members bought or bought again.
    """
    _ensure_enough(bought)
    try:
        rhythm = fitted_rhythm(bought.grouped()[0])
    except NoFit:
        raise TooLittle(
            Statement(
                "no_fit",
                Say(
                    N_(
                        "The purchases fit no pattern that a forecast could rest on. "
                        "More days of history are needed."
                    )
                ),
            )
        ) from None
    statements = []
    if rhythm.at_edge:
        statements.append(
            Statement(
                "habits_alike",
                Say(
                    N_(
                        "Members differ too little in how often they buy or when they stop for "
                        "the model to tell them apart: the total is surer than any one member."
                    )
                ),
            )
        )
    purse, mean, said = _purse(bought)
    return Model(rhythm, purse, mean, (*statements, *said))


def _ensure_enough(bought: Bought) -> None:
    buyers = len(bought)
    repeaters = int((bought.repeats > 0).sum())
    days = int(bought.age.max(initial=0)) + 1 if buyers else 0
    if not buyers:
        raise TooLittle(
            Statement("no_purchases", Say(N_("No member has bought anything in this time.")))
        )
    if days == 1:
        raise TooLittle(
            Statement(
                "single_day",
                Say(
                    N_(
                        "All purchases lie on a single day, which does not say how often members "
                        "come back. At least {needed} days are needed."
                    ),
                    {"needed": DAYS_NEEDED},
                ),
            )
        )
    if days < DAYS_NEEDED:
        raise TooLittle(
            Statement(
                "history_too_short",
                Say(
                    N_("There are {days} days of purchases; at least {needed} are needed."),
                    {"days": days, "needed": DAYS_NEEDED},
                ),
            )
        )
    if not repeaters:
        raise TooLittle(
            Statement(
                "one_purchase_each",
                Say(
                    N_(
                        "Every member has bought once: nothing can be said of how often they come "
                        "back. At least {needed} members who bought on two days are needed."
                    ),
                    {"needed": REPEATERS_NEEDED},
                ),
            )
        )
    if buyers < BUYERS_NEEDED or repeaters < REPEATERS_NEEDED:
        raise TooLittle(
            Statement(
                "too_few_buyers",
                Say(
                    N_(
                        "{buyers} members have bought, {repeaters} of them on two days or more. "
                        "At least {needed} and {repeaters_needed} are needed."
                    ),
                    {
                        "buyers": buyers,
                        "repeaters": repeaters,
                        "needed": BUYERS_NEEDED,
                        "repeaters_needed": REPEATERS_NEEDED,
                    },
                ),
            )
        )


def _purse(bought: Bought) -> tuple[Purse | None, float, tuple[Statement, ...]]:
    """What members spend on a purchase, the mean of all, and what is to be said of it."""
    known = bought.spends()
    which = (known.purchases > 0) & (known.mean > 0)
    spends = Spends(known.purchases[which], known.mean[which])
    mean = float(bought.spent.sum() / max(int(bought.repeats.sum()), 1))
    if spends.mean.std() <= _SPREAD_NEEDED * spends.mean.mean():
        return None, mean, (_ALIKE,)
    try:
        purse = fitted_purse(spends)
    except NoFit:
        return None, mean, (_ALIKE,)
    depends = _correlation(spends)
    if abs(depends) < _DEPENDS:
        return purse, mean, ()
    return (
        purse,
        mean,
        (
            Statement(
                "spend_depends_on_frequency",
                Say(
                    N_(
                        "What a purchase comes to depends on how often members buy "
                        "(correlation {correlation}), and the model takes it not to: expected "
                        "spend is less sure than expected purchases."
                    ),
                    {"correlation": f"{depends:.2f}"},
                ),
            ),
        ),
    )


def _correlation(spends: Spends) -> float:
    if spends.purchases.std() == 0:
        return 0.0
    return float(np.corrcoef(spends.purchases, spends.mean)[0, 1])
