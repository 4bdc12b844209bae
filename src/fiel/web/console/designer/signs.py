"""The pictures of parts and of what can be added to them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """A picture by the name of its icon."""

    icon: str


PARTS = {
    "basics": Sign(icon="building-store"),
    "goals": Sign(icon="target"),
    "units": Sign(icon="coins"),
    "earn": Sign(icon="plus"),
    "milestones": Sign(icon="flag"),
    "tiers": Sign(icon="stairs-up"),
    "referral": Sign(icon="users-plus"),
    "rewards": Sign(icon="gift"),
    "payment": Sign(icon="wallet"),
    "coupons": Sign(icon="ticket"),
    "segments": Sign(icon="chart-pie"),
    "transfers": Sign(icon="arrows-exchange"),
    "holdout": Sign(icon="scale"),
    "offline": Sign(icon="wifi-off"),
    "accounting": Sign(icon="calculator"),
    "stores": Sign(icon="map-pin"),
    "levels": Sign(icon="medal"),
    "badges": Sign(icon="award"),
}
SAMPLES = {
    ("goals", "average-spend"): Sign(icon="target"),
    ("goals", "purchase-frequency"): Sign(icon="target"),
    ("goals", "retention"): Sign(icon="target"),
    ("goals", "new-members"): Sign(icon="target"),
    ("goals", "profit"): Sign(icon="target"),
    ("units", "points"): Sign(icon="coins"),
    ("units", "stamps"): Sign(icon="rubber-stamp"),
    ("units", "cashback"): Sign(icon="cash"),
    ("earn", "base"): Sign(icon="cash"),
    ("earn", "visit"): Sign(icon="walk"),
    ("earn", "item"): Sign(icon="coffee"),
    ("earn", "large"): Sign(icon="shopping-cart"),
    ("earn", "double"): Sign(icon="multiplier-2x"),
    ("earn", "happy-hours"): Sign(icon="clock"),
    ("earn", "welcome"): Sign(icon="mood-happy"),
    ("earn", "birthday"): Sign(icon="cake"),
    ("earn", "anniversary"): Sign(icon="confetti"),
    ("earn", "review"): Sign(icon="star"),
    ("milestones", "card"): Sign(icon="rubber-stamp"),
    ("milestones", "spent"): Sign(icon="cash"),
    ("milestones", "visits"): Sign(icon="walk"),
    ("milestones", "streak"): Sign(icon="flame"),
    ("rewards", "product"): Sign(icon="coffee"),
    ("rewards", "discount"): Sign(icon="discount"),
    ("rewards", "service"): Sign(icon="tools"),
    ("rewards", "voucher"): Sign(icon="receipt"),
    ("rewards", "gift-card"): Sign(icon="gift-card"),
    ("rewards", "event"): Sign(icon="calendar-event"),
    ("rewards", "access"): Sign(icon="lock-open"),
    ("coupons", "coupon"): Sign(icon="ticket"),
    ("coupons", "code"): Sign(icon="speakerphone"),
    ("segments", "regulars"): Sign(icon="heart"),
    ("segments", "drifting"): Sign(icon="user-search"),
    ("stores", "store"): Sign(icon="map-pin"),
    ("levels", "level"): Sign(icon="medal"),
    ("badges", "badge"): Sign(icon="award"),
}
