"""Signing in, a forgotten password and invitations, over real HTTP with real letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from django.test import override_settings

from fiel.staff.invitations import secret_hash
from tests.support.letterbox import Letterbox, links_in, mail_server, text_of
from tests.web.stage import PASSWORD, Client, Stage

OWNER = "owner@cafe-sol.example"
WRONG = "una-clave-que-no-es"


@pytest.fixture(autouse=True)
def _fresh_counters(stage: Stage) -> None:
    """Attempts of other tests do not count."""
    with psycopg.connect(stage.database_url) as owner:
        owner.execute("DELETE FROM django_cache")


@pytest.fixture
def box(stage: Stage) -> Iterator[Letterbox]:
    """A mail server that the pages use, and the address that links in letters lead to."""
    with mail_server() as received:
        told = {"default": {"OPTIONS": {"host": "localhost", "port": received.port}}}
        with override_settings(
            MAILERS=told, MAIL_IS_SET_UP=True, PUBLIC_URL="https://fiel.example"
        ):
            yield received


def sign_in(client: Client, email: str, password: str, **more: str):
    return client.submit("/accounts/login/", {"login": email, "password": password, **more})


def shown(page: str) -> str:
    """A page without what differs each time: the token, and what was typed."""
    return re.sub(r'value="[^"]*"|data-csrf="[^"]*"', "", page)


def test_who_knows_the_password_comes_in_and_goes_on(stage: Stage) -> None:
    client = stage.client(None)

    answer = sign_in(client, OWNER, PASSWORD, next="/console/cafe-sol/members/")

    assert (answer.status_code, answer.headers["location"]) == (302, "/console/cafe-sol/members/")
    assert client.get("/accounts/").status_code == 200


def test_nobody_is_led_to_another_site(stage: Stage) -> None:
    answer = sign_in(stage.client(None), OWNER, PASSWORD, next="https://rival.example/")

    assert answer.headers["location"] == "/"


def test_a_wrong_password_and_no_account_are_answered_alike(stage: Stage) -> None:
    known = sign_in(stage.client(None), OWNER, WRONG)
    unknown = sign_in(stage.client(None), "nadie@cafe-sol.example", WRONG)

    assert known.status_code == unknown.status_code == 200
    assert shown(known.text) == shown(unknown.text)


def test_after_five_attempts_at_an_address_even_the_password_waits(stage: Stage) -> None:
    for email in (OWNER, "nadie@cafe-sol.example"):
        client = stage.client(None)
        for _ in range(5):
            sign_in(client, email, WRONG)
        late = sign_in(client, email, PASSWORD)

        assert late.status_code == 200
        assert "Too many attempts" in late.text


def test_attempts_are_counted_in_the_database_for_all_processes(stage: Stage) -> None:
    sign_in(stage.client(None), OWNER, WRONG)

    with psycopg.connect(stage.database_url) as owner:
        rows = owner.execute("SELECT cache_key FROM django_cache").fetchall()
    assert any("login_failed" in key for (key,) in rows)


def test_nobody_signs_up(stage: Stage) -> None:
    client = stage.client(None)
    told = {"email": "nueva@cafe-sol.example", "password1": PASSWORD}

    assert "invitation" in client.get("/accounts/signup/").text
    client.submit("/accounts/signup/", told)

    with psycopg.connect(stage.database_url) as owner:
        found = owner.execute("SELECT FROM staff_user WHERE email = %s", [told["email"]])
        assert found.rowcount == 0


def test_a_forgotten_password_is_chosen_anew_by_a_letter(stage: Stage, box: Letterbox) -> None:
    client, other = stage.client(None), stage.client("marketer")
    email, new = "marketer@cafe-sol.example", "otra-clave-muy-larga"

    # Whoever asks may claim any host: a letter leads to the configured one.
    client.submit(
        "/accounts/password/reset/", {"email": email}, headers={"x-forwarded-host": "rival.example"}
    )
    (link,) = links_in(box.letter_to(email))
    assert link.startswith("https://fiel.example/accounts/password/reset/key/")
    form = client.get(link.removeprefix("https://fiel.example"), follow_redirects=True)
    client.submit(form.url.path, {"password1": new})

    assert other.get("/accounts/").status_code == 302  # sessions that were open are not any more
    assert sign_in(stage.client(None), email, PASSWORD).status_code == 200
    assert sign_in(stage.client(None), email, new).status_code == 302
    again = stage.client(None).get(link.removeprefix("https://fiel.example"), follow_redirects=True)
    assert "does not work any more" in again.text


def test_asking_for_a_password_tells_nobody_who_has_an_account(
    stage: Stage, box: Letterbox
) -> None:
    answers = [
        stage.client(None).submit("/accounts/password/reset/", {"email": email})
        for email in ("finance@cafe-sol.example", "nadie@cafe-sol.example")
    ]

    assert [answer.headers["location"] for answer in answers] == [
        "/accounts/password/reset/done/"
    ] * 2
    box.letter_to("finance@cafe-sol.example")
    assert len(box.letters) == 1


def test_a_weak_password_is_refused_beside_its_field(stage: Stage) -> None:
    client = stage.client("support")
    sign_in_again(client, "support@cafe-sol.example")

    answer = client.submit(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "cafe"}
    )

    assert answer.status_code == 200
    assert "id_password1_error" in answer.text


def sign_in_again(client: Client, email: str) -> None:
    client.cookies.delete("sessionid")
    sign_in(client, email, PASSWORD)


def test_what_protects_an_account_asks_for_the_password_again(stage: Stage) -> None:
    client = stage.client("support")  # signed in, but not by a password a moment ago

    for path in ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/accounts/reauthenticate/" in answer.headers["location"]


def test_one_of_the_own_sessions_is_ended_and_nobody_elses(stage: Stage) -> None:
    here, there, berta = stage.client(None), stage.client(None), stage.client(None)
    sign_in(here, "manager@cafe-sol.example", PASSWORD)
    sign_in(there, "manager@cafe-sol.example", PASSWORD)
    sign_in(berta, OWNER, PASSWORD)
    page = here.get("/accounts/sessions/").text
    (ending,) = re.findall(r"/accounts/sessions/(\d+)/", page)

    assert berta.submit(f"/accounts/sessions/{ending}/").status_code == 404
    here.submit(f"/accounts/sessions/{ending}/")

    assert there.get("/accounts/").status_code == 302
    assert here.get("/accounts/").status_code == 200


def test_name_and_language_are_kept_and_the_language_spoken(stage: Stage) -> None:
    client = stage.client("finance", language="en")

    client.submit("/accounts/", {"name": "Carla Mora", "language": "es"})

    page = client.get("/accounts/").text
    assert '<html lang="es"' in page
    assert 'value="Carla Mora"' in page


def test_who_is_invited_makes_an_account_and_is_in(stage: Stage) -> None:
    secret = invited(stage, "nueva@example.com", "support")
    client = stage.client(None)

    page = client.get(f"/accounts/invitation/{secret}/")
    joined = client.submit(
        f"/accounts/invitation/{secret}/", {"name": "Nueva", "password1": "tres-tazas-de-te"}
    )

    assert "nueva@example.com" in page.text
    assert joined.headers["location"] == "/console/cafe-sol/"
    assert client.get("/accounts/").status_code == 200
    assert stage.client(None).get(f"/accounts/invitation/{secret}/").status_code == 410
    with psycopg.connect(stage.database_url) as owner:
        trail = owner.execute(
            "SELECT actor FROM audit_entry WHERE action = 'staff.joined'"
        ).fetchall()
    assert trail == [("Nueva",)]


def test_an_invitation_is_for_one_address_alone(stage: Stage) -> None:
    secret = invited(stage, "otra@example.com", "owner")
    client = stage.client("support")

    client.submit(f"/accounts/invitation/{secret}/", {"name": "x", "password1": PASSWORD})

    with psycopg.connect(stage.database_url) as owner:
        (role,) = owner.execute(
            "SELECT role FROM staff_membership JOIN staff_user ON id = user_id WHERE email = %s",
            ["support@cafe-sol.example"],
        ).fetchone()
    assert role == "support"


def test_a_letter_is_in_the_language_of_who_asked(stage: Stage, box: Letterbox) -> None:
    client = stage.client(None, language="en")

    client.submit("/accounts/password/reset/", {"email": "cashier@cafe-sol.example"})

    letter = box.letter_to("cashier@cafe-sol.example")
    assert letter["Subject"] == "Choose a new password"
    assert "four hours" in text_of(letter)


def invited(stage: Stage, email: str, role: str) -> str:
    """An invitation to the Café Sol; the secret of its link."""
    secret = f"secret-of-{email}"
    with psycopg.connect(stage.database_url) as owner:
        owner.execute(
            "INSERT INTO staff_invitation (id, program_id, email, role, hash, created_at, "
            "expires_at) VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, now() + interval '1 day')",
            [stage.shop.program_id, email, role, secret_hash(secret), datetime.now(UTC)],
        )
    return secret
