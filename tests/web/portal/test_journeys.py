"""The member's pages over real HTTP: one way in, and what is behind it."""

from __future__ import annotations

import json
import re

import pytest

from tests.connect.test_texting import gateway_server
from tests.support.letterbox import mail_server, text_of
from tests.web.portal.cast import HOME, guest, signed_in
from tests.web.stage import staged


@pytest.fixture(scope="module")
def letters():
    """A real mail server that the pages send by."""
    from django.test import override_settings

    with mail_server() as box:
        options = {"host": "localhost", "port": box.port}
        with override_settings(MAILERS={"default": {"OPTIONS": options}}):
            yield box


def code_for(letters, address):
    return re.search(r"\d{6}", text_of(letters.letter_to(address)))[0]


def ask_for_code(client, contact, **told):
    return client.submit(f"{HOME}join/", {"contact": contact, **told})


def test_a_member_comes_in_by_a_code_that_was_mailed(stage, letters):
    client = guest(stage)
    assert ask_for_code(client, "ana@example.com").status_code == 302

    answer = client.submit(f"{HOME}code/", {"code": code_for(letters, "ana@example.com")})
    page = client.get(HOME)

    assert (answer.status_code, answer.headers["location"]) == (302, HOME)
    assert page.status_code == 200
    assert "Hello, Ana" in page.text
    assert page.headers["cache-control"] == "no-store, private"


def test_nobody_learns_who_is_a_member(stage, letters):
    def asks(contact):
        client = guest(stage)
        answer = ask_for_code(client, contact)
        page = client.get(answer.headers["location"])
        wrong = client.submit(f"{HOME}code/", {"code": "12345"})
        return (
            answer.status_code,
            answer.headers["location"],
            page.status_code,
            wrong.status_code,
            (
                re.sub(
                    r'name="csrfmiddlewaretoken" value="[^"]*"|data-csrf="[^"]*"', "", wrong.text
                ).replace(contact, "")
            ),
        )

    assert asks("berta@example.com") == asks("nobody@example.com")


def test_someone_new_joins_with_an_invitation_and_what_she_allows(stage, letters):
    shop, inviter = stage.shop, stage.shop.http.get(f"/members/{stage.shop.members['ana']}").json()
    client = guest(stage)
    link = f"{HOME}?ref={inviter['referral_code']}&store=centro"
    assert inviter["referral_code"] in client.get(link).text
    told = {"contact": "Dora@Example.com", "ref": inviter["referral_code"], "store": "centro"}
    client.submit(f"{HOME}join/", told)

    answer = client.submit(f"{HOME}code/", {"code": code_for(letters, "dora@example.com")})
    assert answer.headers["location"] == f"{HOME}about-you/"
    about = {"name": "Dora Paz", "birthday": "1990-05-17", "consent-email": "on"}
    answer = client.submit(f"{HOME}about-you/", about)

    assert answer.headers["location"] == f"{HOME}card/?new"
    [dora] = shop.http.get("/members", params={"email": "dora@example.com"}).json()["data"]
    assert (dora["name"], dora["birthday"], dora["consents"]) == (
        "Dora Paz", "1990-05-17", {"email": True},
    )  # fmt: skip
    assert dora["referred_by"] == inviter["id"]
    assert dora["attributes"] == {"joined_store": "centro"}
    assert dora["balances"]["points"]["available"] == 10
    assert client.get(f"{HOME}card/").status_code == 200


def test_an_invitation_that_leads_nowhere_keeps_nobody_out(stage, letters):
    client = guest(stage)
    ask_for_code(client, "eva@example.com", ref="NOBODY-1")
    client.submit(f"{HOME}code/", {"code": code_for(letters, "eva@example.com")})

    answer = client.submit(f"{HOME}about-you/", {"name": "Eva"})

    assert answer.headers["location"] == f"{HOME}card/?new"
    [eva] = stage.shop.http.get("/members", params={"email": "eva@example.com"}).json()["data"]
    assert (eva["referred_by"], eva["consents"]) == (None, {"email": False})


def test_nobody_joins_without_a_code(stage, letters):
    client = guest(stage)
    ask_for_code(client, "fara@example.com")

    answer = client.submit(f"{HOME}about-you/", {"name": "Fara"})

    assert answer.headers["location"] == f"{HOME}join/"
    found = stage.shop.http.get("/members", params={"email": "fara@example.com"}).json()
    assert found["data"] == []


def test_a_wrong_code_is_said_beside_the_field_and_codes_are_few(stage, letters):
    client = guest(stage)
    ask_for_code(client, "gala@example.com")

    wrong = client.submit(f"{HOME}code/", {"code": "000000x"})
    again = [client.submit(f"{HOME}code/again/").status_code for _ in range(5)]

    assert (wrong.status_code, "code-problem" in wrong.text) == (422, True)
    assert again == [302, 302, 302, 302, 429]


def test_what_is_not_set_up_is_not_offered(stage, letters):
    client = guest(stage)

    page = client.get(HOME)
    answer = ask_for_code(client, "+34600111222")

    assert "Your e-mail" in page.text
    assert "mobile" not in page.text.lower().replace("mobile-web", "")
    assert answer.status_code == 422


def test_pages_of_members_lead_to_the_door(stage):
    client = guest(stage)

    for path in ("card/", "rewards/", "wallet/", "me/", "history/", "why/", "friends/"):
        answer = client.get(f"{HOME}{path}")
        assert (answer.status_code, answer.headers["location"]) == (302, f"{HOME}join/")
    assert client.get("/m/no-such-shop/").status_code == 404


def test_a_reward_is_set_aside_shown_and_cancelled(stage, letters):
    client = signed_in(stage)
    before = stage.shop.balance("ana")
    page = client.get(f"{HOME}rewards/").text
    request = re.search(r'name="request" value="([0-9a-f-]{36})"', page)[1]

    got = [client.submit(f"{HOME}rewards/cafe-gratis/get/", {"request": request}) for _ in "12"]
    place = got[0].headers["location"]
    shown = client.get(place)

    assert place == got[1].headers["location"]
    assert "data-waits" in shown.text
    assert stage.shop.balance("ana") == before - 20
    assert client.get(place, headers={"accept": "application/json"}).json() == {"status": "held"}
    client.submit(f"{place}cancel/")
    assert stage.shop.balance("ana") == before
    told = client.get(place, headers={"accept": "application/json"}).json()
    assert told == {"status": "cancelled"}


def test_a_reward_that_is_set_aside_is_taken_at_the_till_and_seen_so(stage, letters):
    client = signed_in(stage)
    page = client.get(f"{HOME}rewards/").text
    request = re.search(r'name="request" value="([0-9a-f-]{36})"', page)[1]
    place = client.submit(f"{HOME}rewards/cafe-gratis/get/", {"request": request}).headers[
        "location"
    ]
    redemption = place.rstrip("/").rsplit("/", 1)[1]

    assert stage.shop.http.post(f"/redemptions/{redemption}/use", json={}).status_code == 200

    told = client.get(place, headers={"accept": "application/json"}).json()
    assert told == {"status": "used"}


def test_nobody_sees_what_is_somebody_elses(stage, letters):
    ana = signed_in(stage)
    berta = signed_in(stage, "berta")
    page = ana.get(f"{HOME}rewards/").text
    request = re.search(r'name="request" value="([0-9a-f-]{36})"', page)[1]
    place = ana.submit(f"{HOME}rewards/cafe-gratis/get/", {"request": request}).headers["location"]

    assert berta.get(place).status_code == 404
    assert berta.submit(f"{place}cancel/").status_code == 404
    ana.submit(f"{place}cancel/")


def test_what_cannot_be_had_is_refused_in_words(stage, letters):
    client = signed_in(stage)
    told = {"request": "0197a3b2-0000-7000-8000-000000000001"}

    answer = client.submit(f"{HOME}rewards/tarjeta-20/get/", told)

    assert answer.headers["location"] == f"{HOME}rewards/"
    assert client.submit(f"{HOME}rewards/nothing/get/", told).status_code == 404


def test_consents_and_name_are_changed_and_a_birthday_only_told_once(stage, letters):
    client = signed_in(stage, "berta")

    client.submit(f"{HOME}me/consents/", {"consent-email": "on"})
    client.submit(f"{HOME}me/", {"name": "Berta Gil Ros", "birthday": "1985-02-28"})
    client.submit(f"{HOME}me/", {"name": "Berta Gil Ros", "birthday": "1999-09-09"})

    berta = stage.shop.http.get(f"/members/{stage.shop.members['berta']}").json()
    assert (berta["name"], berta["birthday"]) == ("Berta Gil Ros", "1985-02-28")
    assert berta["consents"] == {"email": True, "sms": False, "whatsapp": False}


def test_a_contact_is_added_once_it_is_shown_to_be_hers(stage, letters):
    client = signed_in(stage)
    client.submit(f"{HOME}me/contact/", {"contact": "ana.ruiz@example.com"})
    ana = f"/members/{stage.shop.members['ana']}"
    assert stage.shop.http.get(ana).json()["email"] == "ana@example.com"

    client.submit(f"{HOME}code/", {"code": code_for(letters, "ana.ruiz@example.com")})

    assert stage.shop.http.get(ana).json()["email"] == "ana.ruiz@example.com"
    stage.shop.http.patch(ana, json={"email": "ana@example.com"})


def test_own_data_is_all_that_is_known(stage, letters):
    client = signed_in(stage)
    client.submit(f"{HOME}me/consents/", {"consent-email": "on"})

    told = client.get(f"{HOME}me/data.json").json()

    assert told["member"]["email"] == "ana@example.com"
    assert told["balances"]["points"]["available"] == stage.shop.balance("ana")
    told_before = told["member"]["consents_told"]
    assert ("email", True) in {(each["name"], each["given"]) for each in told_before}
    assert {"movements", "redemptions", "gift_cards", "tier"} <= set(told)


def test_signing_out_ends_the_session_here_and_elsewhere(stage, letters):
    phone, laptop = signed_in(stage), signed_in(stage)

    phone.submit(f"{HOME}sign-out/")
    assert phone.get(f"{HOME}card/").status_code == 302
    assert laptop.get(f"{HOME}card/").status_code == 200
    laptop.submit(f"{HOME}me/devices/end/")
    assert laptop.get(f"{HOME}card/").status_code == 302


def test_leaving_erases_whoever_is_sure(stage, letters):
    client = guest(stage)
    ask_for_code(client, "hana@example.com")
    client.submit(f"{HOME}code/", {"code": code_for(letters, "hana@example.com")})
    client.submit(f"{HOME}about-you/", {"name": "Hana"})

    assert client.submit(f"{HOME}me/leave/").status_code == 422
    answer = client.submit(f"{HOME}me/leave/", {"sure": "on"})

    assert answer.headers["location"] == f"{HOME}join/"
    assert client.get(f"{HOME}card/").status_code == 302
    found = stage.shop.http.get("/members", params={"email": "hana@example.com"}).json()
    assert found["data"] == []


def test_a_form_from_elsewhere_is_refused(stage, letters):
    client = signed_in(stage)

    answer = client.post(f"{HOME}me/leave/", data={"sure": "on"})

    assert answer.status_code == 403


def test_every_page_answers_in_both_languages_with_few_statements(stage, letters):
    for language in ("es", "en"):
        client = signed_in(stage, language=language)
        for path in ("", "card/", "rewards/", "wallet/", "me/", "history/", "why/", "friends/"):
            with stage.queries() as asked:
                page = client.get(f"{HOME}{path}")
            assert page.status_code == 200, path
            assert f'lang="{language}"' in page.text
            assert asked.count < 20, (path, asked.statements)


def test_lists_of_one_and_of_three_take_as_many_statements(stage):
    for name, count in (("karl", 1), ("lena", 3)):
        stage.shop.enrols(name)
        for _ in range(count):
            stage.shop.sells("60.00", to=name)
            told = {"member": stage.shop.members[name], "reward": "cafe-gratis"}
            assert stage.shop.http.post("/redemptions", json=told).status_code == 201

    def asked(name):
        client, found = signed_in(stage, name), {}
        for path in ("", "rewards/", "wallet/", "history/", "why/"):
            client.get(f"{HOME}{path}")
            with stage.queries() as queries:
                client.get(f"{HOME}{path}")
            found[path] = queries.count
        return found

    assert asked("karl") == asked("lena")


def test_a_phone_can_install_the_page(stage):
    client = guest(stage)

    told = client.get(f"{HOME}manifest.webmanifest")
    worker = client.get(f"{HOME}sw.js")
    icons = [client.get(icon["src"]) for icon in told.json()["icons"]]

    assert told.headers["content-type"] == "application/manifest+json"
    assert (told.json()["name"], told.json()["scope"]) == ("Café Sol", HOME)
    assert [icon.headers["content-type"] for icon in icons] == ["image/png"] * 2
    assert worker.headers["service-worker-allowed"] == HOME
    assert "__" not in worker.text
    assert client.get(f"{HOME}logo").headers["content-type"] == "image/png"


def test_a_code_comes_by_text_message_where_a_gateway_is_set_up(stage, monkeypatch):
    with gateway_server() as (place, taken):
        monkeypatch.setenv("FIEL_SMS_URL", f"http://{place}/send")
        client = guest(stage)
        assert "mobile" in client.get(HOME).text.lower()
        assert ask_for_code(client, "600 111 222").status_code == 302

        [(_, _, body)] = taken
        told = json.loads(body)
        code = re.match(r"\d{6}", told["text"])[0]
        answer = client.submit(f"{HOME}code/", {"code": code})

    assert told["to"] == "+34600111222"
    assert told["text"].endswith(f"@127.0.0.1 #{code}")  # phones fill it in by themselves
    assert answer.headers["location"] == HOME
    assert "Hello, Ana" in client.get(HOME).text


def test_a_gateway_that_is_away_is_said_and_nobody_is_let_in(stage, monkeypatch):
    with gateway_server(500) as (place, _):
        monkeypatch.setenv("FIEL_SMS_URL", f"http://{place}/send")
        client = guest(stage)

        answer = ask_for_code(client, "600 111 333")

    assert answer.status_code == 503
    assert "could not be sent" in answer.text


def test_a_sandbox_shows_the_code_and_sends_nothing(databases):
    with staged(databases.new(), sandbox=True) as stage:
        client = guest(stage)
        ask_for_code(client, "+34600111222")

        code = re.search(r"Your code is (\d{6})", client.get(f"{HOME}code/").text)[1]

        answer = client.submit(f"{HOME}code/", {"code": code})
        assert answer.headers["location"] == HOME
