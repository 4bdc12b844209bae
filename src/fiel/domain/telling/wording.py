"""The sentences: for each kind of activity and each pair of places, what is said.

An entry lists sentences from the most telling to the plainest; the first whose places can all be
filled is said. A kind without an entry of its own is told by its places alone, which is always
true.
"""

from __future__ import annotations

from collections.abc import Mapping

from fiel.domain.language import N_
from fiel.domain.telling.places import Spot

type Sentences = tuple[str, ...]
type Way = tuple[str, Spot | None, Spot | None]  # kind, from, to; "" and None are any

ANY = ""

# Of a referral "referrer" and "friend" are its two sides, where it is known which one this is.
EARNING: Mapping[Way, Sentences] = {
    ("sale", Spot.ISSUED, None): (
        N_("{points} earned with sale {number}"),
        N_("{points} earned with a purchase"),
    ),
    ("claim", Spot.ISSUED, None): (
        N_("{points} earned with sale {number}, which was claimed later"),
        N_("{points} earned with a purchase that was claimed later"),
    ),
    ("activity", Spot.ISSUED, None): (
        N_("{points} earned for “{activity}”"),
        N_("{points} earned"),
    ),
    ("enrolment", Spot.ISSUED, None): (N_("{points} for enrolling"),),
    ("birthday", Spot.ISSUED, None): (N_("{points} for a birthday"),),
    ("anniversary", Spot.ISSUED, None): (N_("{points} for an anniversary as a member"),),
    ("referral", Spot.ISSUED, None): (N_("{points} for a recommendation"),),
    ("referrer", Spot.ISSUED, None): (N_("{points} for a friend who was brought"),),
    ("friend", Spot.ISSUED, None): (N_("{points} for coming through a friend"),),
    ("coupon", Spot.ISSUED, None): (
        N_("{points} for the coupon {coupon}"),
        N_("{points} for a coupon"),
    ),
    (ANY, Spot.ISSUED, None): (N_("{points} earned"),),
    (ANY, Spot.OPENING, None): (N_("{points} brought in from before"),),
    (ANY, None, Spot.OPENING): (N_("{points} taken out of what had been brought in"),),
    (ANY, Spot.PARTNER, None): (N_("{points} from a partner"),),
    (ANY, None, Spot.PARTNER): (N_("{points} spent with a partner"),),
}

SPENDING: Mapping[Way, Sentences] = {
    ("sale", Spot.AVAILABLE, Spot.REDEEMED): (
        N_("{points} redeemed for {reward}"),
        N_("{points} paid {money} of sale {number}"),
        N_("{points} paid {money} of a purchase"),
        N_("{points} redeemed with sale {number}"),
    ),
    ("sale", Spot.HELD, Spot.REDEEMED): (
        N_("{points} from a hold paid {money} of sale {number}"),
        N_("{points} from a hold paid {money} of a purchase"),
        N_("{points} from a hold paid sale {number}"),
    ),
    ("redemption", Spot.AVAILABLE, Spot.HELD): (
        N_("{points} held for {reward}"),
        N_("{points} held to pay with"),
    ),
    ("redemption", Spot.AVAILABLE, Spot.REDEEMED): (
        N_("{points} redeemed for {reward}"),
        N_("{points} redeemed to pay with"),
    ),
    (ANY, Spot.AVAILABLE, Spot.HELD): (N_("{points} held"),),
    (ANY, None, Spot.HELD): (N_("{points} held"),),
    (ANY, Spot.HELD, Spot.REDEEMED): (
        N_("{points} from a hold redeemed for {reward}"),
        N_("{points} from a hold redeemed"),
    ),
    (ANY, None, Spot.REDEEMED): (
        N_("{points} redeemed for {reward}"),
        N_("{points} redeemed"),
    ),
}

COMING_BACK: Mapping[Way, Sentences] = {
    ("return", Spot.REDEEMED, None): (
        N_("{points} given back: goods of sale {number} came back"),
        N_("{points} given back: goods came back"),
    ),
    ("redemption_cancel", Spot.REDEEMED, None): (
        N_("{points} given back: {reward} was cancelled"),
        N_("{points} given back: the redemption was cancelled"),
    ),
    ("redemption_cancel", Spot.HELD, Spot.AVAILABLE): (
        N_("{points} held for {reward}, free again: it was cancelled"),
        N_("{points} from a hold, free again: it was cancelled"),
    ),
    ("redemption_expiry", Spot.HELD, Spot.AVAILABLE): (
        N_("{points} held for {reward}, free again: the time was over"),
        N_("{points} from a hold, free again: the time was over"),
    ),
    (ANY, Spot.HELD, Spot.AVAILABLE): (
        N_("{points} held for {reward}, free again"),
        N_("{points} from a hold, free again"),
    ),
    (ANY, Spot.HELD, None): (N_("{points} no longer held"),),
    (ANY, Spot.REDEEMED, None): (N_("{points} given back"),),
    (ANY, Spot.EXPIRED, None): (N_("{points} that had expired came back"),),
}

# "cancel" is a return by which a sale was called off. What a card of stamps gave is given back like
# what paid, so nothing is said of that.
TAKING_BACK: Mapping[Way, Sentences] = {
    ("return", None, Spot.ISSUED): (
        N_("{points} taken back: goods of sale {number} came back"),
        N_("{points} taken back: goods came back"),
    ),
    ("return", Spot.DEBT, Spot.ISSUED): (
        N_("{points} owed: goods of sale {number} came back, and what they earned was spent"),
        N_("{points} owed: goods came back, and what they earned was spent"),
    ),
    ("cancel", None, Spot.ISSUED): (
        N_("{points} taken back: sale {number} was cancelled"),
        N_("{points} taken back: a purchase was cancelled"),
    ),
    ("cancel", Spot.DEBT, Spot.ISSUED): (
        N_("{points} owed: sale {number} was cancelled, and what it earned was spent"),
        N_("{points} owed: a purchase was cancelled, and what it earned was spent"),
    ),
    ("cancel", Spot.REDEEMED, None): (
        N_("{points} given back: sale {number} was cancelled"),
        N_("{points} given back: a purchase was cancelled"),
    ),
    ("referral_reversal", None, Spot.ISSUED): (
        N_("{points} taken back: the recommendation did not hold"),
    ),
    ("referral_reversal", Spot.DEBT, Spot.ISSUED): (
        N_("{points} owed: the recommendation did not hold, and what it gave was spent"),
    ),
    (ANY, None, Spot.ISSUED): (N_("{points} taken back"),),
    (ANY, Spot.DEBT, Spot.ISSUED): (N_("{points} owed: taken back after being spent"),),
    (ANY, Spot.UNCOLLECTED, Spot.DEBT): (N_("{points} owed and let go"),),
    (ANY, Spot.UNCOLLECTED, None): (N_("{points} that had not been collected came back"),),
    (ANY, None, Spot.UNCOLLECTED): (N_("{points} not collected"),),
}

TIME: Mapping[Way, Sentences] = {
    (ANY, Spot.PENDING, Spot.AVAILABLE): (N_("{points} that had to wait can be used"),),
    (ANY, Spot.AVAILABLE, Spot.PENDING): (N_("{points} that cannot be used yet"),),
    (ANY, None, Spot.PENDING): (N_("{points} that cannot be used yet"),),
    (ANY, Spot.AVAILABLE, Spot.DEBT): (N_("{points} paid what was owed"),),
    (ANY, None, Spot.DEBT): (N_("{points} paid what was owed"),),
    (ANY, Spot.DEBT, None): (N_("{points} owed"),),
    (ANY, None, Spot.EXPIRED): (
        N_("{points} expired, earned with sale {earned} on {day}"),
        N_("{points} of {day} expired"),
        N_("{points} expired"),
    ),
    ("erasure", None, Spot.EXPIRED): (N_("{points} ended with the membership"),),
}

# What falls due in a time to come.
AHEAD: Mapping[Way, Sentences] = {
    (ANY, Spot.PENDING, Spot.AVAILABLE): (N_("{points} can be used from then on"),),
    (ANY, None, Spot.DEBT): (N_("{points} will pay what is owed"),),
    (ANY, None, Spot.EXPIRED): (
        N_("{points} will expire, earned with sale {earned} on {day}"),
        N_("{points} of {day} will expire"),
        N_("{points} will expire"),
    ),
}

# "merged" is the account of the member who goes on under another's name.
PEOPLE: Mapping[Way, Sentences] = {
    ("adjustment", Spot.ADJUSTED, None): (
        N_("{points} given by {author}: {reason}"),
        N_("{points} given: {reason}"),
        N_("{points} given"),
    ),
    ("adjustment", None, Spot.ADJUSTED): (
        N_("{points} taken by {author}: {reason}"),
        N_("{points} taken: {reason}"),
        N_("{points} taken"),
    ),
    ("redemption", Spot.ADJUSTED, None): (
        N_("{points} lent: a till without a network had granted more than there was"),
    ),
    ("redemption", Spot.DEBT, Spot.ADJUSTED): (
        N_("{points} owed: a till without a network had granted more than there was"),
    ),
    (ANY, Spot.ADJUSTED, None): (N_("{points} given"),),
    (ANY, None, Spot.ADJUSTED): (N_("{points} taken"),),
    ("transfer", Spot.TRANSIT, None): (N_("{points} received from another member"),),
    ("transfer", None, Spot.TRANSIT): (N_("{points} passed on to another member"),),
    ("merge", Spot.TRANSIT, None): (
        N_("{points} came from the membership that was joined to this one"),
    ),
    ("merge", Spot.DEBT, Spot.TRANSIT): (
        N_("{points} owed came from the membership that was joined to this one"),
    ),
    ("merged", None, Spot.TRANSIT): (
        N_("{points} went to the membership that this one was joined to"),
    ),
    ("merged", Spot.TRANSIT, Spot.DEBT): (
        N_("{points} owed went to the membership that this one was joined to"),
    ),
    ("carried", Spot.TRANSIT, None): (
        N_("{points} came from the membership that was joined to this one"),
    ),
    ("carried", None, Spot.TRANSIT): (
        N_("{points} went to the membership that was joined to this one"),
    ),
    ("carried", Spot.DEBT, Spot.TRANSIT): (
        N_("{points} owed came from the membership that was joined to this one"),
    ),
    ("unmerge", Spot.TRANSIT, Spot.DEBT): (
        N_("{points} less owed: two memberships are apart again"),
    ),
    ("unmerge", Spot.TRANSIT, None): (N_("{points} came back: two memberships are apart again"),),
    ("unmerge", None, Spot.TRANSIT): (N_("{points} went back: two memberships are apart again"),),
    ("unmerge", Spot.DEBT, Spot.TRANSIT): (
        N_("{points} owed came back: two memberships are apart again"),
    ),
    (ANY, Spot.TRANSIT, None): (N_("{points} came from another membership"),),
    (ANY, None, Spot.TRANSIT): (N_("{points} went to another membership"),),
    (ANY, Spot.DEBT, Spot.TRANSIT): (N_("{points} owed came from another membership"),),
    (ANY, Spot.TRANSIT, Spot.DEBT): (N_("{points} less owed"),),
}

WORDING: Mapping[Way, Sentences] = {
    **EARNING, **SPENDING, **COMING_BACK, **TAKING_BACK, **TIME, **PEOPLE,
}  # fmt: skip

WAITS = N_("can be used from {start}")
PAYS_DEBT = N_("paid what was owed")
