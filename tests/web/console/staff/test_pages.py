"""People, keys, approvals and the audit trail, as pages over real HTTP."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest

from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.platform.database import open_database
from fiel.staff.approvals import ApprovalKind, Asker, Wanted, ask_for
from fiel.staff.keys import key_hash
from fiel.staff.roles import Role
from tests.web.stage import Stage

BASE = "/console/cafe-sol"


@pytest.fixture(autouse=True)
def _as_before(stage: Stage) -> None:
    """What a test changed of the staff's rules does not hold for the next."""
    with psycopg.connect(stage.database_url) as owner:
        owner.execute("DELETE FROM staff_policy")
        owner.execute("DELETE FROM approval")


def asked_for(stage: Stage, points: int, by: Role = Role.SUPPORT, member: str = "ana") -> UUID:
    """An adjustment that waits, as the member's page asks for it."""
    id_ = new_id()
    content = {"member": {"id": stage.shop.members[member]}, "points": points, "reason": "sorry"}

    async def ask() -> UUID:
        async with (
            open_database(stage.database_url, connections=1) as database,
            database.connection() as connection,
            program_transaction(connection, stage.shop.program_id),
        ):
            await ask_for(
                connection, stage.shop.program_id,
                Wanted(
                    ApprovalKind.ADJUSTMENT, f"member:{stage.shop.members[member]}", content,
                    "points", points, "sorry",
                ),
                request_id=id_, asked_by=Asker(stage.users[by], str(by)), now=datetime.now(UTC),
            )  # fmt: skip
            return id_

    with ThreadPoolExecutor() as another_thread:
        return another_thread.submit(asyncio.run, ask()).result()


def state_of(stage: Stage, approval: UUID) -> str:
    with psycopg.connect(stage.database_url) as owner:
        (state,) = owner.execute("SELECT state FROM approval WHERE id = %s", [approval]).fetchone()
    return state


def test_who_is_invited_gets_a_link_that_is_shown_once(stage: Stage) -> None:
    client = stage.client("owner")

    page = client.submit(
        f"{BASE}/staff/invite/", {"email": "nueva@example.com", "role": "manager", "stores": "sur"}
    )
    (link,) = re.findall(r'value="(http[^"]*/accounts/invitation/[^"]+)"', page.text)
    listed = client.get(f"{BASE}/staff/").text

    assert stage.client(None).get(link).status_code == 200
    assert "nueva@example.com" in listed
    assert link.split("/")[-2] not in listed
    (withdrawing,) = re.findall(rf"{BASE}/staff/invitations/[^/]+/", listed)
    client.submit(withdrawing)
    assert stage.client(None).get(link).status_code == 410


def test_what_is_no_address_is_said_beside_its_field_and_kept(stage: Stage) -> None:
    page = stage.client("owner").submit(
        f"{BASE}/staff/invite/", {"email": "nueva", "role": "manager", "stores": "norte"}
    )

    assert page.status_code == 200
    assert "id_email_error" in page.text
    assert 'value="norte"' in page.text


def test_stores_are_chosen_from_those_that_are_known_or_named_anew(stage: Stage) -> None:
    owner, person = stage.client("owner"), stage.users[Role.SUPPORT]
    path, part = f"{BASE}/staff/{person}/", f"{BASE}/staff/stores/"
    owner.submit(path, {"role": "support", "stores": ["sur", " Calle  Mayor, 3 ", "sur", ""]})

    def offered(text: str) -> list[tuple[str, bool]]:
        boxes = re.findall(r'name="stores" value="([^"]+)"( checked)?', text)
        return [(name, bool(checked)) for name, checked in boxes]

    assert offered(owner.get(path).text) == [("Calle Mayor, 3", True), ("sur", True)]
    assert offered(owner.get(f"{BASE}/staff/invite/").text) == [
        ("Calle Mayor, 3", False), ("sur", False),
    ]  # fmt: skip
    found = owner.get(part, params={"q": "MAYOR", "stores": "sur"}).text
    assert offered(found) == [("sur", True), ("Calle Mayor, 3", False), ("MAYOR", False)]
    assert offered(owner.get(part, params={"q": "norte"}).text) == [("norte", False)]
    assert stage.client("support").get(part).status_code == 403

    long = owner.submit(path, {"role": "support", "stores": "x" * 101})
    assert "invalid-feedback" in long.text
    owner.submit(path, {"role": "support"})
    assert not any(checked for _name, checked in offered(owner.get(path).text))


def test_the_last_owner_is_told_why_she_stays(stage: Stage) -> None:
    client, owner = stage.client("owner"), stage.users[Role.OWNER]

    page = client.submit(f"{BASE}/staff/{owner}/", {"role": "finance", "stores": ""})
    client.submit(f"{BASE}/staff/{owner}/remove/")

    assert "only owner" in page.text
    assert client.get(f"{BASE}/staff/").status_code == 200


def test_who_changes_role_has_its_rights_at_once_and_the_trail_tells(stage: Stage) -> None:
    owner, marketer = stage.client("owner"), stage.client("marketer")
    path = f"{BASE}/staff/{stage.users[Role.MARKETER]}/"
    assert marketer.get(f"{BASE}/audit/").status_code == 403

    owner.submit(path, {"role": "finance", "stores": "centro"})
    assert marketer.get(f"{BASE}/audit/").status_code == 200
    owner.submit(path, {"role": "marketer", "stores": ""})

    assert marketer.get(f"{BASE}/audit/").status_code == 403
    trail = owner.get(f"{BASE}/audit/?action=staff.changed").text
    assert "marketer@cafe-sol.example" in trail


def test_a_key_is_shown_once_works_tells_its_use_and_is_revoked(stage: Stage) -> None:
    client = stage.client("owner")

    made = client.submit(f"{BASE}/keys/new/", {"name": "Web shop", "scopes": ["read"]})
    (secret,) = re.findall(r'value="(fiel_[^"]+)"', made.text)
    api = {"authorization": f"Bearer {secret}"}
    assert client.get("/v1/program", headers=api).status_code == 200
    listed = client.get(f"{BASE}/keys/").text
    (revoking,) = [
        path for path in re.findall(rf"{BASE}/keys/[^/]+/revoke/", listed)
        if _key_id(stage, secret) in path
    ]  # fmt: skip
    client.submit(revoking)

    assert made.headers["cache-control"] == "no-store"
    assert secret not in listed
    with psycopg.connect(stage.database_url) as owner:
        used, revoked = owner.execute(
            "SELECT last_used_at, revoked_at FROM api_key WHERE hash = %s", [key_hash(secret)]
        ).fetchone()
    assert used is not None
    assert revoked is not None


def _key_id(stage: Stage, secret: str) -> str:
    with psycopg.connect(stage.database_url) as owner:
        (id_,) = owner.execute(
            "SELECT id FROM api_key WHERE hash = %s", [key_hash(secret)]
        ).fetchone()
    return str(id_)


def test_a_key_without_scopes_is_not_made(stage: Stage) -> None:
    page = stage.client("owner").submit(f"{BASE}/keys/new/", {"name": "nothing"})

    assert "fiel_" not in re.sub(r"fiel_[a-z]+\.", "", page.text)


def test_what_another_approves_is_booked_once(stage: Stage) -> None:
    before = stage.shop.balance("ana")
    approval = asked_for(stage, 5000)
    manager = stage.client("manager")

    first = manager.submit(f"{BASE}/approvals/{approval}/approve/")
    manager.submit(f"{BASE}/approvals/{approval}/approve/")

    assert first.status_code == 302
    assert (stage.shop.balance("ana") - before, state_of(stage, approval)) == (5000, "done")


def test_nobody_approves_her_own_and_a_role_without_the_right_none(stage: Stage) -> None:
    before = stage.shop.balance("ana")
    own, anothers = asked_for(stage, 700, by=Role.MANAGER), asked_for(stage, 700, by=Role.OWNER)

    stage.client("manager").submit(f"{BASE}/approvals/{own}/approve/")
    denied = stage.client("support").submit(f"{BASE}/approvals/{anothers}/approve/")

    assert denied.status_code == 403
    assert [state_of(stage, each) for each in (own, anothers)] == ["waiting", "waiting"]
    assert stage.shop.balance("ana") == before


def test_who_asked_sees_her_own_and_takes_it_back(stage: Stage) -> None:
    own, anothers = asked_for(stage, 700), asked_for(stage, 800, by=Role.OWNER)
    support = stage.client("support")

    page = support.get(f"{BASE}/approvals/").text
    support.submit(f"{BASE}/approvals/{own}/refuse/", {"note": "not needed"})
    denied = support.submit(f"{BASE}/approvals/{anothers}/refuse/")

    assert (str(own) in page, str(anothers) in page) == (True, False)
    assert (state_of(stage, own), denied.status_code) == ("refused", 403)


def test_what_cannot_be_booked_any_more_ends_as_failed(stage: Stage) -> None:
    approval = asked_for(stage, -1_000_000, member="berta")

    stage.client("owner").submit(f"{BASE}/approvals/{approval}/approve/")

    assert state_of(stage, approval) == "failed"


def test_where_a_second_factor_is_asked_for_nobody_goes_on_without(stage: Stage) -> None:
    owner = stage.client("owner")
    with psycopg.connect(stage.database_url) as connection:
        connection.execute(
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at) "
            "VALUES (%s, 'totp', '{}', now())",
            [stage.users[Role.OWNER]],
        )

    owner.submit(f"{BASE}/staff/rules/", {"second_factor": "on", "support-points": "500"})
    held = stage.client("support").get(f"{BASE}/approvals/")
    part = stage.client("support").get(f"{BASE}/approvals/", headers={"hx-request": "true"})

    assert held.headers["location"] == "/accounts/2fa/?required=1"
    assert part.headers["hx-redirect"] == "/accounts/2fa/?required=1"
    assert owner.get(f"{BASE}/staff/rules/").status_code == 200
    with psycopg.connect(stage.database_url) as connection:
        (limits,) = connection.execute("SELECT limits FROM staff_policy").fetchone()
        connection.execute("DELETE FROM mfa_authenticator")
    assert limits == {"support": {"points": 500}}


def test_a_limit_below_nothing_is_refused(stage: Stage) -> None:
    page = stage.client("owner").submit(f"{BASE}/staff/rules/", {"support-points": "-1"})

    assert "id_support-points_error" in page.text


def test_the_trail_is_found_by_person_action_object_and_time_and_as_a_file(stage: Stage) -> None:
    client = stage.client("owner")
    client.submit(f"{BASE}/keys/new/", {"name": "Trail", "scopes": ["read"]})

    def found(query: str) -> list[list[str]]:
        answer = client.get(f"{BASE}/audit/?format=csv&{query}")
        return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))[1:]

    assert all(row[1] == "Owner" for row in found("person=owner"))
    assert {row[2] for row in found("action=key")} <= {"key.created", "key.revoked"}
    assert [row[2] for row in found("about=Trail")] == ["key.created"]
    assert found("to=2020-01-01") == []
    assert found("from=2020-01-01&person=owner")
    assert client.get(f"{BASE}/audit/?from=nonsense&page=99999999").status_code == 200
    # The page says in words what the file has in codes.
    told = client.get(f"{BASE}/audit/?about=Trail").text.split("<tbody>")[1]
    assert ("API key ·" in told, "Reads" in told, "scopes" in told) == (True, True, False)


def test_the_matrix_says_what_the_rules_say(stage: Stage) -> None:
    page = stage.client("owner").get(f"{BASE}/staff/rights/").text
    row = re.search(r"Approve large adjustments</th>(.*?)</tr>", page, re.DOTALL)

    assert re.findall(r'hidden">(yes|no)<', row[1]) == ["yes", "no", "yes", "no", "no", "no"]


def test_a_list_takes_as_many_statements_for_one_row_as_for_three(stage: Stage) -> None:
    client = stage.client("owner")
    for path in ("staff/", "keys/", "approvals/", "audit/"):
        client.get(f"{BASE}/{path}")  # what is read once for all pages is read now
        with stage.queries() as few:
            client.get(f"{BASE}/{path}")
        for _ in range(2):
            asked_for(stage, 10)
            client.submit(f"{BASE}/keys/new/", {"name": "more", "scopes": ["read"]})
        client.get(f"{BASE}/{path}")
        with stage.queries() as more:
            client.get(f"{BASE}/{path}")
        assert few.count == more.count < 20
