"""The page about webhooks names every type of event."""

from __future__ import annotations

import re
from pathlib import Path

from fiel.connect.webhooks.trying import TYPE
from fiel.ledger.posting import _EVENTS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "webhooks.md").read_text()
# How a type is written where it is announced.
ANNOUNCED = re.compile(r"""(?:announce\(|event=|_EVENT = )[^"\n]*"([a-z_]+\.[a-z_]+)\"""")


def types_of_events():
    written = {
        found
        for path in (ROOT / "src").rglob("*.py")
        for found in ANNOUNCED.findall(path.read_text())
    }
    return {*_EVENTS.values(), *written, TYPE}


def test_every_type_of_event_is_named():
    assert {type_ for type_ in types_of_events() if f"`{type_}`" not in PAGE} == set()


def test_types_are_found_where_they_are_announced():
    assert {"tier.changed", "redemption.expired"} <= types_of_events() - set(_EVENTS.values())
