"""Random documents that can be published."""

from hypothesis import strategies as st

IDS = st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z]{1,4})?", fullmatch=True).filter(
    lambda name: name not in {"tier", "per", "reward", "spend", "visits", "every"}
)
NAMES = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12
)
TEXTS = NAMES | st.fixed_dictionaries({"es": NAMES}, optional={"en": NAMES, "pt": NAMES})
DURATIONS = st.builds(
    "{} {}".format, st.integers(1, 90), st.sampled_from(["days", "months", "years", "day", "month"])
)
AMOUNTS = st.decimals("0.01", "9999.99", places=2).map(str) | st.integers(1, 9999)
FACTORS = st.decimals("0.01", "9.99", places=2).map(str) | st.integers(1, 9)
DATES = st.dates().filter(lambda day: 1900 <= day.year <= 2999).map(str)
HOURS = st.sampled_from(["08:00-11:00", "22:00-02:00", "00:00-12:30", "18:15-24:00"])
WEEKDAYS = st.lists(
    st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1, max_size=7
)
SALE_CONDITIONS = st.sampled_from(
    ['line.category == "cafe"', "sale.net >= 50.0", "member.visits > 3", "line.quantity > 2"]
)

EXPIRIES = (
    st.just("never")
    | st.fixed_dictionaries({"after": DURATIONS})
    | st.fixed_dictionaries({"inactivity": DURATIONS})
    | st.fixed_dictionaries(
        {"day": st.sampled_from(["12-31", "02-29", "06-30"])}, optional={"years": st.integers(0, 5)}
    )
)
UNITS = st.fixed_dictionaries(
    {"value": st.sampled_from(["0.01", "0.005", 1, "2.50"])},
    optional={
        "name": TEXTS,
        "one": TEXTS,
        "round": st.sampled_from(["floor", "half_up", "ceil"]),
        "round_per": st.sampled_from(["sale", "line"]),
        "expiry": EXPIRIES,
        "grace": DURATIONS,
        "pending": DURATIONS,
        "negative": st.sampled_from(["debt", "clamp", "pending_only"]),
        "returns": st.sampled_from(["recompute", "proportional"]),
    },
)
PERIODS = st.sampled_from(["day", "week", "month", "year", "program"])
LIMITS = st.fixed_dictionaries({"per_member": st.integers(1, 99)}, optional={"every": PERIODS})
SCHEDULES = st.fixed_dictionaries({}, optional={"to": DATES, "days": WEEKDAYS, "hours": HOURS})


def rules(draw, units):
    """Rules that give one of the units, and one that multiplies them."""
    ids = draw(st.lists(IDS, unique=True, max_size=4))
    made = []
    for name in ids:
        unit = draw(st.sampled_from(units))
        rule = {"id": name, "event": draw(st.sampled_from(["sale", "activity", "birthday"]))}
        rule["give"] = {unit: draw(st.integers(1, 500))}
        if rule["event"] == "sale":
            rule |= draw(
                st.fixed_dictionaries(
                    {},
                    optional={
                        "where": SALE_CONDITIONS,
                        "include": st.just(["shipping"]),
                        "of": st.sampled_from(["net", "gross", "margin"]),
                    },
                )
            )
            if draw(st.booleans()):
                rule["give"] = {unit: draw(FACTORS), "per": draw(AMOUNTS)}
        if draw(st.booleans()):
            rule["budget"] = {unit: draw(st.integers(1, 10**6))}
        rule |= draw(
            st.fixed_dictionaries({}, optional={"limit": LIMITS, "when": SCHEDULES, "name": TEXTS})
        )
        made.append(rule)
    if ids and draw(st.booleans()):
        made.append({"id": "X", "event": "sale", "multiply": draw(FACTORS), "rules": ids[:2]})
    return made


def tiers(draw, units):
    by = draw(st.sampled_from(["spend", "points", "visits"]))
    steps = draw(st.lists(st.integers(1, 10_000), unique=True, max_size=4).map(sorted))
    return {
        "by": by,
        **({"unit": units[0]} if by == "points" else {}),
        "window": draw(DURATIONS | st.just("calendar_year")),
        "downgrade": draw(st.sampled_from(["never", {"grace": "30 days", "one_step": True}, {}])),
        "levels": [
            {"id": f"t{index}", "from": step, "multiply": draw(FACTORS)}
            for index, step in enumerate([0, *steps])
        ],
    }


def rewards(draw, units):
    kinds = {
        "product": st.fixed_dictionaries({"sku": NAMES}),
        "discount": st.fixed_dictionaries({"percent": st.integers(1, 100)})
        | st.fixed_dictionaries({"amount": AMOUNTS}),
        "gift_card": st.fixed_dictionaries({"amount": AMOUNTS}),
        "access": st.just({"where": "member.spend >= 50.5"}),
    }
    made = []
    for name in draw(st.lists(IDS, unique=True, max_size=3)):
        kind = draw(st.sampled_from(sorted(kinds)))
        price = {draw(st.sampled_from(units)): draw(st.integers(0, 900))}
        made.append({"id": name, "kind": kind, "price": price, **draw(kinds[kind])})
    return made


def coupons(draw, units):
    kinds = {
        "product": st.fixed_dictionaries({"sku": NAMES}),
        "discount": st.fixed_dictionaries({"percent": st.integers(1, 100)})
        | st.fixed_dictionaries({"amount": AMOUNTS}),
        "points": st.fixed_dictionaries(
            {"give": st.just({units[0]: 5})}, optional={"code": st.just("VERANO-26")}
        ),
    }
    made = []
    for name in draw(st.lists(IDS, unique=True, max_size=3)):
        kind = draw(st.sampled_from(sorted(kinds)))
        told = st.fixed_dictionaries(
            {},
            optional={
                "name": TEXTS,
                "uses": st.integers(1, 99) | st.just("unlimited"),
                "per_member": st.integers(1, 9),
                "min_spend": AMOUNTS,
                "where": SALE_CONDITIONS,
                "when": SCHEDULES,
                "stack": st.booleans(),
                "members_only": st.booleans(),
            },
        )
        made.append({"id": name, "kind": kind, **draw(kinds[kind]), **draw(told)})
    for repeated in [coupon for coupon in made if "code" in coupon][1:]:
        del repeated["code"]  # two cannot share one
    return made


@st.composite
def documents(draw):
    """Any document that says something sensible."""
    units = draw(st.lists(IDS, unique=True, min_size=1, max_size=3))
    document = {
        "program": draw(IDS),
        "name": draw(NAMES),
        "currency": "EUR",
        "timezone": draw(st.sampled_from(["Europe/Madrid", "America/Bogota", "UTC"])),
        "units": {unit: draw(UNITS) for unit in units},
        "earn": rules(draw, units),
    }
    optional = {
        "locale": lambda: draw(st.sampled_from(["es", "en", "pt"])),
        "stacking": lambda: draw(st.sampled_from(["multiply", "add", "best"])),
        "tiers": lambda: tiers(draw, units),
        "rewards": lambda: rewards(draw, units),
        "coupons": lambda: coupons(draw, units),
        "milestones": lambda: [
            {"id": "m", "of": "spend", "at": draw(AMOUNTS), "give": {units[0]: 5}},
            {"id": "n", "of": units[0], "every": draw(st.integers(1, 99)), "give": {units[0]: 1}},
        ],
        "referral": lambda: {
            "referrer": {units[0]: 5},
            "friend": {units[-1]: 3},
            "after": draw(DURATIONS),
        },
        "pay_with_points": lambda: {"unit": units[0], "max_share": draw(st.integers(1, 100))},
        "goals": lambda: [{"id": "g", "metric": "profit", "target": "+5.50%", "by": draw(DATES)}],
    }
    for key in draw(st.lists(st.sampled_from(sorted(optional)), unique=True)):
        document[key] = optional[key]()
    return document
