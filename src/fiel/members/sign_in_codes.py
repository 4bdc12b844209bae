"""One-time codes: six digits that show that a phone or a mailbox is in somebody's hands.

A code is made for whoever asks, member or not, so that nobody learns from it who is a member. All
limits are counted in the database, so that they hold over all processes.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from ipaddress import ip_address, ip_network
from typing import LiteralString
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import Refusal
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection
from fiel.members.references import MemberKey

LIFE = timedelta(minutes=10)
MOST_TRIES = 5
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
MOST_OF_CONTACT_AN_HOUR, MOST_OF_CONTACT_A_DAY = 5, 15
MOST_OF_ADDRESS_AN_HOUR = 60  # a shop's guests share one address

# Whoever asks at the same moment for the same contact, or from the same address, waits in line.
IN_LINE: LiteralString = "SELECT pg_advisory_xact_lock(%s)"
COUNT: LiteralString = """
SELECT
  (SELECT count(*) FROM sign_in_code
   WHERE program_id = %(program)s AND contact = %(contact)s AND made_at > %(hour)s),
  (SELECT count(*) FROM sign_in_code
   WHERE program_id = %(program)s AND contact = %(contact)s AND made_at > %(day)s),
  (SELECT count(*) FROM sign_in_code
   WHERE program_id = %(program)s AND address = %(address)s AND made_at > %(hour)s)
"""
FORGET_OLD: LiteralString = "DELETE FROM sign_in_code WHERE program_id = %s AND made_at <= %s"
INSERT: LiteralString = """
INSERT INTO sign_in_code (program_id, id, contact, address, code, made_at, ends_at)
VALUES (%(program)s, %(id)s, %(contact)s, %(address)s, %(code)s, %(now)s, %(ends)s)
"""
# A try is counted before the code is looked at, by a statement that locks the row: of any number
# that guess at the same moment, no more are answered than there are tries.
TRY: LiteralString = """
UPDATE sign_in_code SET tries = tries + 1
WHERE program_id = %(program)s AND tries < %(most)s AND used_at IS NULL AND ends_at > %(now)s
  AND id = (
    SELECT id FROM sign_in_code WHERE program_id = %(program)s AND contact = %(contact)s
    ORDER BY made_at DESC, id DESC LIMIT 1
  )
RETURNING id, code
"""
USE: LiteralString = """
UPDATE sign_in_code SET used_at = %s WHERE program_id = %s AND id = %s AND used_at IS NULL
"""


class TooManyCodes(Refusal):
    """So many codes were asked for that no more are sent for a while."""

    code = "rate_limited"


class Checked(Enum):
    """What came of a code that somebody typed; OVER: another one has to be sent."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one program, kept under a secret of the server."""

    program_id: UUID
    secret: bytes

    async def make(
        self, connection: Connection, contact: MemberKey, *, address: str, now: datetime
    ) -> str:
        """A new code for a contact, within the program's transaction; earlier ones end with it.

        Raises:
            TooManyCodes: the contact, or the address that asks, had too many lately.
        """
        here = {
            "program": self.program_id,
            "contact": self._contact(contact),
            "address": self._hash("address", network_of(address)),
        }
        for name in ("contact", "address"):
            await connection.execute(IN_LINE, (_lock_number(here[name]),))
        await connection.execute(FORGET_OLD, (self.program_id, now - A_DAY))
        times = {"hour": now - AN_HOUR, "day": now - A_DAY}
        row = await (await connection.execute(COUNT, here | times)).fetchone()
        assert row is not None, "counts are always told"
        most = (MOST_OF_CONTACT_AN_HOUR, MOST_OF_CONTACT_A_DAY, MOST_OF_ADDRESS_AN_HOUR)
        if any(count >= limit for count, limit in zip(row, most, strict=True)):
            raise TooManyCodes(N_("Too many codes were asked for. Try again in an hour."))
        code = f"{secrets.randbelow(1_000_000):06d}"
        made = {"id": new_id(), "code": self._code(contact, code), "now": now, "ends": now + LIFE}
        await connection.execute(INSERT, here | made)
        return code

    async def check(
        self, connection: Connection, contact: MemberKey, told: str, *, now: datetime
    ) -> Checked:
        """Whether a code is the one that was sent last; right, it is used up.

        The transaction has to be kept whatever the answer: a wrong try counts.
        """
        here = {
            "program": self.program_id,
            "contact": self._contact(contact),
            "most": MOST_TRIES,
            "now": now,
        }
        row = await (await connection.execute(TRY, here)).fetchone()
        if row is None:
            return Checked.OVER
        code_id, kept = row
        digits = "".join(each for each in told if each.isdecimal())
        if not hmac.compare_digest(bytes(kept), self._code(contact, digits)):
            return Checked.WRONG
        used = await connection.execute(USE, (now, self.program_id, code_id))
        return Checked.RIGHT if used.rowcount else Checked.OVER

    def _contact(self, contact: MemberKey) -> bytes:
        return self._hash("contact", f"{contact.kind}:{contact.value}")

    def _code(self, contact: MemberKey, digits: str) -> bytes:
        return self._hash("code", f"{contact.kind}:{contact.value}:{digits}")

    def _hash(self, what: str, text: str) -> bytes:
        message = f"sign-in {what}|{self.program_id}|{text}".encode()
        return hmac.digest(self.secret, message, "sha256")


def network_of(address: str) -> str:
    """Whose address it is, as far as limits care: of IPv6, the network that one line has."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _lock_number(digest: object) -> int:
    assert isinstance(digest, bytes), "what is kept in line is a hash"
    return int.from_bytes(digest[:8], signed=True)
