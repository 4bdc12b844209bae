"""One-time codes and sessions: few tries, few codes, counted over all processes."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from fiel.ledger.scope import program_transaction
from fiel.members.queries import Whereabouts
from fiel.members.references import KeyKind, MemberKey
from fiel.members.sessions import (
    LIFE as SESSION_LIFE,
)
from fiel.members.sessions import (
    end_session,
    end_session_of,
    end_sessions_of,
    keep_seen,
    open_session,
    session_of_token,
    sessions_of,
)
from fiel.members.sign_in_codes import (
    LIFE,
    MOST_OF_ADDRESS_AN_HOUR,
    MOST_OF_CONTACT_A_DAY,
    MOST_OF_CONTACT_AN_HOUR,
    MOST_TRIES,
    Checked,
    Codes,
    TooManyCodes,
    network_of,
)

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA = MemberKey(KeyKind.PHONE, "+34600111222")
BERTA = MemberKey(KeyKind.EMAIL, "berta@example.com")
HERE = "203.0.113.7"


@pytest.fixture
def codes():
    return Codes(uuid4(), b"a secret of the server")


@asynccontextmanager
async def inside(database, program_id):
    async with database.connection() as connection, program_transaction(connection, program_id):
        yield connection


async def make(database, codes, contact=ANA, *, address=HERE, now=NOW):
    async with inside(database, codes.program_id) as connection:
        return await codes.make(connection, contact, address=address, now=now)


async def check(database, codes, told, contact=ANA, *, now=NOW):
    async with inside(database, codes.program_id) as connection:
        return await codes.check(connection, contact, told, now=now)


def another(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def test_a_code_is_right_once(database, codes):
    code = await make(database, codes)

    assert len(code) == 6
    assert await check(database, codes, f" {code[:3]} {code[3:]} ") is Checked.RIGHT
    assert await check(database, codes, code) is Checked.OVER


async def test_a_code_is_nobody_elses(database, codes):
    code = await make(database, codes)
    rival = Codes(uuid4(), codes.secret)

    assert await check(database, codes, code, BERTA) is Checked.OVER
    assert await check(database, rival, code) is Checked.OVER


async def test_tries_are_few_even_all_at_once(database, codes):
    code = await make(database, codes)

    tried = await asyncio.gather(
        *(check(database, codes, another(code)) for _ in range(MOST_TRIES + 3))
    )

    assert sorted(tried, key=str) == [Checked.OVER] * 3 + [Checked.WRONG] * MOST_TRIES
    assert await check(database, codes, code) is Checked.OVER


async def test_a_code_lasts_ten_minutes(database, codes):
    code = await make(database, codes)

    assert await check(database, codes, code, now=NOW + LIFE) is Checked.OVER


async def test_the_newest_code_counts(database, codes):
    first = await make(database, codes)
    second = await make(database, codes, now=NOW + timedelta(seconds=1))

    if first != second:
        assert await check(database, codes, first) is Checked.WRONG
    assert await check(database, codes, second) is Checked.RIGHT


async def test_a_contact_gets_few_codes_even_when_asked_for_all_at_once(database, codes):
    asked = await asyncio.gather(
        *(
            make(database, codes, address=f"203.0.113.{host}")
            for host in range(MOST_OF_CONTACT_AN_HOUR + 3)
        ),
        return_exceptions=True,
    )

    refused = [each for each in asked if isinstance(each, TooManyCodes)]
    assert len(refused) == 3
    assert {each.code for each in refused} == {"rate_limited"}
    assert len(await make(database, codes, BERTA)) == 6
    assert len(await make(database, codes, now=NOW + timedelta(hours=1))) == 6


async def test_a_contact_gets_so_many_codes_a_day(database, codes):
    hours = range(MOST_OF_CONTACT_A_DAY // MOST_OF_CONTACT_AN_HOUR)
    for hour in hours:
        for _ in range(MOST_OF_CONTACT_AN_HOUR):
            await make(database, codes, now=NOW + timedelta(hours=hour))

    with pytest.raises(TooManyCodes):
        await make(database, codes, now=NOW + timedelta(hours=len(hours)))


async def test_an_address_gets_so_many_codes_an_hour(database, codes):
    for number in range(MOST_OF_ADDRESS_AN_HOUR):
        await make(database, codes, MemberKey(KeyKind.PHONE, f"+3460000{number:04d}"))

    with pytest.raises(TooManyCodes):
        await make(database, codes, BERTA)
    assert len(await make(database, codes, BERTA, address="198.51.100.1")) == 6


async def test_the_database_alone_tells_neither_code_nor_contact(database, codes):
    code = await make(database, codes)

    async with database.owner() as owner:
        row = await (await owner.execute("SELECT sign_in_code::text FROM sign_in_code")).fetchone()

    assert ANA.value not in row[0]
    assert code not in row[0].replace(f"{codes.program_id}", "")


def test_a_line_of_ipv6_counts_as_one_address():
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1")
    assert network_of("203.0.113.7") == "203.0.113.7"


async def sign_in(database, program_id, member_id, *, device="Firefox"):
    async with inside(database, program_id) as connection:
        place = Whereabouts(0, member_id)
        return await open_session(connection, program_id, place, device=device, now=NOW)


async def found(database, program_id, token, *, now=NOW):
    async with inside(database, program_id) as connection:
        return await session_of_token(connection, program_id, token, now=now)


async def test_a_session_lasts_half_a_year_since_it_was_seen(database):
    program_id, ana = uuid4(), uuid4()
    token = await sign_in(database, program_id, ana)
    later = NOW + timedelta(days=100)

    assert (await found(database, program_id, token)).member_id == ana
    assert (await found(database, program_id, token, now=later)).is_to_be_seen(later)
    async with inside(database, program_id) as connection:
        await keep_seen(connection, program_id, token, now=later)
    assert await found(database, program_id, token, now=NOW + SESSION_LIFE) is not None
    assert await found(database, program_id, token, now=later + SESSION_LIFE) is None


async def test_a_session_is_of_one_program(database):
    token = await sign_in(database, uuid4(), uuid4())

    assert await found(database, uuid4(), token) is None


async def test_sessions_end_one_by_one_or_all(database):
    program_id, ana, berta = uuid4(), uuid4(), uuid4()
    phone, laptop = [await sign_in(database, program_id, ana, device=d) for d in ("p", "l")]
    other = await sign_in(database, program_id, berta)

    async with inside(database, program_id) as connection:
        listed = await sessions_of(connection, program_id, [ana], now=NOW)
        assert {session.device for session in listed} == {"p", "l"}
        await end_session(connection, program_id, phone)
        assert [s.device for s in await sessions_of(connection, program_id, [ana], now=NOW)] == [
            "l"
        ]
        bertas = (await sessions_of(connection, program_id, [berta], now=NOW))[0]
        await end_session_of(connection, program_id, [ana], bertas.id)
        await end_sessions_of(connection, program_id, [ana], now=NOW)

    assert await found(database, program_id, laptop) is None
    assert (await found(database, program_id, other)).member_id == berta
