"""How members earn, in words."""

from __future__ import annotations

from fiel.domain.language import N_
from fiel.domain.program import Basis, EarnRule, Event, Extra, Give, Multiply, Program, Stacking
from fiel.programs.words.conditions import condition_sentences
from fiel.programs.words.speaker import Speaker

_BY_VALUE = {
    Basis.NET: N_("You earn {points} for every {per} you spend, before tax and after discounts."),
    Basis.GROSS: N_("You earn {points} for every {per} you spend, tax included."),
    Basis.MARGIN: N_("You earn {points} for every {per} that the shop earns on your purchase."),
}
_ONCE = {
    Event.SALE: N_("You earn {points} with your purchase."),
    Event.ACTIVITY: N_("You earn {points} each time you do something for us."),
    Event.BIRTHDAY: N_("You get {points} on your birthday."),
    Event.ANNIVERSARY: N_("You get {points} on the anniversary of your membership."),
    Event.ENROLMENT: N_("You get {points} when you join."),
}
_INCLUDED = {
    Extra.GIFT_CARDS: N_("Gift cards that you buy count too."),
    Extra.SHIPPING: N_("Shipping counts too."),
}
_STACKING = {
    Stacking.MULTIPLY: N_("When several factors apply, they multiply each other."),
    Stacking.ADD: N_("When several factors apply, what each adds is summed."),
    Stacking.BEST: N_("When several factors apply, only the highest counts."),
}


def earning_sentences(speaker: Speaker) -> list[str]:
    """Every rule in words, and what holds for all of them."""
    program = speaker.program
    told = [rule_in_words(speaker, rule) for rule in program.earn]
    if not told:
        return _holdout(speaker)
    if _has_several_factors(program):
        told.append(speaker.say(_STACKING[program.stacking]))
    of_sales = [rule for rule in program.earn if rule.event is Event.SALE]
    if of_sales and not any(rule.include for rule in of_sales):
        told.append(speaker.say(N_("Buying gift cards and paying for shipping earn nothing.")))
    return told + _holdout(speaker)


def _holdout(speaker: Speaker) -> list[str]:
    share = speaker.program.holdout
    if share is None:
        return []
    msgid = N_(
        "{share}% of the members, drawn by lot, earn nothing: it shows what the program does."
    )
    return [speaker.say(msgid, share=share)]


def rule_in_words(speaker: Speaker, rule: EarnRule) -> str:
    """One rule: what it gives, and when."""
    match rule.effect:
        case Give() as give:
            main = _given(speaker, rule, give)
        case Multiply() as multiply:
            main = _multiplied(speaker, multiply)
    sentences = [
        main,
        *condition_sentences(speaker, rule.where),
        *speaker.schedule(rule.when),
        *(speaker.say(_INCLUDED[extra]) for extra in Extra if extra in rule.include),
        *speaker.limit(rule.limit),
    ]
    if rule.budget:
        sentences.append(
            speaker.say(
                N_("Until {points} in all have been given out."),
                points=speaker.amounts(rule.budget.amounts),
            )
        )
    if rule.holdout is not None:
        sentences.append(
            speaker.say(
                N_("It is not for {share}% of the members, drawn by lot: it shows what it does."),
                share=rule.holdout,
            )
        )
    text = " ".join(sentences)
    name = speaker.name(rule.name, "")
    return speaker.say(N_("{name}: {text}"), name=name, text=text) if name else text


def _given(speaker: Speaker, rule: EarnRule, give: Give) -> str:
    points = speaker.amounts(give.amounts)
    if give.per is not None:
        return speaker.say(_BY_VALUE[rule.of], points=points, per=speaker.money(give.per))
    if give.per_item:
        return speaker.say(N_("You earn {points} for each item."), points=points)
    if rule.event is Event.ACTIVITY and rule.activity is not None:
        return speaker.say(
            N_("You earn {points} each time for {activity}."),
            points=points,
            activity=speaker.quoted(rule.activity),
        )
    return speaker.say(_ONCE[rule.event], points=points)


def _multiplied(speaker: Speaker, multiply: Multiply) -> str:
    factor = speaker.number(multiply.factor)
    if not multiply.rules:
        return speaker.say(
            N_("What you earn by spending is multiplied by {factor}."), factor=factor
        )
    rules = {rule.id: rule for rule in speaker.program.earn}
    names = [speaker.quoted(speaker.name(rules[name].name, name)) for name in multiply.rules]
    return speaker.say(
        N_("What you earn by {rules} is multiplied by {factor}."),
        rules=speaker.all_of(names),
        factor=factor,
    )


def _has_several_factors(program: Program) -> bool:
    factors = sum(isinstance(rule.effect, Multiply) for rule in program.earn)
    levels = program.tiers.levels if program.tiers else ()
    return factors + any(level.multiply != 1 for level in levels) > 1
