"""A merchant's brand: name, colour, logo and where to reach it, shown wherever members look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from urllib.parse import urlsplit
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.ledger.scope import Connection
from fiel.programs.colors import NIGHT, PAPER, read_color, readable, text_on
from fiel.programs.logos import Logo

DEFAULT_COLOR = "#0f766e"
LONGEST_NAME, LONGEST_LINE = 60, 200

READ: LiteralString = """
SELECT coalesce(nullif(b.name, ''), p.name), coalesce(b.color, %s), b.logo_version,
       coalesce(b.website, ''), coalesce(b.email, ''), coalesce(b.phone, '')
FROM program p LEFT JOIN program_brand b ON b.program_id = p.id
WHERE p.id = %s
"""
KEEP: LiteralString = """
INSERT INTO program_brand (program_id, name, color, website, email, phone, changed_at)
VALUES (%(program)s, %(name)s, %(color)s, %(website)s, %(email)s, %(phone)s, %(now)s)
ON CONFLICT (program_id) DO UPDATE SET name = excluded.name, color = excluded.color,
  website = excluded.website, email = excluded.email, phone = excluded.phone,
  changed_at = excluded.changed_at
"""
KEEP_LOGO: LiteralString = """
INSERT INTO program_brand (program_id, logo, logo_version, changed_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (program_id) DO UPDATE SET logo = excluded.logo, logo_version = excluded.logo_version,
  changed_at = excluded.changed_at
"""
LOGO: LiteralString = """
SELECT logo, logo_version FROM program_brand WHERE program_id = %s AND logo IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Brand:
    """How a merchant looks. `on_color` is what can be read on the colour.

    `logo_version` is another for every other logo; None: there is none.
    """

    name: str
    color: str = DEFAULT_COLOR
    logo_version: str | None = None
    website: str = ""
    email: str = ""
    phone: str = ""

    @property
    def on_color(self) -> str:
        """White or nearly black: what is read best on the colour."""
        return text_on(self.color)

    @property
    def ink(self) -> str:
        """The colour as text on a light page: darker where it has to be."""
        return readable(self.color, PAPER)

    @property
    def ink_at_night(self) -> str:
        """The colour as text on a dark page: lighter where it has to be."""
        return readable(self.color, NIGHT)


@dataclass(frozen=True, slots=True)
class BrandWishes:
    """What somebody wrote down as the brand; an empty name is the program's own."""

    name: str = ""
    color: str = DEFAULT_COLOR
    website: str = ""
    email: str = ""
    phone: str = ""


async def brand_of(connection: Connection, program_id: UUID) -> Brand:
    """The brand of a program; where nothing was said, its name and a colour that suits anybody."""
    row = await (await connection.execute(READ, (DEFAULT_COLOR, program_id))).fetchone()
    if row is None:
        return Brand("")
    name, color, logo_version, website, email, phone = row
    return Brand(name, color, logo_version, website, email, phone)


async def change_brand(
    connection: Connection, program_id: UUID, wishes: BrandWishes, *, now: datetime
) -> None:
    """Write a brand down; the logo stays.

    Raises:
        Invalid: a field cannot be what was written.
    """
    checked = checked_brand(wishes)
    told = {
        "program": program_id, "name": checked.name, "color": checked.color,
        "website": checked.website, "email": checked.email, "phone": checked.phone, "now": now,
    }  # fmt: skip
    await connection.execute(KEEP, told)


def checked_brand(wishes: BrandWishes) -> BrandWishes:
    """What was written, in its normal form.

    Raises:
        Invalid: a field cannot be what was written.
    """
    problems: list[FieldProblem] = []
    color = read_color(wishes.color)
    if color is None:
        text = N_("Write a colour as six digits, such as #0f766e.")
        problems.append(FieldProblem("color", "format", text))
    for field, most in (("name", LONGEST_NAME), ("phone", LONGEST_LINE), ("email", LONGEST_LINE)):
        if len(getattr(wishes, field)) > most:
            problems.append(FieldProblem(field, "too_long", N_("It is too long.")))
    website = _website(wishes.website, problems)
    if wishes.email:
        try:
            validate_email(wishes.email, check_deliverability=False)
        except EmailNotValidError:
            problems.append(FieldProblem("email", "format", N_("It is not an e-mail address.")))
    if problems:
        raise Invalid(N_("Some fields are not valid."), problems=problems)
    return BrandWishes(
        wishes.name.strip(), color or DEFAULT_COLOR, website, wishes.email.strip(),
        wishes.phone.strip(),
    )  # fmt: skip


async def keep_logo(
    connection: Connection, program_id: UUID, logo: Logo | None, *, now: datetime
) -> None:
    """Keep a logo, or have none from now on."""
    content, version = (logo.content, logo.version) if logo else (None, None)
    await connection.execute(KEEP_LOGO, (program_id, content, version, now))


async def logo_of(connection: Connection, program_id: UUID) -> Logo | None:
    """The logo of a program, where it has one."""
    row = await (await connection.execute(LOGO, (program_id,))).fetchone()
    return None if row is None else Logo(bytes(row[0]), str(row[1]))


def _website(told: str, problems: list[FieldProblem]) -> str:
    """An address of a site that a link may lead to; without a scheme it is meant encrypted."""
    text = told.strip()
    if not text:
        return ""
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    is_site = parts.scheme in ("https", "http") if host else False
    if not is_site or "." not in host or "@" in address or len(address) > LONGEST_LINE:
        text = N_("It must be an address such as “https://cafe-sol.example”.")
        problems.append(FieldProblem("website", "format", text))
    return address
