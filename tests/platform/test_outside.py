"""How the server is reached from outside decides how cookies travel and where letters lead."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import psycopg
import pytest

from fiel.platform.first_account import first_account_notice
from fiel.platform.folders import secret_key
from fiel.staff.first_run import is_first_run_token

ASKED = (
    "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "CSRF_TRUSTED_ORIGINS",
    "PUBLIC_URL", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "ALLOWED_HOSTS",
)  # fmt: skip


def settings_where(url: str) -> dict[str, object]:
    """What the settings of a new process are, with FIEL_URL as told."""
    names = f"[getattr(s, n) for n in {ASKED}]"
    code = f"import json, fiel.platform.settings as s; print(json.dumps({names}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "FIEL_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(ASKED, json.loads(done.stdout), strict=True))


def test_by_https_cookies_travel_by_nothing_else() -> None:
    told = settings_where("https://fiel.example/")

    assert told["SESSION_COOKIE_SECURE"] is told["CSRF_COOKIE_SECURE"] is True
    assert told["SECURE_HSTS_SECONDS"] == 30 * 24 * 60 * 60
    assert told["CSRF_TRUSTED_ORIGINS"] == ["https://fiel.example"]
    assert told["PUBLIC_URL"] == "https://fiel.example"


def test_on_ones_own_machine_cookies_travel_in_the_clear() -> None:
    told = settings_where("")

    assert told["SESSION_COOKIE_SECURE"] is told["CSRF_COOKIE_SECURE"] is False
    assert told["SECURE_HSTS_SECONDS"] == 0
    assert told["SESSION_COOKIE_HTTPONLY"] is told["CSRF_COOKIE_HTTPONLY"] is True


def test_whoever_starts_a_server_is_told_where_to_make_the_first_account(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FIEL_URL", raising=False)
    here = first_account_notice(database_url, host="0.0.0.0", port=8000, language="en")
    monkeypatch.setenv("FIEL_URL", "https://fiel.example")
    outside = first_account_notice(database_url, host="0.0.0.0", port=8000, language="en")

    assert here is not None
    assert outside is not None
    link, token = here.split()[-1].split("?token=")
    assert link == "http://localhost:8000/start/"
    assert is_first_run_token(token, secret_key())
    assert "https://fiel.example/start/?token=" in outside


def test_with_an_account_nobody_is_told_of_a_first(database_url: str) -> None:
    with psycopg.connect(database_url) as owner:
        owner.execute(
            "INSERT INTO staff_user (id, email, name, language, password, is_active, date_joined) "
            "VALUES (gen_random_uuid(), 'ana@example.com', '', '', '!', true, now())"
        )

    assert first_account_notice(database_url, host="127.0.0.1", port=1, language="en") is None
