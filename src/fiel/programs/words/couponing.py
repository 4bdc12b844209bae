"""Coupons, in words."""

from __future__ import annotations

from fiel.domain.language import N_, N_many, say_many
from fiel.domain.program import Coupon, CouponKind
from fiel.programs.words.conditions import condition_sentences
from fiel.programs.words.speaker import Speaker

_USES = N_many("Each code can be used {count} time.", "Each code can be used {count} times.")
_EACH = N_many("Each member can use it {count} time.", "Each member can use it {count} times.")


def coupon_sentences(speaker: Speaker) -> list[str]:
    """Every coupon: what it gives, for whom and when."""
    return [coupon_in_words(speaker, coupon) for coupon in speaker.program.coupons.values()]


def coupon_in_words(speaker: Speaker, coupon: Coupon) -> str:
    """One coupon: what it gives, for whom and when."""
    name, what = speaker.name(coupon.name, coupon.id), _what(speaker, coupon)
    sentences = [speaker.say(N_("{coupon}: {what}."), coupon=name, what=what)]
    if coupon.code is not None:
        sentences.append(speaker.say(N_("The code is {code}."), code=coupon.code))
    if coupon.members_only:
        sentences.append(speaker.say(N_("Only for members.")))
    sentences += condition_sentences(speaker, coupon.where)
    if coupon.min_spend is not None:
        amount = speaker.money(coupon.min_spend)
        sentences.append(speaker.say(N_("For purchases of {amount} or more."), amount=amount))
    sentences += speaker.schedule(coupon.when)
    if coupon.valid is not None:
        duration = speaker.duration(coupon.valid)
        sentences.append(speaker.say(N_("You have {duration} to use it."), duration=duration))
    return " ".join([*sentences, *_counts(speaker, coupon)])


def _what(speaker: Speaker, coupon: Coupon) -> str:
    match coupon.kind:
        case CouponKind.PRODUCT:
            assert coupon.sku is not None, "a product has an article"
            return speaker.say(N_("one {article} free"), article=speaker.quoted(coupon.sku))
        case CouponKind.POINTS:
            return speaker.amounts(coupon.give)
        case CouponKind.DISCOUNT if coupon.amount is not None:
            return speaker.say(N_("{amount} off a purchase"), amount=speaker.money(coupon.amount))
        case CouponKind.DISCOUNT:
            assert coupon.percent is not None, "a discount has an amount or a percentage"
            return speaker.say(N_("{percent}% off a purchase"), percent=coupon.percent)


def _counts(speaker: Speaker, coupon: Coupon) -> list[str]:
    sentences = []
    if coupon.uses is not None:
        sentences.append(say_many(speaker.language, *_USES, coupon.uses))
    if coupon.per_member is not None:
        sentences.append(say_many(speaker.language, *_EACH, coupon.per_member))
    if coupon.stack:
        sentences.append(speaker.say(N_("It can be used together with other coupons.")))
    else:
        sentences.append(speaker.say(N_("It cannot be used together with other coupons.")))
    return sentences
