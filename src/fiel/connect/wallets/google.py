"""A pass for Google Wallet: a link that saves it, and changes that are told to Google.

`FIEL_GOOGLE_ISSUER` is the issuer's number, `FIEL_GOOGLE_WALLET` names the service account's file
(JSON). A class stands for the program, an object for each member.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import google.auth.crypt
import google.auth.exceptions
import google.auth.jwt
import google.auth.transport
import httpcore
import orjson
from google.oauth2 import service_account

from fiel.connect.wallets.content import PassContent
from fiel.domain.language import N_

ISSUER_VARIABLE = "FIEL_GOOGLE_ISSUER"
ACCOUNT_VARIABLE = "FIEL_GOOGLE_WALLET"
API_VARIABLE = "FIEL_GOOGLE_WALLET_API"
API = "https://walletobjects.googleapis.com/walletobjects/v1"
SAVE = "https://pay.google.com/gp/v/save/"
SCOPE = "https://www.googleapis.com/auth/wallet_object.issuer"
SECONDS = 15.0


class GoogleTrouble(Exception):
    """What is set up cannot be used; the text says why, as a message id."""


class NotTold(Exception):
    """Google did not take a change; it is told again."""


@dataclass(frozen=True, slots=True)
class Account:
    """An issuer of passes, with the service account that speaks for it."""

    issuer: str
    told: Mapping[str, Any]
    api: str

    def save_link(self, content: PassContent, *, logo_url: str, origin: str) -> str:
        """A link by which a member keeps the pass; it brings class and object along."""
        signer = google.auth.crypt.RSASigner.from_service_account_info(self.told)  # type: ignore[no-untyped-call]
        claims = {
            "iss": self.told["client_email"],
            "aud": "google",
            "typ": "savetowallet",
            "iat": int(time.time()),
            "origins": [origin],
            "payload": {
                "loyaltyClasses": [self.class_of(content, logo_url)],
                "loyaltyObjects": [self.object_of(content)],
            },
        }
        signed: bytes = google.auth.jwt.encode(signer, claims)  # type: ignore[no-untyped-call]
        return SAVE + signed.decode("ascii")

    def class_of(self, content: PassContent, logo_url: str) -> dict[str, Any]:
        """The program, as Google wants it told."""
        return {
            "id": self._class_id(content),
            "issuerName": content.program_name,
            "programName": content.program_name,
            "programLogo": {"sourceUri": {"uri": logo_url}},
            "hexBackgroundColor": content.color,
            "reviewStatus": "UNDER_REVIEW",
        }

    def object_of(self, content: PassContent) -> dict[str, Any]:
        """A member's pass, as Google wants it told."""
        told: dict[str, Any] = {
            "id": self._object_id(content.member_id),
            "classId": self._class_id(content),
            "state": "ACTIVE",
            "accountId": content.member_id,
            "accountName": content.member_name,
            "barcode": {"type": "QR_CODE", "value": content.barcode},
            "loyaltyPoints": {
                "label": content.balance_label,
                "balance": {"string": content.balance},
            },
            "linksModuleData": {
                "uris": [{"id": "page", "uri": content.url, "description": content.program_name}]
            },
        }
        texts = [
            {"id": key, "header": label, "body": text}
            for key, label, text in (
                ("tier", content.tier_label, content.tier),
                ("next", content.next_label, content.next_text),
            )
            if text
        ]
        return told | {"textModulesData": texts}

    async def tell(self, content: PassContent) -> bool:
        """Tell Google what a pass says now; false where nobody keeps it.

        Raises:
            NotTold: Google did not take it.
        """
        return await self._patch(content.member_id, self.object_of(content))

    async def withdraw(self, member_id: str) -> bool:
        """Let a pass go: it is shown as over.

        Raises:
            NotTold: Google did not take it.
        """
        return await self._patch(member_id, {"state": "INACTIVE", "accountName": ""})

    async def _patch(self, member_id: str, told: Mapping[str, Any]) -> bool:
        try:
            token = await asyncio.to_thread(self._token)
            url = f"{self.api}/loyaltyObject/{self._object_id(member_id)}"
            headers = [("authorization", f"Bearer {token}"), ("content-type", "application/json")]
            async with asyncio.timeout(SECONDS), httpcore.AsyncConnectionPool() as pool:
                answer = await pool.request(
                    "PATCH", url, headers=headers, content=orjson.dumps(told)
                )
        except (
            TimeoutError, OSError, httpcore.TimeoutException, httpcore.NetworkError,
            httpcore.ProtocolError, google.auth.exceptions.GoogleAuthError,
        ) as failure:  # fmt: skip
            raise NotTold(type(failure).__name__) from failure
        if answer.status == 404:
            return False
        if not 200 <= answer.status < 300:
            raise NotTold(f"Google answered {answer.status}")
        return True

    def _token(self) -> str:
        credentials = _credentials(self.told["client_email"], orjson.dumps(dict(self.told)))
        if not credentials.valid:
            credentials.refresh(_transport)
        return str(credentials.token)

    def _class_id(self, content: PassContent) -> str:
        return f"{self.issuer}.{content.slug}"

    def _object_id(self, member_id: str) -> str:
        return f"{self.issuer}.{member_id}"


def google_account(environment: Mapping[str, str] = os.environ) -> Account | None:
    """Who issues passes; None where nothing is set up.

    Raises:
        GoogleTrouble: what is set up cannot be used.
    """
    issuer, named = environment.get(ISSUER_VARIABLE, ""), environment.get(ACCOUNT_VARIABLE, "")
    if not issuer and not named:
        return None
    if not issuer or not named:
        raise GoogleTrouble(N_("Both the issuer’s number and the service account are needed."))
    told = _read(named)
    return Account(issuer, told, environment.get(API_VARIABLE, "").rstrip("/") or API)


@lru_cache(maxsize=8)
def _read(named: str) -> Mapping[str, Any]:
    try:
        told = orjson.loads(Path(named).read_bytes())
        google.auth.crypt.RSASigner.from_service_account_info(told)  # type: ignore[no-untyped-call]
    except OSError as failure:
        raise GoogleTrouble(N_("The service account’s file cannot be read.")) from failure
    except (ValueError, KeyError, TypeError, google.auth.exceptions.GoogleAuthError) as failure:
        raise GoogleTrouble(N_("The file is none of a service account.")) from failure
    if not isinstance(told, dict) or not told.get("client_email") or not told.get("token_uri"):
        raise GoogleTrouble(N_("The file is none of a service account."))
    return told


@lru_cache(maxsize=8)
def _credentials(_email: str, told: bytes) -> Any:  # noqa: ANN401 - google-auth is not typed
    return service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
        orjson.loads(told), scopes=[SCOPE]
    )


@dataclass(frozen=True, slots=True)
class _Answer(google.auth.transport.Response):
    """An answer as google-auth reads it."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def _transport(
    url: str,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    **_more: object,
) -> _Answer:
    """Ask for google-auth, with the client that the rest of the house uses."""
    with httpcore.ConnectionPool() as pool:
        answer = pool.request(
            method, url, headers=list((headers or {}).items()), content=body or b"",
            extensions={"timeout": {"connect": SECONDS, "read": SECONDS}},
        )  # fmt: skip
    told = {name.decode().lower(): value.decode() for name, value in answer.headers}
    return _Answer(answer.status, told, answer.content)
