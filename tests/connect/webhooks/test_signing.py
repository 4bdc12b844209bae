from __future__ import annotations

import base64
from datetime import UTC, datetime
from uuid import UUID

from fiel.connect.webhooks.signing import message_id, new_secret, signed_headers


def test_a_message_is_signed_as_the_standards_own_example_is():
    headers = signed_headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        now=datetime.fromtimestamp(1614265330, UTC),
    )

    told = dict(headers)
    assert told["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert told["webhook-timestamp"] == "1614265330"
    assert told["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_has_the_standards_form_and_256_chance_bits():
    first, second = new_secret(), new_secret()

    assert first.startswith("whsec_")
    assert len(base64.b64decode(first.removeprefix("whsec_"), validate=True)) == 32
    assert first != second


def test_a_message_has_one_id_for_an_endpoint_and_an_event():
    ana, berta = UUID(int=1), UUID(int=2)

    assert message_id(ana, 7) == message_id(ana, 7)
    assert len({message_id(ana, 7), message_id(ana, 8), message_id(berta, 7)}) == 3
    assert "." not in message_id(ana, 7)
