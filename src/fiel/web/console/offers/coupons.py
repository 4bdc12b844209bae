"""The pages of coupons: what the program offers, batches of codes, and a code's whole story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.messages import WARNING
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from fiel.domain.program import Coupon
from fiel.domain.refusal import NotFound, Refusal
from fiel.insights.member_story.story import names_of
from fiel.intake.contents.coupons import BatchOfCouponsBody, CouponBody
from fiel.intake.coupons import Looked, Till, look_at_coupon
from fiel.intake.gift_cards import once_more
from fiel.intake.making_coupons import make_coupons
from fiel.ledger.scope import Connection
from fiel.programs.words.couponing import coupon_in_words
from fiel.programs.words.redeeming import reward_in_words
from fiel.programs.words.speaker import Speaker
from fiel.rewards.batches import (
    CancelledCodes,
    Rate,
    cancel_batch,
    latest_batches,
    rates_of_batches,
    uses_of,
)
from fiel.rewards.coupons import IssuedCoupon, times_used
from fiel.rewards.making import Batch, coupons_of_batch, find_batch, withdraw_coupon
from fiel.staff.roles import Right
from fiel.web.console.offers.forms import BatchForm, body_of
from fiel.web.console.offers.telling import edit_url, has_ended, last_moment, without_name
from fiel.web.ui.lists import PAGE_SIZE, csv_response, page_number, page_of
from fiel.web.ui.visit import Visit, console_page

_FIRST = UUID(int=0)
_MOST_USES = 50
_MOST_CODES = 200_000


@dataclass(frozen=True, slots=True)
class Offered:
    """A coupon of the program as the list shows it."""

    id: str
    name: str
    words: str
    code: str | None
    edit_url: str


@console_page(Right.SEE_OFFERS)
async def coupons(visit: Visit) -> HttpResponse:
    """The coupons of the program, the batches that were made, and a place to look a code up."""
    return await _coupons(visit, None)


@require_POST
@console_page(Right.MANAGE_CODES)
async def make(visit: Visit) -> HttpResponse:
    """Make a batch of codes."""
    form = BatchForm(visit.request.POST).offer(_choices(visit))
    if not form.is_valid():
        return await _coupons(visit, form)
    told = form.cleaned_data
    try:
        body = body_of(
            BatchOfCouponsBody,
            coupon=told["coupon"], count=told["count"], batch=told["batch"] or None,
        )  # fmt: skip
        batch, was_there = await make_coupons(
            visit.lend, visit.versions, visit.program_id, body,
            id=form.once, now=visit.now, last_day=told["last_day"],
        )  # fmt: skip
    except Refusal as refusal:
        form.blame(visit.problem(refusal), visit.field_problems(refusal))
        return await _coupons(visit, form)
    if not was_there:
        about = f"batch:{batch.id}"
        await visit.note("coupons.made", about=about, coupon=batch.coupon, count=batch.count)
    visit.say(ngettext("%(count)s code was made.", "%(count)s codes were made.", batch.count)
              % {"count": batch.count})  # fmt: skip
    return visit.back("coupon-batch", batch.id)


async def _coupons(visit: Visit, form: BatchForm | None) -> HttpResponse:
    number = page_number(visit.request)
    speaker = Speaker(visit.program, visit.language)
    async with visit.reading() as connection:
        batches = await latest_batches(
            connection, visit.program_id, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE
        )
    choices = _choices(visit)
    return visit.page(
        "console/offers/coupons.html",
        {
            "coupons": [_offered(visit, speaker, each) for each in visit.program.coupons.values()],
            "page": page_of([_batch(visit, speaker, each, None) for each in batches], number),
            "form": form or BatchForm().offer(choices),
            "is_refused": form is not None,
            "may_make": visit.may(Right.MANAGE_CODES) and bool(choices),
            "edit_all": visit.address("designer-part", "coupons")
            if visit.may(Right.EDIT_PROGRAM) else "",
        },
        status=200 if form is None else 422,
    )  # fmt: skip


@console_page(Right.SEE_OFFERS)
async def rates(visit: Visit) -> HttpResponse:
    """The list of batches once more, with how many of their codes were used."""
    number = page_number(visit.request)
    speaker = Speaker(visit.program, visit.language)
    async with visit.reading() as connection:
        batches = await latest_batches(
            connection, visit.program_id, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE
        )
        shown = page_of(batches, number)
        found = await rates_of_batches(connection, visit.program_id, [each.id for each in shown])
    told = [_batch(visit, speaker, each, found.get(each.id, Rate())) for each in batches]
    return visit.page("console/offers/coupons.html#batches", {"page": page_of(told, number)})


def _offered(visit: Visit, speaker: Speaker, coupon: Coupon) -> Offered:
    return Offered(
        coupon.id,
        speaker.name(coupon.name, coupon.id),
        without_name(coupon_in_words(speaker, coupon), speaker.name(coupon.name, coupon.id)),
        coupon.code,
        edit_url(visit, "coupons", coupon.id),
    )


def _batch(visit: Visit, speaker: Speaker, batch: Batch, rate: Rate | None) -> dict[str, object]:
    coupon = visit.program.coupons.get(batch.coupon)
    return {
        "id": batch.id,
        "name": batch.name or "",
        "coupon": speaker.name(coupon.name, coupon.id) if coupon else batch.coupon,
        "count": batch.count,
        "version": batch.version,
        "made_at": batch.made_at,
        "rate": rate,
        "is_over": rate is not None and has_ended(rate.ends_at, visit.now),
    }


def _choices(visit: Visit) -> list[tuple[str, str]]:
    """The coupons that codes can be made for: those that do not share one."""
    speaker = Speaker(visit.program, visit.language)
    return [
        (each.id, speaker.name(each.name, each.id))
        for each in visit.program.coupons.values()
        if each.code is None
    ]


@console_page(Right.SEE_OFFERS)
async def batch(visit: Visit, batch_id: UUID) -> HttpResponse:
    """A batch: what its codes promise, how many were used, and the first of them."""
    speaker = Speaker(visit.program, visit.language)
    async with visit.reading() as connection:
        found = await _batch_of(visit, connection, batch_id)
        rates = await rates_of_batches(connection, visit.program_id, [batch_id])
        codes = await coupons_of_batch(
            connection, visit.program_id, batch_id, after=_FIRST, limit=20
        )
        made_by = await visit.versions.numbered(
            connection, visit.program_id, found.version, _shards(visit), visit.known.sandbox
        )
    terms = made_by.program.coupons.get(found.coupon)
    rate = rates.get(batch_id, Rate())
    return visit.page(
        "console/offers/batch.html",
        {
            "batch": _batch(visit, speaker, found, rate),
            "rate": rate,
            "words": coupon_in_words(Speaker(made_by.program, visit.language), terms)
            if terms else "",
            "codes": [_code(row, visit.now) for row in codes],
            "may_change": visit.may(Right.MANAGE_CODES),
        },
    )  # fmt: skip


@console_page(Right.MANAGE_CODES)
async def batch_csv(visit: Visit, batch_id: UUID) -> HttpResponse:
    """All codes of a batch as a file, to be printed or sent."""
    async with visit.reading() as connection:
        found = await _batch_of(visit, connection, batch_id)
        rows = await coupons_of_batch(
            connection, visit.program_id, batch_id, after=_FIRST, limit=_MOST_CODES
        )
    await visit.note("coupons.exported", about=f"batch:{batch_id}", rows=len(rows))
    headings = ("code", "coupon", "status", "used", "made_at", "expires_at")
    codes = [_code(row, visit.now) for row in rows]
    cells = (
        (each["code"], found.coupon, each["status"], each["used"], each["made"], each["ends"])
        for each in codes
    )
    return csv_response(f"{visit.slug}-{found.name or found.coupon}", headings, cells)


@require_POST
@console_page(Right.MANAGE_CODES)
async def batch_cancel(visit: Visit, batch_id: UUID) -> HttpResponse:
    """Take back the codes of a batch that nobody has used."""
    async with visit.reading() as connection:
        await _batch_of(visit, connection, batch_id)

    async def work(connection: Connection) -> CancelledCodes:
        return await cancel_batch(connection, visit.program_id, batch_id, now=visit.now)

    cancelled = await once_more(visit.lend, visit.program_id, work)
    count = cancelled.count
    if not cancelled.repeated:
        await visit.note("coupons.cancelled", about=f"batch:{batch_id}", count=count)
    visit.say(ngettext("%(count)s code was cancelled.", "%(count)s codes were cancelled.", count)
              % {"count": count})  # fmt: skip
    return visit.back("coupon-batch", batch_id)


async def _batch_of(visit: Visit, connection: Connection, batch_id: UUID) -> Batch:
    found = await find_batch(connection, visit.program_id, batch_id)
    if found is None:
        raise Http404
    return found


def _code(row: Sequence[object], now: datetime) -> dict[str, object]:
    _id, code, _coupon, _batch, made_at, ends_at, cancelled_at, used, most, _member = row
    assert isinstance(made_at, datetime), "a row of coupons"
    assert isinstance(used, int), "a row of coupons"
    assert ends_at is None or isinstance(ends_at, datetime), "a moment or none"
    return {
        "code": code,
        "status": status_of(cancelled_at, ends_at, used, most, now),
        "used": used,
        "most": most,
        "made": made_at.isoformat(),
        "ends": ends_at.isoformat() if ends_at else None,
        "ends_at": ends_at,
    }


def status_of(
    cancelled_at: object, ends_at: datetime | None, used: int, most: object, now: datetime
) -> str:
    """What a coupon has come to."""
    if cancelled_at is not None:
        return "cancelled"
    if isinstance(most, int) and used >= most:
        return "used"
    return "expired" if has_ended(ends_at, now) else "active"


@console_page(Right.SEE_OFFERS)
async def look(visit: Visit) -> HttpResponse:
    """A code's whole story: what it gives, whose it is, who used it and when."""
    code = visit.request.GET.get("code", "").strip()[:100]
    if not code:
        return visit.back("coupons")
    try:
        looked = await look_at_coupon(_till(visit), code, CouponBody())
    except NotFound as refusal:
        shown: dict[str, object] = {"code": code, "problem": visit.problem(refusal)}
        return visit.page("console/offers/coupon.html", shown, status=404)
    return visit.page("console/offers/coupon.html", await _story(visit, code, looked))


async def _story(visit: Visit, code: str, looked: Looked) -> dict[str, object]:
    issued, speaker = looked.tally.coupon, Speaker(visit.program, visit.language)
    async with visit.reading() as connection:
        uses = await uses_of(connection, visit.program_id, issued.id, limit=_MOST_USES)
        used = looked.tally.used
        if looked.tally.most is None:
            used = await times_used(connection, visit.program_id, issued)
        batch = (
            await find_batch(connection, visit.program_id, issued.batch_id)
            if issued.batch_id else None
        )  # fmt: skip
        people = {each.member_id for each in uses if each.member_id} | (
            {issued.member_id} if issued.member_id else set()
        )
        names = await names_of(connection, visit.program_id, sorted(people))
    status = status_of(issued.cancelled_at, issued.ends_at, used, looked.tally.most, visit.now)
    return {
        "code": issued.code or code,
        "issued": issued,
        "words": _words(visit, speaker, looked),
        "last_moment": last_moment(issued.ends_at),
        "status": status,
        "used": used,
        "most": looked.tally.most,
        "reserved": looked.tally.reserved,
        "batch": batch,
        "owner": names.get(issued.member_id) if issued.member_id else None,
        "uses": [
            {
                "cart": each.cart, "state": each.state, "at": each.used_at or each.reserved_until,
                "holds": each.holds(visit.now), "member_id": each.member_id,
                "member": names.get(each.member_id) if each.member_id else None,
                "sale_id": each.sale_id, "answer": each.answer or {},
            }
            for each in uses
        ],
        "is_of_reward": issued.terms is not None,
        "sees_members": visit.may(Right.SEE_MEMBERS),
        "may_cancel": visit.may(Right.MANAGE_CODES) and status == "active" and not used
        and issued.terms is None and issued.version is not None,
        "is_shared": issued.version is None and issued.terms is None,
        "edit_url": edit_url(visit, "coupons", issued.coupon)
        if issued.coupon in visit.program.coupons else "",
    }  # fmt: skip


def _words(visit: Visit, speaker: Speaker, looked: Looked) -> str:
    """What a coupon promises: as its reward says, or as its own terms do."""
    issued = looked.tally.coupon
    if issued.terms is not None and (reward := visit.program.rewards.get(issued.coupon)):
        return reward_in_words(speaker, reward)
    return coupon_in_words(speaker, looked.terms) if looked.terms else ""


@require_POST
@console_page(Right.MANAGE_CODES)
async def cancel(visit: Visit) -> HttpResponse:
    """Take one code back that nobody has used."""
    code = visit.request.POST.get("code", "").strip()[:100]
    try:
        looked = await look_at_coupon(_till(visit), code, CouponBody())
        issued = looked.tally.coupon
        if issued.version is None or issued.terms is not None:
            # A reward's is cancelled with its redemption, a shared one in the program.
            raise Http404

        async def work(connection: Connection) -> IssuedCoupon | None:
            return await withdraw_coupon(connection, visit.program_id, code, now=visit.now)

        before = await once_more(visit.lend, visit.program_id, work)
    except Refusal as refusal:
        visit.say(visit.problem(refusal), WARNING)
    else:
        visit.say(_("Cancelled. Nobody can use this code any more."))
        if before is not None and before.cancelled_at is None:
            await visit.note("coupon.cancelled", about=f"coupon:{issued.id}", coupon=issued.coupon)
    response = visit.back("coupon-look")
    response["Location"] += f"?{urlencode({'code': code})}"
    return response


def _till(visit: Visit) -> Till:
    visit.program  # noqa: B018 - leads to where a program is made, if there is none
    assert visit.published is not None, "a program in force is published"
    return Till(visit.lend, visit.versions, visit.published, visit.now)


def _shards(visit: Visit) -> int:
    assert visit.published is not None, "a program in force is published"
    return visit.published.shards
