"""What happened is told: signed, in order, to whoever asked for it, and again until it is taken."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import random
from datetime import timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from fiel.connect.webhooks.addresses import Allowed
from fiel.connect.webhooks.endpoints import delete_endpoint, rotate_secret
from fiel.connect.webhooks.sending import Answer, Sender
from fiel.domain.refusal import NotFound
from fiel.ledger.scope import program_transaction
from tests.connect.webhooks.conftest import NOW
from tests.support.receiver import running_receiver

pytestmark = pytest.mark.anyio


async def test_a_sale_is_told_as_the_list_of_events_tells_it(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells()

    await cafe.deliverer().deliver_due()

    (message,) = receiver.received
    event = (await cafe.events())[-1]
    assert message.told["type"] == "sale.recorded"
    assert message.told["sequence"] == event.sequence
    assert message.told["member_sequence"] == 2
    assert message.told["timestamp"] == "2026-03-20T12:00:00Z"
    assert message.told["data"]["earned"] == {"points": 1}
    assert message.told["data"]["balances"]["points"]["available"] == 1
    assert message.headers["content-type"] == "application/json"
    assert message.id == f"msg_{endpoint.id.hex}_{event.sequence}"


async def test_the_signature_is_that_of_the_standard(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells()
    cafe.now = cafe.now.now(tz=NOW.tzinfo)  # the standard's package looks at the clock

    await cafe.deliverer().deliver_due()

    (message,) = receiver.received
    key = base64.b64decode(endpoint.secret.removeprefix("whsec_"))
    signed = f"{message.id}.{message.headers['webhook-timestamp']}.".encode() + message.content
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert message.headers["webhook-signature"] == f"v1,{expected}"
    assert Webhook(endpoint.secret).verify(message.content, message.headers) == message.told
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint.secret).verify(message.content + b" ", message.headers)


async def test_what_happened_before_the_endpoint_is_not_told(cafe, receiver):
    await cafe.sells(2)
    await cafe.listens(receiver.url)

    await cafe.deliverer().deliver_due()

    assert receiver.received == []


async def test_a_receiver_that_keeps_up_is_told_everything_once_in_order(cafe, receiver):
    await cafe.listens(receiver.url)
    await cafe.sells(120)

    await cafe.deliverer().deliver_due()

    assert receiver.sequences == [event.sequence for event in (await cafe.events())[1:]]
    assert receiver.most_busy == 1


async def test_only_the_types_that_were_asked_for_are_told(cafe):
    with running_receiver() as all_, running_receiver() as members, running_receiver() as sales:
        await cafe.listens(all_.url)
        await cafe.listens(members.url, "member.*")
        await cafe.listens(sales.url, "sale.recorded", "reward.redeemed")
        await cafe.till.enrols("berta", now=NOW)
        await cafe.sees(2)
        await cafe.sells(2, to="berta")

        assert await cafe.deliverer().deliver_due() == 3

        def types(receiver):
            return [received.told["type"] for received in receiver.received]

        assert types(all_) == ["member.created", "sale.recorded", "sale.recorded"]
        assert types(members) == ["member.created"]
        assert types(sales) == ["sale.recorded", "sale.recorded"]


async def test_what_was_not_taken_is_told_again_later_and_does_not_hold_up_the_rest(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells(3)
    _, second, *_ = [event.sequence for event in (await cafe.events())[1:]]
    receiver.answer = lambda told: (500 if told["sequence"] == second else 200, {})
    deliverer = cafe.deliverer()

    await deliverer.deliver_due()
    stood, backlog = await cafe.stands(endpoint)
    assert (len(receiver.received), backlog.waiting, stood.enabled) == (3, 1, True)

    receiver.takes_all()
    cafe.passes(seconds=3)  # five seconds, or a fifth less or more
    await deliverer.deliver_due()
    assert len(receiver.received) == 3

    cafe.passes(seconds=4)
    await deliverer.deliver_due()
    again = receiver.received[3]
    assert again.told["sequence"] == second
    assert again.id == receiver.received[1].id
    assert (await cafe.stands(endpoint))[1].waiting == 0
    outcomes = [attempt.outcome for attempt in await cafe.attempts(endpoint)]
    assert outcomes == ["delivered", "delivered", "failed", "delivered"]


async def test_an_event_is_tried_ever_more_rarely_for_three_days_and_then_given_up(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells()
    receiver.refuses(500)
    deliverer = cafe.deliverer()
    await deliverer.deliver_due()

    waits = []
    while (attempt := (await cafe.attempts(endpoint))[0]).outcome == "failed":
        waits.append(attempt.next_at - cafe.now)
        cafe.now = attempt.next_at
        await deliverer.deliver_due()

    for number, wait in enumerate(waits):
        planned = min(timedelta(seconds=5 * 3**number), timedelta(hours=12))
        assert 0.8 * planned <= wait <= 1.2 * planned
    assert timedelta(hours=72) <= cafe.now - NOW <= timedelta(hours=87)
    assert len(receiver.received) == len(waits) + 1
    assert len({message.id for message in receiver.received}) == 1
    stood, backlog = await cafe.stands(endpoint)
    assert (stood.enabled, stood.disabled_because) == (False, "given_up")
    assert (backlog.waiting, backlog.given_up) == (0, 1)


async def test_an_endpoint_that_is_enabled_again_is_told_all_that_it_missed(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells()
    receiver.refuses(503)
    deliverer = cafe.deliverer()
    await deliverer.deliver_due()
    cafe.passes(hours=73)
    await deliverer.deliver_due()
    await cafe.sells(2)
    await deliverer.deliver_due()
    assert len(receiver.received) == 2

    receiver.takes_all()
    stood = await cafe.changes(endpoint, {"enabled": True})
    await deliverer.deliver_due()

    assert (stood.enabled, stood.disabled_at, stood.disabled_because) == (True, None, None)
    assert receiver.sequences[2:] == [event.sequence for event in (await cafe.events())[1:]]


async def test_one_event_that_nobody_wants_does_not_disable_a_receiver_that_takes_the_rest(
    cafe, receiver
):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells(2)
    bad = (await cafe.events())[1].sequence
    receiver.answer = lambda told: (400 if told["sequence"] == bad else 200, {})
    deliverer = cafe.deliverer()
    await deliverer.deliver_due()
    cafe.passes(hours=1)
    await cafe.sells()
    await deliverer.deliver_due()

    cafe.passes(hours=72)
    await deliverer.deliver_due()

    stood, backlog = await cafe.stands(endpoint)
    assert (stood.enabled, backlog.given_up, backlog.waiting) == (True, 1, 0)


async def test_a_receiver_that_takes_nothing_is_not_told_the_rest_until_it_does(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells(100)
    receiver.refuses(500)
    deliverer = cafe.deliverer()

    await deliverer.deliver_due()
    assert len(receiver.received) == 5
    assert (await cafe.stands(endpoint))[1].waiting == 5

    cafe.passes(seconds=7)
    await deliverer.deliver_due()  # those five again, and one that is new
    assert len(receiver.received) == 11

    receiver.takes_all()
    cafe.passes(seconds=20)
    await deliverer.deliver_due()

    taken = {message.told["sequence"] for message in receiver.received[11:]}
    assert taken == {event.sequence for event in (await cafe.events())[1:]}
    assert len(receiver.received) == 11 + 100
    assert (await cafe.stands(endpoint))[1].waiting == 0


async def test_a_receiver_that_asks_to_be_left_alone_is(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells(3)
    receiver.refuses(429, retry_after="600")
    deliverer = cafe.deliverer()
    await deliverer.deliver_due()
    receiver.takes_all()

    cafe.passes(seconds=590)
    await deliverer.deliver_due()
    assert len(receiver.received) == 1

    cafe.passes(seconds=20)
    await deliverer.deliver_due()
    assert receiver.sequences[1:] == [event.sequence for event in (await cafe.events())[1:]]
    assert (await cafe.stands(endpoint))[0].not_before is None


async def test_a_receiver_that_says_410_is_told_nothing_more(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells(3)
    receiver.refuses(410)
    deliverer = cafe.deliverer()

    await deliverer.deliver_due()
    cafe.passes(days=10)
    await deliverer.deliver_due()

    assert len(receiver.received) == 1
    stood, backlog = await cafe.stands(endpoint)
    assert (stood.enabled, stood.disabled_because, stood.disabled_at) == (False, "gone", NOW)
    assert backlog.waiting == 0

    receiver.takes_all()
    await cafe.changes(endpoint, {"enabled": True})
    await deliverer.deliver_due()
    assert receiver.sequences[1:] == [event.sequence for event in (await cafe.events())[1:]]


async def test_a_redirect_is_not_followed(cafe, receiver):
    with running_receiver() as elsewhere:
        endpoint = await cafe.listens(receiver.url)
        await cafe.sells()
        receiver.refuses(307, location=elsewhere.url)

        await cafe.deliverer().deliver_due()

        assert (len(receiver.received), len(elsewhere.received)) == (1, 0)
        assert (await cafe.attempts(endpoint))[0].status == 307


async def test_while_a_secret_is_rotated_both_sign(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    program_id = cafe.till.program_id
    cafe.now = cafe.now.now(tz=NOW.tzinfo)
    async with (
        cafe.database.connection() as connection,
        program_transaction(connection, program_id),
    ):
        rotated = await rotate_secret(connection, program_id, endpoint.id, now=cafe.now)
    await cafe.sells()
    deliverer = cafe.deliverer()
    await deliverer.deliver_due()

    (message,) = receiver.received
    assert len(message.headers["webhook-signature"].split()) == 2
    for secret in (endpoint.secret, rotated.secret):
        assert Webhook(secret).verify(message.content, message.headers) == message.told

    assert rotated.previous_until == cafe.now + timedelta(hours=24)
    cafe.passes(hours=24)
    await cafe.sells()
    await deliverer.deliver_due()
    assert len(receiver.received[1].headers["webhook-signature"].split()) == 1


async def test_a_replay_tells_again_what_came_after_and_with_the_same_ids(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells(4)
    deliverer = cafe.deliverer()
    await deliverer.deliver_due()
    first, *rest = receiver.sequences

    await cafe.replays(endpoint, after=first)
    await deliverer.deliver_due()

    assert receiver.sequences == [first, *rest, *rest]
    ids = [message.id for message in receiver.received]
    assert ids[1:4] == ids[4:]


async def test_a_replay_never_passes_over_what_has_not_been_told(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells(2)
    last = (await cafe.events())[-1].sequence

    await cafe.replays(endpoint, after=last)
    await cafe.deliverer().deliver_due()

    assert len(receiver.received) == 2


@pytest.mark.parametrize("round_", range(3))
async def test_several_deliverers_at_once_tell_everything_once_and_in_order(cafe, receiver, round_):
    with running_receiver() as other:
        await cafe.listens(receiver.url)
        await cafe.listens(other.url)
        await cafe.sells(110)

        await asyncio.gather(*(cafe.deliverer().deliver_due() for _ in range(4)))

        events = [event.sequence for event in (await cafe.events())[1:]]
        assert receiver.sequences == other.sequences == events


async def test_a_deliverer_that_is_cut_off_loses_nothing(cafe, receiver):
    """Killed in the middle of a turn, it has written nothing down."""
    await cafe.listens(receiver.url)
    await cafe.sells(10)
    killed, sender = cafe.deliverer(), Sender(Allowed())
    cafe.others.append(sender)

    async def dies_after_four(*args):
        if len(receiver.received) == 4:
            raise KilledError
        return await Sender.send(sender, *args)

    dying = Sender(Allowed())
    dying.send = dies_after_four
    killed = cafe.deliverer(dying)
    killed._lent = only_first(killed._lent)
    with pytest.raises(KilledError):
        await killed.deliver_due()

    await cafe.deliverer().deliver_due()
    assert len(receiver.received) == 4, "it is still held"

    cafe.passes(seconds=41)
    await cafe.deliverer().deliver_due()
    events = [event.sequence for event in (await cafe.events())[1:]]
    assert receiver.sequences == [*events[:4], *events]


async def test_whoever_lost_the_hold_writes_nothing(cafe, receiver):
    """It slept in its turn until another had the endpoint."""
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells(3)
    other = cafe.deliverer()

    async def sleeps(*args):
        cafe.passes(seconds=41)
        await other.deliver_due()
        return await Sender.send(cafe.sender, *args)

    slow = Sender(Allowed())
    slow.send = sleeps
    await cafe.deliverer(slow).deliver_due()

    events = [event.sequence for event in (await cafe.events())[1:]]
    assert receiver.sequences[:3] == events
    assert (await cafe.stands(endpoint))[0].reached == events[-1]
    assert len(await cafe.attempts(endpoint)) == 3


async def test_a_replay_in_the_middle_of_a_turn_is_not_forgotten(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells(3)
    replayed = []

    async def replays_first(*args):
        if not replayed:
            replayed.append(await cafe.replays(endpoint, after=0))
        return await Sender.send(cafe.sender, *args)

    sender = Sender(Allowed())
    sender.send = replays_first
    await cafe.deliverer(sender).deliver_due()
    await cafe.deliverer().deliver_due()

    events = [event.sequence for event in await cafe.events()]
    assert receiver.sequences == [*events[1:], *events]
    assert (await cafe.stands(endpoint))[0].reached == events[-1]


async def test_an_endpoint_that_is_deleted_in_its_turn_leaves_nothing(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells(2)
    program_id = cafe.till.program_id

    async def deletes_first(*args):
        async with (
            cafe.database.connection() as connection,
            program_transaction(connection, program_id),
        ):
            with contextlib.suppress(NotFound):
                await delete_endpoint(connection, program_id, endpoint.id)
        return Answer(500, "", 1)

    sender = Sender(Allowed())
    sender.send = deletes_first
    await cafe.deliverer(sender).deliver_due()

    async with cafe.database.owner() as owner:
        for table in ("webhook_endpoint", "webhook_retry", "webhook_attempt"):
            cursor = await owner.execute(f"SELECT count(*) FROM {table}")
            assert await cursor.fetchone() == (0,)


async def test_a_deliverer_outlives_a_connection_that_was_lost(cafe, receiver, monkeypatch):
    monkeypatch.setattr("fiel.connect.webhooks.deliverer.SECONDS_AFTER_A_FAULT", 0.05)
    await cafe.listens(receiver.url)
    await cafe.sells()
    running = asyncio.create_task(cafe.deliverer().run())
    try:
        await asyncio.to_thread(receiver.waits_for, 1)
        async with cafe.database.owner() as owner:
            await owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE '%SKIP LOCKED%' "
                "AND pid <> pg_backend_pid()"
            )
        await cafe.sells()
        await asyncio.to_thread(receiver.waits_for, 2)
    finally:
        running.cancel()


async def test_the_log_keeps_the_newest_attempts(cafe, receiver, monkeypatch):
    monkeypatch.setattr("fiel.connect.webhooks.attempts.MOST_KEPT", 60)
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells(110)

    await cafe.deliverer().deliver_due()

    kept = [attempt.sequence for attempt in await cafe.attempts(endpoint)]
    assert kept == receiver.sequences[:-61:-1]


async def test_a_slow_receiver_holds_up_nobody_else(cafe, receiver):
    with running_receiver() as slow:
        release = asyncio.Event()
        loop = asyncio.get_running_loop()

        def waits(told):
            asyncio.run_coroutine_threadsafe(release.wait(), loop).result()
            return 200, {}

        slow.answer = waits
        await cafe.listens(slow.url)
        await cafe.listens(receiver.url)
        await cafe.sells(3)
        running = asyncio.create_task(cafe.deliverer().run())
        try:
            await asyncio.to_thread(receiver.waits_for, 3)
            await asyncio.to_thread(slow.waits_for, 1)
            assert len(slow.received) == 1
        finally:
            release.set()
            running.cancel()


async def test_a_receiver_that_does_not_answer_in_time_is_told_again(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells()
    release = asyncio.Event()
    loop = asyncio.get_running_loop()

    def waits(told):
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result()
        return 200, {}

    receiver.answer = waits
    hasty = Sender(Allowed(), seconds=0.3)
    cafe.others.append(hasty)
    await cafe.deliverer(hasty).deliver_due()
    release.set()

    (attempt,) = await cafe.attempts(endpoint)
    assert (attempt.status, attempt.error, attempt.outcome) == (None, "timeout", "failed")


async def test_a_deliverer_that_is_stopped_writes_down_what_it_did(cafe, receiver):
    endpoint = await cafe.listens(receiver.url)
    await cafe.sells(10)
    release = asyncio.Event()
    loop = asyncio.get_running_loop()

    def waits_at_the_fifth(told):
        if len(receiver.received) == 5:
            asyncio.run_coroutine_threadsafe(release.wait(), loop).result()
        return 200, {}

    receiver.answer = waits_at_the_fifth
    running = asyncio.create_task(cafe.deliverer().run())
    await asyncio.to_thread(receiver.waits_for, 5)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    release.set()

    stood, _ = await cafe.stands(endpoint)
    assert stood.reached == (await cafe.events())[4].sequence
    receiver.takes_all()
    await cafe.deliverer().deliver_due()
    events = [event.sequence for event in (await cafe.events())[1:]]
    assert receiver.sequences == [*events[:5], *events[4:]]


async def test_53_whoever_keeps_the_newest_of_each_member_knows_where_they_stand(cafe, receiver):
    """Half of what is told fails at random, so that events arrive out of order."""
    await cafe.listens(receiver.url)
    await cafe.till.enrols("berta", now=NOW)
    await cafe.sees(2)
    for name in ("ana", "berta", "ana", "ana", "berta", "ana"):
        await cafe.sells(to=name)
    chance, newest, order = random.Random(53), {}, []

    def takes(told):
        if chance.random() < 0.5:
            return 500, {}
        order.append(told["sequence"])
        member = told["data"]["member"]
        if told["member_sequence"] > newest.get(member, {"member_sequence": 0})["member_sequence"]:
            newest[member] = told
        return 200, {}

    receiver.answer = takes
    deliverer = cafe.deliverer()
    while len(order) < 7:
        await deliverer.deliver_due()
        cafe.passes(hours=1)

    assert order != sorted(order)
    for name in ("ana", "berta"):
        member = str((await member_of(cafe, name)).member_id)
        available = newest[member]["data"]["balances"]["points"]["available"]
        assert available == (await cafe.till.balance(name, now=cafe.now)).available


class KilledError(Exception):
    """Stands for kill -9."""


def only_first(lend):
    """The first connection is lent; then there are no more, as for whoever is dead."""
    lent = []

    def lend_once(claim):
        if lent:
            raise KilledError
        lent.append(claim)
        return lend(claim)

    return lend_once


async def member_of(cafe, name):
    created = [e for e in await cafe.events() if e.external_id == name]
    return created[0]
