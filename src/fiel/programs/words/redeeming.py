"""Rewards and paying with points, in words."""

from __future__ import annotations

from fiel.domain.language import N_
from fiel.domain.program import Reward, RewardKind
from fiel.programs.words.conditions import condition_sentences
from fiel.programs.words.speaker import Speaker


def reward_sentences(speaker: Speaker) -> list[str]:
    """Every reward: what it is, what it costs and for whom."""
    rewards = list(speaker.program.rewards.values())
    if not rewards:
        return []
    how = speaker.say(
        N_("Ask for a reward at the shop or in your account, and it is taken from your balance.")
    )
    bought = any(any(reward.price.values()) for reward in rewards)
    return [*([how] if bought else []), *(reward_in_words(speaker, reward) for reward in rewards)]


def reward_in_words(speaker: Speaker, reward: Reward) -> str:
    """One reward: what it is, what it costs and for whom."""
    main = _main(speaker, reward, _title(speaker, reward))
    terms = reward_terms(speaker, reward)
    if reward.stock is not None:
        stock = speaker.say(N_("There are {count} in all."), count=reward.stock)
        terms.insert(len(terms) - (reward.valid is not None), stock)
    return " ".join([main, *terms])


def reward_in_brief(speaker: Speaker, reward: Reward) -> str:
    """One reward as a poster says it: its name and its price."""
    return _main(speaker, reward, speaker.name(reward.name, "") or _title(speaker, reward))


def _main(speaker: Speaker, reward: Reward, title: str) -> str:
    if not reward.price:
        return speaker.say(N_("{reward}: as a gift for a level you reach."), reward=title)
    if not any(reward.price.values()):
        return speaker.say(N_("{reward}: at no cost."), reward=title)
    price = speaker.amounts({unit: count for unit, count in reward.price.items() if count})
    return speaker.say(N_("{reward}: for {price}."), reward=title, price=price)


def reward_terms(speaker: Speaker, reward: Reward) -> list[str]:
    """For whom, when, how often and how long a reward is: what its name and price do not say."""
    sentences = [
        *condition_sentences(speaker, reward.where),
        *speaker.schedule(reward.when),
        *speaker.limit(reward.limit),
    ]
    if reward.valid is not None:
        sentences.append(
            speaker.say(
                N_("You have {duration} to use it."), duration=speaker.duration(reward.valid)
            )
        )
    return sentences


def reward_what(speaker: Speaker, reward: Reward) -> str:
    """What a reward is as a sentence, where more can be said than its name; else nothing."""
    what = _what(speaker, reward)
    return f"{what[:1].upper()}{what[1:]}." if what else ""


def _title(speaker: Speaker, reward: Reward) -> str:
    name, what = speaker.name(reward.name, ""), _what(speaker, reward)
    if not what:
        return name or reward.id
    if not name:
        return what[:1].upper() + what[1:]
    return speaker.say(N_("{name} ({what})"), name=name, what=what)


def _what(speaker: Speaker, reward: Reward) -> str:
    """What it is, where more can be said than its name; nothing otherwise."""
    amount = speaker.money(reward.amount) if reward.amount is not None else ""
    match reward.kind:
        case RewardKind.DISCOUNT if amount:
            return speaker.say(N_("{amount} off a purchase"), amount=amount)
        case RewardKind.DISCOUNT:
            assert reward.percent is not None, "a discount has an amount or a percentage"
            return speaker.say(N_("{percent}% off a purchase"), percent=reward.percent)
        case RewardKind.GIFT_CARD:
            return speaker.say(N_("gift card of {amount}"), amount=amount)
        case RewardKind.VOUCHER:
            return speaker.say(N_("voucher of {amount}"), amount=amount)
        case _:
            return ""


def payment_sentences(speaker: Speaker) -> list[str]:
    """How points pay part of a purchase."""
    paying = speaker.program.pay_with_points
    if paying is None:
        return []
    if paying.max_share == 100:
        share = speaker.say(N_("up to the whole purchase"))
    else:
        share = speaker.say(N_("up to {percent}% of the purchase"), percent=paying.max_share)
    sentences = [
        speaker.say(
            N_("You can pay with {units}, {share}, from {least} on."),
            units=speaker.units(paying.unit),
            share=share,
            least=speaker.points(paying.unit, paying.least),
        )
    ]
    if paying.step > 1:
        sentences.append(
            speaker.say(N_("In steps of {step}."), step=speaker.points(paying.unit, paying.step))
        )
    return [" ".join([*sentences, *_worth(speaker, paying.unit)])]


def _worth(speaker: Speaker, unit_id: str) -> list[str]:
    """What a round number of a unit is worth: as many as make a whole amount of money."""
    value = speaker.program.units[unit_id].value
    if value is None:
        return []
    count, minor = 1, value * speaker.program.currency.minor_per_major
    while minor.denominator != 1 and count < 10**6:
        count, minor = count * 10, minor * 10
    if minor.denominator != 1:
        return []
    msgid = N_("{points} is worth {amount}.") if count == 1 else N_("{points} are worth {amount}.")
    return [
        speaker.say(msgid, points=speaker.points(unit_id, count), amount=speaker.money(int(minor)))
    ]
