"""The plan of a launch, made from the program: what it promises has to be got ready."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fiel.domain.language import N_
from fiel.domain.program import Event, Program, RewardKind

# Steps that facts tick, in the order in which they happen.
PUBLISHED, TILL, MATERIALS = "published", "till", "materials"
FIRST_MEMBER, FIRST_SALE, FIRST_REDEMPTION = "first-member", "first-sale", "first-redemption"
BY_FACTS = (PUBLISHED, TILL, MATERIALS, FIRST_MEMBER, FIRST_SALE, FIRST_REDEMPTION)
USUAL_WAIT = timedelta(days=14)  # from the first answer to the launch
LEAST_WAIT = timedelta(days=7)  # in less, nobody gets ready what has to be


def launch_day(since: date, *, begins: date | None = None) -> date:
    """The day on which customers are told, of a program that somebody made since a day.

    `begins` is when it is published, or was. Who publishes at once still has things to get ready.
    """
    return max(begins or since + USUAL_WAIT, since + LEAST_WAIT)


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its code, what is to be done and why, and its day counted from the launch.

    `title` and `why` are message ids; `page` is where in the console it is done, if anywhere.
    """

    code: str
    title: str
    why: str
    days: int
    page: str = ""

    def due(self, launch: date, since: date | None = None) -> date:
        """The day until which it is done.

        Of a launch that comes soon, the steps before it share the days that there are `since`;
        none is due on the very day on which somebody began, if there is another.
        """
        if since is None or self.days >= 0:
            return launch + timedelta(days=self.days)
        room = min(max(launch - since, timedelta(0)), USUAL_WAIT)
        due = launch - timedelta(days=-self.days * room.days // USUAL_WAIT.days)
        return max(due, min(since + timedelta(days=1), launch))


def steps_of(program: Program) -> list[Step]:
    """The steps of a program's launch, in their order."""
    steps = [*_before(), *_to_get_ready(program), *_from_the_day_on()]
    return sorted(steps, key=lambda step: step.days)


def _before() -> Iterator[Step]:
    """What every program needs until its first day."""
    yield Step(
        "review",
        N_("Read the review of the program"),
        N_("What it costs, and whether it makes one of the five mistakes, before anybody joins."),
        -14,
        "review",
    )
    yield Step(
        TILL,
        N_("Pair the tills and give each cashier a PIN"),
        N_("Members are enrolled and points are given where people pay."),
        -7,
        "tills",
    )
    yield Step(
        "training",
        N_("Let every cashier try a sale"),
        N_("Who has enrolled a colleague once asks every customer with ease."),
        -3,
        "tills",
    )
    yield Step(
        MATERIALS,
        N_("Make the poster, the counter card and the sticker"),
        N_("Nobody joins what nobody sees: the QR code belongs beside the till."),
        -5,
        "materials",
    )
    yield Step(
        PUBLISHED,
        N_("Publish the program"),
        N_("From this moment on sales earn, and members can join."),
        -1,
        "versions",
    )


def _from_the_day_on() -> Iterator[Step]:
    """What tells that the program lives."""
    yield Step(
        "announcement",
        N_("Tell your customers"),
        N_("An e-mail, a post and the banner on your site: what is in it for them, how to join."),
        0,
        "materials",
    )
    yield Step(
        FIRST_MEMBER,
        N_("The first member joins"),
        N_("Ask each customer at the till: it takes half a minute with the QR code."),
        0,
        "members",
    )
    yield Step(
        FIRST_SALE,
        N_("The first sale earns"),
        N_("See on the member's page what it gave and why."),
        0,
        "members",
    )
    yield Step(
        FIRST_REDEMPTION,
        N_("The first member redeems"),
        N_("A reward had is what makes the others believe in it."),
        14,
        "rewards",
    )
    yield Step(
        "first-month",
        N_("Look at the figures of the first month"),
        N_("Who joined, who came back, what it cost: change what does not work."),
        30,
        "reports",
    )


def _to_get_ready(program: Program) -> Iterator[Step]:
    """What the program promises and people have to prepare."""
    kinds = {reward.kind for reward in program.rewards.values()}
    if RewardKind.PRODUCT in kinds:
        yield Step(
            "stock",
            N_("Put the rewards where the tills are"),
            N_("A reward that is not there when somebody redeems it is remembered."),
            -4,
            "rewards",
        )
    if RewardKind.EVENT in kinds:
        yield Step(
            "events",
            N_("Fix the day and the places of each event"),
            N_("The program promises it: its places are its stock."),
            -4,
            "rewards",
        )
    if program.tiers and any(level.perks for level in program.tiers.levels):
        yield Step(
            "perks",
            N_("Say who gives each perk of the tiers"),
            N_("A perk is kept by somebody: early access, advice, a place in front."),
            -6,
            "designer",
        )
    if program.referral:
        yield Step(
            "referral",
            N_("Show members their referral code"),
            N_("It is on each member's page; say so in what you send them."),
            7,
            "materials",
        )
    if any(rule.event is Event.ACTIVITY for rule in program.earn):
        yield Step(
            "activities",
            N_("Say how reviews and other activities reach Fiel"),
            N_("They earn only when somebody, or your shop's system, records them."),
            -6,
            "keys",
        )
    if program.holdout:
        yield Step(
            "holdout",
            N_("Tell nobody who is in the control group"),
            N_("Some members earn nothing, so that you can see what the program causes."),
            -2,
            "reports",
        )
