"""What can be due, in the order in which it comes at one moment."""

from __future__ import annotations

from fiel.domain.activity import OccasionKind
from fiel.intake.calendar.errand import Due
from fiel.intake.calendar.following import LeftOver, Redemptions
from fiel.intake.calendar.occasions import Occasions
from fiel.intake.calendar.referrals import Referrals
from fiel.intake.calendar.settling import Settling
from fiel.intake.calendar.terms import Terms

# Points start, tiers are looked at and points end member by member; what is given for a day comes
# between the first two, and is decided as of then (`ledger.tiers.tier_at`).
DUES: tuple[Due, ...] = (
    Terms(),
    Settling(),
    Occasions(OccasionKind.BIRTHDAY),
    Occasions(OccasionKind.ANNIVERSARY),
    Referrals(),
    Redemptions(),
    LeftOver(),
)
