"""A key makes a request happen once, whatever becomes of the first try."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from fiel.api.answers import Answer
from fiel.api.idempotency import IdempotencyKeys, RequestKey, hash_of
from fiel.api.refusals import IdempotencyInProgress, IdempotencyKeyReused

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CAFE_SOL = uuid4()
REQUEST = RequestKey(CAFE_SOL, "k-1", hash_of(b"POST", b"/v1/sales", b"{}"))


class Till:
    """Sends a request with a key, and sees what was run and with which id."""

    def __init__(self, database) -> None:
        self.keys = IdempotencyKeys(database.connection)
        self.ids = []

    async def sends(self, request=REQUEST, *, answer=b"done", status=201, now=NOW):
        async def run(new_id):
            self.ids.append(new_id)
            if isinstance(answer, Exception):
                raise answer
            return Answer(status, answer)

        return await self.keys.once(request, run, now=now)


@pytest.fixture
def till(database):
    return Till(database)


async def test_the_first_answer_is_given_again(till):
    first = await till.sends()
    again = await till.sends(answer=b"another")

    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers == ((b"idempotent-replayed", b"true"),)
    assert len(till.ids) == 1


async def test_another_content_is_refused(till):
    await till.sends()

    with pytest.raises(IdempotencyKeyReused):
        await till.sends(RequestKey(CAFE_SOL, "k-1", hash_of(b"another")))


async def test_while_the_first_is_under_way_a_second_waits_its_turn(till):
    async def send_again(_):
        with pytest.raises(IdempotencyInProgress):
            await till.sends()
        return Answer(201, b"done")

    answer = await till.keys.once(REQUEST, send_again, now=NOW)

    assert answer.body == b"done"
    assert till.ids == []


async def test_what_failed_on_our_side_is_finished_by_a_repeat_under_the_same_id(till):
    with pytest.raises(ConnectionError):
        await till.sends(answer=ConnectionError())
    await till.sends(status=503, answer=b"later")
    done = await till.sends()

    assert done.body == b"done"
    assert len(till.ids) == 3
    assert len(set(till.ids)) == 1


async def test_what_was_cut_off_is_finished_after_a_minute_under_the_same_id(till):
    async def is_killed(new_id):
        till.ids.append(new_id)
        with pytest.raises(IdempotencyInProgress):
            await till.sends(now=NOW + timedelta(seconds=59))
        return await till.sends(now=NOW + timedelta(seconds=60))

    await till.keys.once(REQUEST, is_killed, now=NOW)

    assert len(till.ids) == 2
    assert len(set(till.ids)) == 1


async def test_a_key_is_kept_for_thirty_days(till):
    await till.sends()

    await till.sends(now=NOW + timedelta(days=30))
    assert len(till.ids) == 1
    await till.sends(now=NOW + timedelta(days=30, seconds=1))
    assert len(set(till.ids)) == 2


async def test_a_rivals_key_is_another(till):
    await till.sends()
    await till.sends(RequestKey(uuid4(), "k-1", REQUEST.request_hash))

    assert len(set(till.ids)) == 2


async def test_the_id_is_a_uuid_of_the_moment(till):
    await till.sends()
    [made] = till.ids

    assert made.version == 7
    assert made.int >> 80 == int(NOW.timestamp() * 1000)


def test_a_number_beyond_all_bounds_is_refused_and_no_fault_of_ours(shop):
    answer = shop.http.post(
        "/sales/batch",
        content=b'{"sales": [{"lines": [{"quantity": 99999999999999999999999, "unit_price": 1}]}]}',
        headers={"Idempotency-Key": "k-huge", "content-type": "application/json"},
    )

    assert answer.status_code == 200, answer.text
    assert [result["status"] for result in answer.json()["results"]] == [422]
