"""A null is what is left out."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from fiel.intake.contents.members import MemberPatch
from fiel.intake.contents.nulls import read_content
from fiel.intake.contents.sales import SaleBody

SALE = {"lines": [{"quantity": 1, "unit_price": "3.10"}]}


def read(content):
    return read_content(SaleBody.__pydantic_validator__, content)


def test_a_null_is_the_same_as_a_field_that_is_left_out():
    nulls = {"store": None, "shipping": None, "coupons": None, "member": None}
    line = {"sku": None, "discount": None, "tax": None, "cost": None, "category": None}

    told = read(SALE | nulls | {"lines": [SALE["lines"][0] | line]})

    assert told == read(SALE)


def test_what_is_required_cannot_be_null_and_the_content_is_left_as_it_came():
    content = {"store": None, "lines": [{"quantity": None, "unit_price": "3.10"}]}

    with pytest.raises(ValidationError) as refused:
        read(content)

    assert {problem["loc"] for problem in refused.value.errors()} == {
        ("store",),
        ("lines", 0, "quantity"),
    }
    assert content == {"store": None, "lines": [{"quantity": None, "unit_price": "3.10"}]}


def test_a_null_that_means_something_is_kept():
    change = read_content(MemberPatch.__pydantic_validator__, {"phone": None})

    assert change.model_fields_set == {"phone"}


def test_a_content_that_is_null_is_refused():
    with pytest.raises(ValidationError):
        read(None)
