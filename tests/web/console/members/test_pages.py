"""The pages about members over HTTP: who finds whom, who may what, and what is written."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from tests.web.stage import Client, Stage


def _member(stage: Stage, name: str, path: str = "") -> str:
    return f"/console/{stage.slug}/members/{stage.shop.members[name]}/{path}"


def _console(stage: Stage, path: str) -> str:
    return f"/console/{stage.slug}/{path}"


def _audited(stage: Stage, action: str) -> list[str]:
    with psycopg.connect(stage.database_url) as owner:
        rows = owner.execute(
            "SELECT about FROM audit_entry WHERE action = %s ORDER BY id", [action]
        ).fetchall()
    return [row[0] for row in rows]


def _once(client: Client, path: str) -> str:
    """The request id that a form carries, so that it is made once."""
    text = client.get(path).text
    return text.partition('name="request_id" value="')[2][:36]


def _twice(client: Client, path: str, shown_at: str, **told: str) -> httpx.Response:
    """Send a form twice, as an impatient finger does: both are answered the same."""
    form = {"request_id": _once(client, shown_at), **told}
    first, again = (client.submit(path, form) for _ in range(2))
    assert (first.status_code, first.headers["location"]) == (302, again.headers["location"])
    told_after = client.get(first.headers["location"]).text
    assert (told_after.count("alert-success"), "alert-warning" in told_after) == (2, False)
    return first


@pytest.mark.parametrize("typed", ["ana", "Ruiz", "600 111 222", "ana@ex", "1222"])
def test_typing_finds_a_member(stage: Stage, typed: str) -> None:
    answer = stage.client().get(
        _console(stage, "members/"), params={"q": typed}, headers={"hx-request": "true"}
    )

    assert answer.status_code == 200
    assert ("Ana Ruiz" in answer.text, "Berta Gil" in answer.text) == (True, False)
    assert "<html" not in answer.text


def test_the_list_narrows_and_sorts(stage: Stage) -> None:
    client = stage.client()
    found = client.get(_console(stage, "members/"), params={"sort": "-spend"}).text
    narrowed = client.get(_console(stage, "members/"), params={"store": "nowhere"}).text

    assert found.index("Ana Ruiz") < found.index("Berta Gil")
    assert "Ana Ruiz" not in narrowed


def test_a_file_of_members_is_for_whoever_may_export(stage: Stage) -> None:
    path = _console(stage, "members/")
    exported = stage.client("owner").get(path, params={"format": "csv"})
    refused = stage.client("support").get(path, params={"format": "csv"})

    assert exported.headers["content-type"].startswith("text/csv")
    assert "Ana Ruiz" in exported.text
    assert (refused.status_code, "Ana Ruiz" in refused.text) == (403, False)


@pytest.mark.parametrize(
    "part", ["", "timeline/", "timeline/?show=tiers", "belongings/", "people/", "outlook/",
             "change/", "adjust/", "redeem/", "merge/", "erase/", "manager/"],
)  # fmt: skip
def test_every_page_of_a_member_opens(stage: Stage, part: str) -> None:
    answer = stage.client().get(_member(stage, "ana", part))

    assert answer.status_code == 200, answer.text[:2000]


@pytest.mark.parametrize("part", ["", "timeline/", "belongings/", "people/", "adjust/", "merge/"])
def test_a_member_who_is_not_there_has_no_page(stage: Stage, part: str) -> None:
    path = _console(stage, f"members/{UUID(int=9)}/{part}")

    assert stage.client().get(path).status_code == 404


@pytest.mark.parametrize("role", ["finance", "cashier"])
def test_who_may_not_see_members_sees_none(stage: Stage, role: str) -> None:
    for path in (
        _console(stage, "members/"),
        _member(stage, "ana"),
        _member(stage, "ana", "people/"),
    ):
        answer = stage.client(role).get(path)
        assert (answer.status_code, "Ana Ruiz" in answer.text) == (403, False)


@pytest.mark.parametrize(
    ("role", "part"),
    [("marketer", "change/"), ("marketer", "adjust/"), ("marketer", "merge/"),
     ("manager", "erase/"), ("marketer", "redeem/")],
)  # fmt: skip
def test_who_may_see_may_not_do_everything(stage: Stage, role: str, part: str) -> None:
    client = stage.client(role)

    assert client.get(_member(stage, "ana", part)).status_code == 403
    assert client.submit(_member(stage, "ana", part), {"points": "1"}).status_code == 403


def test_somebody_is_enrolled_and_found(stage: Stage) -> None:
    client = stage.client("support")
    path = _console(stage, "members/new/")
    told = {"request_id": _once(client, path), "name": "Diana Sanz", "phone": "600 999 888",
            "consent_email": "on"}  # fmt: skip

    answer = client.submit(path, told)
    again = client.submit(path, told | {"request_id": _once(client, path)})

    assert answer.status_code == 302
    page = client.get(answer.headers["location"]).text
    assert "+34600999888" in page
    assert "E-mails: yes" in page
    assert (again.status_code, "Look at that member" in again.text) == (422, True)
    assert "with this phone is" in again.text
    assert _audited(stage, "member.enrolled")


def test_what_is_wrong_stands_beside_what_was_typed(stage: Stage) -> None:
    client = stage.client()
    path = _console(stage, "members/new/")
    answer = client.submit(
        path, {"request_id": _once(client, path), "name": "Eva", "phone": "123", "email": "eva"}
    )

    assert answer.status_code == 422
    assert 'value="Eva"' in answer.text
    assert answer.text.count("invalid-feedback") == 2


def test_facts_are_changed_and_forgotten(stage: Stage) -> None:
    client = stage.client()
    told = {"name": "Berta Gil", "email": "berta@example.com", "attributes": "favourite = latte",
            "external_id": "berta", "consent_sms": "on"}  # fmt: skip
    told["request_id"] = _once(client, _member(stage, "berta", "change/"))

    assert client.submit(_member(stage, "berta", "change/"), told).status_code == 302

    changed = stage.shop.http.get(f"/members/{stage.shop.members['berta']}").json()
    assert changed["phone"] is None
    assert changed["attributes"] == {"favourite": "latte"}
    assert changed["consents"]["sms"] is True


def test_points_are_given_once_with_a_reason(stage: Stage) -> None:
    client = stage.client("support")
    path = _member(stage, "carla", "adjust/")
    told = {"request_id": _once(client, path), "direction": "give", "points": "25",
            "unit": "points", "reason": "She waited long"}  # fmt: skip
    before = stage.shop.balance("carla")

    answers = [client.submit(path, told).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert stage.shop.balance("carla") == before + 25
    assert "She waited long" in client.get(_member(stage, "carla", "timeline/")).text


def test_more_than_there_is_cannot_be_taken(stage: Stage) -> None:
    client = stage.client()
    path = _member(stage, "carla", "adjust/")
    told = {"request_id": _once(client, path), "direction": "take", "points": "99999",
            "unit": "points", "reason": "Mistake"}  # fmt: skip

    answer = client.submit(path, told)

    assert (answer.status_code, 'value="99999"' in answer.text) == (422, True)


def test_beyond_the_limit_of_a_role_another_person_is_asked(stage: Stage) -> None:
    with psycopg.connect(stage.database_url) as owner:
        owner.execute(
            "INSERT INTO staff_policy (program_id, second_factor, limits, changed_at) "
            "VALUES (%s, false, %s, now()) ON CONFLICT (program_id) DO UPDATE "
            "SET limits = excluded.limits",
            [stage.shop.program_id, json.dumps({"support": {"points": 30}})],
        )
    client, before = stage.client("support"), stage.shop.balance("carla")
    path = _member(stage, "carla", "adjust/")
    told = {"request_id": _once(client, path), "direction": "give", "points": "31",
            "unit": "points", "reason": "A large gift"}  # fmt: skip

    assert client.submit(path, told).status_code == 302

    assert stage.shop.balance("carla") == before
    with psycopg.connect(stage.database_url) as owner:
        [waiting] = owner.execute(
            "SELECT points, reason, state FROM approval WHERE about = %s",
            [f"member:{stage.shop.members['carla']}"],
        ).fetchall()
    assert waiting == (31, "A large gift", "waiting")


def test_a_reward_is_redeemed_and_the_redemption_cancelled(stage: Stage) -> None:
    client, before = stage.client("manager"), stage.shop.balance("ana")
    path = _member(stage, "ana", "redeem/")
    told = {"request_id": _once(client, path), "reward": "cafe-gratis", "quantity": "1"}

    redeemed = client.submit(path, told)
    assert redeemed.status_code == 302, redeemed.text[:500]
    assert stage.shop.balance("ana") == before - 20
    page = client.get(redeemed.headers["location"])
    assert page.status_code == 200

    _twice(client, redeemed.headers["location"] + "cancel/", redeemed.headers["location"])
    assert stage.shop.balance("ana") == before
    assert _audited(stage, "redemption.cancelled") == [f"member:{stage.shop.members['ana']}"]


def test_a_reward_that_cannot_be_had_is_refused_in_words(stage: Stage) -> None:
    client = stage.client()
    path = _member(stage, "berta", "redeem/")

    answer = client.submit(path, {"request_id": str(uuid4()), "reward": "dto-5", "quantity": "1"})

    assert (answer.status_code, "alert-danger" in answer.text) == (422, True)


def test_a_purchase_tells_its_lines_and_goods_come_back(stage: Stage) -> None:
    sold = stage.shop.http.post(
        "/sales",
        json={"external_id": "S-77", "member": stage.shop.members["carla"], "store": "centro",
              "lines": [{"name": "Capuchino", "sku": "CAP-01", "quantity": 2,
                         "unit_price": "3.00"},
                        {"name": "Tarta", "quantity": 1, "unit_price": "4.00"}]},
    ).json()  # fmt: skip
    client = stage.client("manager")
    path = _console(stage, f"members/sales/{sold['id']}/")
    page = client.get(path)
    assert ("Capuchino" in page.text, "S-77" in page.text) == (True, True)

    told = {"request_id": _once(client, path + "return/"), "way": "lines", "line-1": "1",
            "reason": "Cold"}  # fmt: skip
    assert client.submit(path + "return/", told).status_code == 302

    after = stage.shop.http.get(f"/sales/{sold['id']}").json()
    assert (after["status"], after["returns"][0]["gross"]) == ("partly_returned", "3.00")
    assert "Cold" in client.get(path).text


def test_whoever_sees_one_store_sees_no_sale_of_another(stage: Stage) -> None:
    sold = stage.shop.sells("5.00", to="berta", store="norte")
    with psycopg.connect(stage.database_url) as owner:
        owner.execute("UPDATE staff_membership SET stores = '{centro}' WHERE role = 'manager'")
    try:
        client = stage.client("manager")
        page = client.get(_console(stage, f"members/sales/{sold['id']}/"))
        timeline = client.get(_member(stage, "berta", "timeline/")).text
    finally:
        with psycopg.connect(stage.database_url) as owner:
            owner.execute("UPDATE staff_membership SET stores = '{}' WHERE role = 'manager'")

    assert page.status_code == 404
    assert (sold["external_id"] in timeline, "norte" in timeline) == (False, False)


def test_a_merge_is_looked_at_made_and_undone(stage: Stage) -> None:
    anita = stage.shop.enrols("anita", name="Anita Ruiz", phone="+34600777666")
    stage.shop.sells("7.00", to="anita")
    client = stage.client("support")
    found = client.get(_member(stage, "anita", "merge/"), params={"q": "berta"}).text
    assert "Berta Gil" in found
    path = _member(stage, "anita", f"merge/{stage.shop.members['berta']}/")
    berta, points = stage.shop.balance("berta"), stage.shop.balance("anita")

    preview = client.get(path).text
    assert f"{berta + points} points" in preview
    assert stage.shop.balance("berta") == berta

    merged = _twice(client, path, path)
    assert merged.headers["location"].endswith(f"{stage.shop.members['berta']}/")
    assert stage.shop.balance("berta") == berta + points
    assert (
        client.get(_member(stage, "anita"))
        .headers["location"]
        .endswith(f"{stage.shop.members['berta']}/")
    )
    assert "Anita Ruiz" in client.get(_member(stage, "berta", "people/")).text

    _twice(client, _member(stage, "anita", "unmerge/"), _member(stage, "berta", "people/"))
    assert (stage.shop.balance("berta"), stage.shop.balance("anita")) == (berta, points)
    assert _audited(stage, "member.merged") == [f"member:{stage.shop.members['berta']}"]
    assert _audited(stage, "member.unmerged") == [f"member:{anita}"]


def test_notes_and_an_account_manager_stand_on_the_page(stage: Stage) -> None:
    client = stage.client("support")
    assert (
        client.submit(_member(stage, "ana", "notes/"), {"text": "Likes oat milk"}).status_code
        == 302
    )
    owner = str(stage.users["owner"])  # type: ignore[index]
    assert client.submit(_member(stage, "ana", "manager/"), {"user": owner}).status_code == 302

    page = client.get(_member(stage, "ana")).text
    assert ("Likes oat milk" in page, "Owner" in page) == (True, True)
    empty = client.submit(_member(stage, "ana", "notes/"), {"text": " "})
    assert (empty.status_code, "invalid-feedback" in empty.text) == (422, True)


def test_all_that_is_known_of_a_person_can_be_taken_along(stage: Stage) -> None:
    answer = stage.client("owner").submit(_member(stage, "ana", "export/"))

    told = answer.json()
    assert told["person"]["phone"] == "+34600111222"
    assert {each["kind"] for each in told["activities"]} >= {"enrolment", "sale"}
    sale = next(each for each in told["activities"] if each["kind"] == "sale")
    assert sale["told"]["lines"]
    assert told["balances"]["points"]["available"] == stage.shop.balance("ana")
    assert "ana" not in answer.headers["content-disposition"].lower().replace("attachment", "")
    assert stage.client("support").submit(_member(stage, "ana", "export/")).status_code == 403


def test_erasing_takes_the_word_that_says_so(stage: Stage) -> None:
    stage.shop.enrols("elena", name="Elena Vega", email="elena@example.com")
    with psycopg.connect(stage.database_url) as owner:
        owner.execute(
            "INSERT INTO approval (program_id, id, about, content, unit, points, reason, asked_by,"
            " asked_by_name, asked_at, state) VALUES (%s, gen_random_uuid(), %s, %s, 'points', 1,"
            " 'Elena asked', %s, 'Owner', now(), 'waiting')",
            [stage.shop.program_id, f"member:{stage.shop.members['elena']}",
             json.dumps({"reason": "Elena asked"}), stage.users["owner"]],  # type: ignore[index]
        )  # fmt: skip
    client = stage.client("support")
    path = _member(stage, "elena", "erase/")

    assert client.submit(path, {"typed": "yes"}).status_code == 422
    assert "Elena Vega" in client.get(_member(stage, "elena")).text

    _twice(client, path, path, typed="erase")
    assert _audited(stage, "member.erased") == [f"member:{stage.shop.members['elena']}"]
    with psycopg.connect(stage.database_url) as owner:
        kept = owner.execute("SELECT a::text FROM approval a").fetchall()
    assert not any("Elena" in row for (row,) in kept)
    gone = client.get(_member(stage, "elena"))
    assert (gone.status_code, "Elena" in gone.text) == (200, False)
    assert "Elena" not in client.get(
        _console(stage, "members/"), params={"q": "elena"}
    ).text.replace('value="elena"', "")


def test_a_tier_that_was_reached_says_what_it_took(stage: Stage) -> None:
    stage.shop.enrols("olga", name="Olga Prat")
    stage.shop.sells("320.00", to="olga", store="centro")
    told = stage.client().get(_member(stage, "olga", "timeline/?show=tiers")).text

    assert "From bronce to plata." in told
    assert "It takes €300.00" in told


def test_earlier_things_come_a_page_at_a_time(stage: Stage) -> None:
    stage.shop.enrols("pia", name="Pía Roca")
    for _ in range(16):
        stage.shop.sells("1.00", to="pia", store="centro")
    client = stage.client()
    first = client.get(_member(stage, "pia", "timeline/")).text
    address = first.partition('id="more"')[2].partition('hx-get="')[2].partition('"')[0]
    second = client.get(address.replace("&amp;", "&")).text

    pages = [text.count('class="list-group-item"') for text in (first, second)]
    assert pages == [15, 2]
    assert 'id="more"' not in second
