"""What a sale may say, and what is said when it says too much."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from pydantic import ValidationError

from fiel.domain.language import say
from fiel.domain.refusal import Invalid
from fiel.intake.contents.base import fingerprint_of
from fiel.intake.contents.errors import invalid_fields
from fiel.intake.contents.members import MemberBody, MemberPatch, changes_of, person_of
from fiel.intake.contents.returns import ReturnBody
from fiel.intake.contents.sales import ActivityBody, SaleBody
from fiel.members.references import KeyKind, MemberKey

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def sale(**told):
    return SaleBody.model_validate({"lines": [{"quantity": 1, "unit_price": "3.10"}], **told})


def line(**told):
    return sale(lines=[{"quantity": 1, "unit_price": "3.10", **told}]).lines[0]


def problems(make, *args, **told):
    with pytest.raises(ValidationError) as error:
        make(*args, **told)
    return [(problem.field, problem.code) for problem in invalid_fields(error.value).problems]


def test_a_line_needs_only_its_quantity_and_its_price():
    told = line()

    assert (told.sku, told.category, told.discount, told.tax, told.cost) == ("", "", 0, 0, None)


def test_money_is_read_from_a_string_and_from_a_number():
    assert line(unit_price="3.10").unit_price == Decimal("3.10")
    assert line(unit_price=Decimal("3.10")).unit_price == Decimal("3.10")
    assert line(unit_price=3).unit_price == 3


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0, "too_small"),
        ("0.0", "too_small"),
        (-1, "too_small"),
        ("1000000000", "too_large"),
        (10**4000, "too_large"),
        ("0.0000001", "too_precise"),
        (Decimal("1e-400"), "too_precise"),
        (Decimal("1e400"), "too_large"),
        ("1e3", "format"),
        ("\uff11", "format"),
        (" 1", "format"),
        ("", "format"),
        (True, "type"),
        (None, "type"),
        ([], "type"),
    ],
)
def test_a_quantity_is_more_than_nothing_and_has_bounds(value, code):
    assert problems(line, quantity=value) == [("lines[0].quantity", code)]


@pytest.mark.parametrize("field", ["unit_price", "discount", "tax", "cost"])
def test_no_amount_is_negative(field):
    assert problems(line, **{field: "-0.01"}) == [(f"lines[0].{field}", "too_small")]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-03-01T10:15:00", "zone_missing"),
        ("2026-03-01", "format"),
        ("yesterday", "format"),
        ("2026-02-30T10:15:00Z", "format"),
        ("2026-03-01T24:15:00Z", "format"),
        ("1999-12-31T23:59:59Z", "too_early"),
        ("0001-01-01T00:00:00+23:59", "too_early"),
        ("9999-12-31T23:59:59-23:59", "too_late"),
        (1772360100, "type"),
        (None, None),
    ],
)
def test_a_time_says_its_zone_and_lies_where_a_sale_can(value, code):
    if code is None:
        assert sale(occurred_at=value).occurred_at is None
    else:
        assert problems(sale, occurred_at=value) == [("occurred_at", code)]


def test_a_time_is_kept_in_utc():
    told = sale(occurred_at="2026-03-01T10:15:00+01:00")

    assert told.occurred_at == datetime(2026, 3, 1, 9, 15, tzinfo=UTC)


def test_a_sale_has_lines_and_not_thousands_of_them():
    one = {"quantity": 1, "unit_price": 1}

    assert problems(sale, lines=[]) == [("lines", "too_few")]
    assert len(sale(lines=[one] * 1000).lines) == 1000
    assert problems(sale, lines=[one] * 1001) == [("lines", "too_many")]


def test_every_wrong_field_is_named_at_once():
    found = problems(sale, lines=[{"quantity": 0, "unit_price": -1, "skuu": "x"}], storre="centro")

    assert found == [
        ("lines[0].quantity", "too_small"),
        ("lines[0].unit_price", "too_small"),
        ("lines[0].skuu", "unknown_field"),
        ("storre", "unknown_field"),
    ]


def test_a_member_is_named_by_id_or_by_one_other_name():
    ana = "0190b6a5-7c1e-7d53-8f0e-6d3c2b1a0f9e"

    assert sale(member=ana).member == UUID(ana)
    assert sale(member={"id": ana}).member == UUID(ana)
    assert sale(member={"external_id": "crm-77"}).member == MemberKey(KeyKind.EXTERNAL_ID, "crm-77")
    assert sale(member={"email": "Ana@Example.com"}).member == MemberKey(
        KeyKind.EMAIL, "ana@example.com"
    )
    assert sale(member=None).member is None


@pytest.mark.parametrize(
    "ref",
    [
        "ana",
        7,
        {},
        {"phone": "+34600111222", "card": "1"},
        {"referral_code": "ANA-7K2"},
        {"phone": 34600111222},
        {"external_id": ""},
        {"external_id": "x" * 321},
        {"id": 7},
        [],
    ],
)
def test_a_member_who_is_named_otherwise_is_refused(ref):
    [(field, _)] = problems(sale, member=ref)

    assert field == "member"


def test_a_phone_is_kept_in_one_form_however_it_is_written():
    forms = ["+34 600 111 222", "600111222", "0034600111222", "(+34) 600-11-12-22"]

    phones = {person_of(MemberBody(phone=form), region="ES", now=NOW).phone for form in forms}

    assert phones == {"+34600111222"}


def test_an_email_is_the_same_in_capitals():
    person = person_of(MemberBody(email=" Ana@Example.COM "), region="ES", now=NOW)

    assert person.email == "ana@example.com"


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"phone": "12345"}, ("phone", "format")),
        ({"phone": "call me"}, ("phone", "format")),
        ({"email": "ana"}, ("email", "format")),
        ({"email": "ana@"}, ("email", "format")),
        ({"card": "   "}, ("card", "too_short")),
        ({"birthday": "1899-12-31"}, ("birthday", "too_early")),
        ({"birthday": "2026-03-02"}, ("birthday", "too_late")),
    ],
)
def test_what_nobody_can_have_is_refused_by_its_field(told, problem):
    with pytest.raises(Invalid) as refusal:
        person_of(MemberBody.model_validate(told), region="ES", now=NOW)

    assert [(p.field, p.code) for p in refusal.value.problems] == [problem]


@pytest.mark.parametrize("day", ["17/05/1990", "1990-02-30", "1990-5-17", 0])
def test_a_birthday_is_a_day_that_exists(day):
    assert problems(MemberBody.model_validate, {"birthday": day}) == [("birthday", "format")]


def test_a_patch_changes_only_what_it_names():
    patch = MemberPatch.model_validate({"name": "Ana R.", "phone": None})

    assert changes_of(patch, region="ES", now=NOW) == {"name": "Ana R.", "phone": None}


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}, "too_deep"),
        ({str(n): n for n in range(201)}, "too_many"),
        ({"a": 10**15}, "too_large"),
        ({"a": Decimal("1e-31")}, "too_precise"),
        ({"a": "x" * 1001}, "too_long"),
        ({"": 1}, "name"),
        ([], "type"),
    ],
)
def test_free_values_have_bounds(properties, code):
    told = {"member": {"card": "1"}, "type": "review", "properties": properties}

    assert problems(ActivityBody.model_validate, told) == [("properties", code)]


def test_a_problem_is_said_in_the_callers_language():
    with pytest.raises(ValidationError) as error:
        line(quantity="1000000000")
    [problem] = invalid_fields(error.value).problems

    said = {
        language: say(language, problem.text, **problem.parameters) for language in ("en", "es")
    }

    assert said == {
        "en": "It must be less than 1,000,000,000.",
        "es": "Debe ser menor que 1.000.000.000.",
    }


def test_who_stood_at_the_till_changes_no_fingerprint_where_it_is_not_told():
    # As it was before a cashier could be told.
    before = "b3052fec1e872f809fb222d203df4ee9"
    assert fingerprint_of(ReturnBody(full=True, reason="x")).hex() == before
    assert fingerprint_of(ReturnBody(full=True, reason="x", cashier="")).hex() == before
    assert fingerprint_of(ReturnBody(full=True, reason="x", cashier="c-7")).hex() != before
