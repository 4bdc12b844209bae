"""Values with a quick constructor are what a frozen dataclass is."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from fiel.domain.slots import set_directly


@set_directly
@dataclass(frozen=True, slots=True)
class Coffee:
    name: str
    price: int = 310
    extras: dict[str, int] = field(default_factory=dict)


def test_it_is_made_by_place_and_by_name_with_its_defaults():
    assert Coffee("capuchino") == Coffee(name="capuchino", price=310, extras={})
    assert Coffee("latte", 290, {"oat": 40}).extras == {"oat": 40}


def test_each_has_defaults_of_its_own():
    assert Coffee("a").extras is not Coffee("a").extras


def test_it_is_frozen():
    with pytest.raises(FrozenInstanceError):
        Coffee("capuchino").price = 0  # type: ignore[misc]


def test_it_can_be_replaced_and_pickled():
    dear = replace(Coffee("capuchino"), price=420)

    assert dear == Coffee("capuchino", 420)
    assert repr(dear) == "Coffee(name='capuchino', price=420, extras={})"


def test_decisions_travel_between_processes():
    from fiel.domain.decision import Award

    award = Award("base", "points", 6, {"kind": "fixed"})

    assert pickle.loads(pickle.dumps(award)) == award


def test_a_field_that_is_missing_is_refused():
    with pytest.raises(TypeError):
        Coffee()  # type: ignore[call-arg]
