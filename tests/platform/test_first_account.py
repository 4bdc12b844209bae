"""Who starts a server is told where the first account is made, until there is one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fiel.platform.database import Database
from fiel.platform.first_account import first_account_notice
from fiel.platform.folders import secret_key
from fiel.staff.first_run import create_first_account, first_run_token, is_first_run_token

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "localhost"), ("::", "localhost"), ("::1", "[::1]")],
)
def test_the_address_names_the_machine_and_carries_the_token(
    database_url: str, host: str, shown: str
) -> None:
    said = first_account_notice(database_url, host=host, port=8000, language="en")
    assert said is not None
    assert said.split()[-1] == f"http://{shown}:8000/start/?token={first_run_token(secret_key())}"


@pytest.mark.anyio
async def test_nothing_is_told_once_there_is_an_account(
    database: Database, database_url: str
) -> None:
    for email in ("ana@cafe-sol.example", "berta@cafe-sol.example"):
        async with database.owner() as owner:
            made = await create_first_account(
                owner, email=email, name="Ana", password_hash="!", language="es", now=NOW
            )
        assert (made is not None) == email.startswith("ana")  # the second comes too late

    assert first_account_notice(database_url, host="::1", port=8000, language="en") is None


def test_a_token_is_of_one_server() -> None:
    token = first_run_token("one secret")
    assert is_first_run_token(f" {token.upper()} ", "one secret")
    assert not is_first_run_token(token, "another secret")
    assert not is_first_run_token("", "one secret")
    assert not is_first_run_token("ñ", "one secret")
