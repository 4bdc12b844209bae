"""What `fiel up` says to whoever starts a server on which nobody has an account yet."""

from __future__ import annotations

import psycopg

from fiel.domain.language import N_, say
from fiel.platform.folders import secret_key
from fiel.platform.settings.outside import public_url
from fiel.staff.first_run import first_run_token

_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - what is listened on, told to a person


def first_account_notice(url: str, *, host: str, port: int, language: str) -> str | None:
    """Where to make the first account; None when there is one."""
    with psycopg.connect(url) as owner:
        row = owner.execute("SELECT EXISTS (SELECT FROM staff_user)").fetchone()
    if row is None or row[0]:
        return None
    name = "localhost" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    base = public_url() or f"http://{name}:{port}"
    link = f"{base}/start/?token={first_run_token(secret_key())}"
    return say(
        language, N_("Nobody has an account yet. Make the first one here: {link}"), link=link
    )
