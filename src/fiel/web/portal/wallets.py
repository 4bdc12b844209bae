"""Adding the card to a phone's wallet, and what Apple's phones ask for afterwards."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from uuid import UUID

import orjson
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from fiel.connect.wallets.apple import CONTENT_TYPE, access_token, pass_file
from fiel.connect.wallets.apple_signing import AppleTrouble, Signer, apple_signer
from fiel.connect.wallets.content import PassContent
from fiel.connect.wallets.google import Account, GoogleTrouble, google_account
from fiel.connect.wallets.passes import Wallet, keep_pass, lock_pass
from fiel.connect.wallets.phones import (
    has_heard,
    members_on_device,
    register_device,
    unregister_device,
)
from fiel.ledger.scope import Connection
from fiel.members.queries import member as find_member
from fiel.members.records import Member
from fiel.programs.brand import logo_of
from fiel.web.portal.guest import Guest, member_page, portal_page
from fiel.web.portal.passes import pass_content, public_address

LARGEST_TOLD = 10_000
LONGEST_NAME = 200


def apple_now() -> Signer | None:
    """Who signs Apple's passes; None where nothing is set up that could."""
    try:
        return apple_signer()
    except AppleTrouble:
        return None


def google_now() -> Account | None:
    """Who issues Google's passes; None where nothing is set up that could."""
    try:
        return google_account()
    except GoogleTrouble:
        return None


@member_page
async def apple_pass(guest: Guest) -> HttpResponse:
    """The member's pass for Apple Wallet."""
    signer = apple_now()
    if signer is None:
        raise Http404
    return await _pass(guest, guest.member, guest.member.id, signer)


@member_page
async def google_pass(guest: Guest) -> HttpResponse:
    """On to Google, which keeps the member's pass."""
    account = google_now()
    if account is None:
        raise Http404
    address = _address(guest)
    async with guest.writing() as connection:
        content = await _content(guest, guest.member, connection)
        await keep_pass(
            connection, guest.program_id, Wallet.GOOGLE, content,
            shard=guest.member.shard, now=guest.wall,
        )  # fmt: skip
    logo = f"{address}{guest.address('app-icon', 512)}"
    return HttpResponseRedirect(account.save_link(content, logo_url=logo, origin=address))


@csrf_exempt
@portal_page
async def device(guest: Guest, device: str, pass_type: str, serial: str) -> HttpResponse:
    """A phone begins, or ceases, to hear of a pass."""
    member = await _holder(guest, pass_type, serial)
    if member is None:
        return HttpResponse(status=401)
    if guest.request.method == "DELETE":
        async with guest.writing() as connection:
            await unregister_device(connection, guest.program_id, device, UUID(serial))
        return HttpResponse(status=200)
    if guest.request.method != "POST" or len(device) > LONGEST_NAME:
        return HttpResponse(status=400)
    token = _push_token(guest.request.body)
    if token is None:
        return HttpResponse(status=400)
    async with guest.writing() as connection:
        is_new = await register_device(
            connection, guest.program_id, device,
            shard=member.shard, member_id=UUID(serial), push_token=token, now=guest.wall,
        )  # fmt: skip
    return HttpResponse(status=201 if is_new else 200)


@portal_page
async def device_passes(guest: Guest, device: str, pass_type: str) -> HttpResponse:
    """The passes of a phone that say something else than when it last asked."""
    signer = apple_now()
    if signer is None or signer.pass_type != pass_type:
        raise Http404
    since = _moment(guest.request.GET.get("passesUpdatedSince", ""))
    changed: dict[str, datetime] = {}
    async with guest.writing() as connection:
        for member_id in await members_on_device(connection, guest.program_id, device):
            member = await find_member(connection, guest.program_id, member_id)
            if member is None:
                continue
            await lock_pass(connection, guest.program_id, Wallet.APPLE, member_id)
            content = await _content(guest, member, connection, serial=member_id)
            at = await keep_pass(
                connection, guest.program_id, Wallet.APPLE, content,
                shard=member.shard, now=guest.wall,
            )  # fmt: skip
            await has_heard(connection, guest.program_id, device, member_id, guest.wall)
            if since is None or at > since:
                changed[content.member_id] = at
    if not changed:
        return HttpResponse(status=204)
    # Without a plus, which is a blank to whoever reads it back from an address.
    last = max(changed.values()).astimezone(UTC).isoformat().replace("+00:00", "Z")
    return JsonResponse({"lastUpdated": last, "serialNumbers": sorted(changed)})


@portal_page
async def latest_pass(guest: Guest, pass_type: str, serial: str) -> HttpResponse:
    """The newest pass of a member, for the phone that keeps it."""
    signer = apple_now()
    member = await _holder(guest, pass_type, serial)
    if signer is None or member is None:
        return HttpResponse(status=401)
    return await _pass(guest, member, UUID(serial), signer)


@csrf_exempt
@portal_page
async def device_log(guest: Guest) -> HttpResponse:  # noqa: ARG001 - what phones complain of
    """What phones complain of: taken, and not kept."""
    return HttpResponse(status=200)


async def _pass(guest: Guest, member: Member, serial: UUID, signer: Signer) -> HttpResponse:
    async with guest.writing() as connection:
        await lock_pass(connection, guest.program_id, Wallet.APPLE, serial)
        content = await _content(guest, member, connection, serial=serial)
        changed_at = await keep_pass(
            connection, guest.program_id, Wallet.APPLE, content,
            shard=member.shard, now=guest.wall,
        )  # fmt: skip
        logo = await logo_of(connection, guest.program_id)
    if _is_known(guest, changed_at):
        return HttpResponse(status=304)
    file = pass_file(
        content, logo.content if logo else None, signer,
        service=f"{_address(guest)}{guest.address('home')}passes/",
        token=_token(guest, serial),
    )  # fmt: skip
    response = HttpResponse(file, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{guest.slug}.pkpass"'
    response["Last-Modified"] = format_datetime(changed_at.astimezone(UTC), usegmt=True)
    response["Cache-Control"] = "no-store, private"
    return response


async def _content(
    guest: Guest, member: Member, connection: Connection, *, serial: UUID | None = None
) -> PassContent:
    """What a pass says; of whoever was merged what the survivor has, under its own number."""
    content = await pass_content(
        connection, guest.published, guest.brand, member, now=guest.now, address=_address(guest)
    )
    return replace(content, member_id=str(serial)) if serial else content


async def _holder(guest: Guest, pass_type: str, serial: str) -> Member | None:
    """The member of a pass, for who shows what only that pass knows."""
    signer = apple_now()
    scheme, _, shown = guest.request.headers.get("authorization", "").partition(" ")
    try:
        member_id = UUID(serial)
    except ValueError:
        return None
    if signer is None or signer.pass_type != pass_type or scheme != "ApplePass":
        return None
    if not hmac.compare_digest(shown.encode(), _token(guest, member_id).encode()):
        return None
    async with guest.reading() as connection:
        return await find_member(connection, guest.program_id, member_id)


def _token(guest: Guest, member_id: UUID) -> str:
    return access_token(settings.SECRET_KEY.encode(), guest.program_id, member_id)


def _address(guest: Guest) -> str:
    return public_address() or guest.request.build_absolute_uri("/").rstrip("/")


def _push_token(body: bytes) -> str | None:
    if len(body) > LARGEST_TOLD:
        return None
    try:
        told = orjson.loads(body)["pushToken"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return told if isinstance(told, str) and 0 < len(told) <= LONGEST_NAME else None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _is_known(guest: Guest, changed_at: datetime) -> bool:
    """Whether the phone has the pass already; it counts in whole seconds."""
    try:
        known = parsedate_to_datetime(guest.request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return changed_at.replace(microsecond=0) <= known
