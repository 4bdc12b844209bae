"""A new program: one of nine models, and six answers that make it the shop's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from fiel.domain.language import say
from fiel.domain.refusal import Refusal
from fiel.ledger.scope import Connection, program_transaction
from fiel.programs.first_steps import begin_program, keep_answers, start_of_program
from fiel.programs.fitting import read_answers
from fiel.programs.known import known_programs
from fiel.programs.starting_points import MODELS, model_title, starting_point
from fiel.staff.audit import Actor, Deed, keep_deed
from fiel.staff.demo import demo_doors
from fiel.staff.memberships import memberships_of, put_membership
from fiel.staff.models import User
from fiel.staff.roles import Right, Role
from fiel.staff.tills.settings import keep_till_settings, till_settings
from fiel.web.console.start.forms import QuestionsForm, decimal_field
from fiel.web.console.start.steps import MODEL, QUESTIONS, shown_steps
from fiel.web.doors import database
from fiel.web.ui.visit import Visit, address_of, console_page, signed_out

_LOOKS = (
    {"model": "points", "icon": "coins"},
    {"model": "stamp-card", "icon": "rubber-stamp"},
    {"model": "cashback", "icon": "cash-banknote"},
    {"model": "coupons", "icon": "ticket"},
    {"model": "spend-levels", "icon": "stairs-up"},
    {"model": "tiers", "icon": "medal"},
    {"model": "buy-x-get-y", "icon": "basket-plus"},
    {"model": "gift-card", "icon": "gift-card"},
    {"model": "club", "icon": "users-group"},
)
# The tax in prices is a setting of all tills.
_TAX_TOLD = ("tills.settings_changed", "")


@dataclass(frozen=True, slots=True)
class Model:
    """A program model as its card shows it."""

    name: str
    title: str
    promise: str
    icon: str


@never_cache
async def new_program(request: HttpRequest) -> HttpResponse:
    """Choose a model, answer six questions; then the program exists, with a draft."""
    user = await request.auser()
    if not isinstance(user, User):
        return signed_out(request)
    async with database().owner() as owner:
        if not await _may_begin(owner, user):
            return render(request, "console/start/not_yours.html", status=403)
    model = request.POST.get("model") or request.GET.get("model", "")
    if model not in MODELS:
        shown = {"models": models(), "steps": shown_steps(MODEL)}
        return render(request, "console/start/models.html", shown)
    form = QuestionsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        slug = await _begin(request, user, form, model)
        if slug is not None:
            return HttpResponseRedirect(reverse("console:start", args=[slug]))
    return render(request, "console/start/questions.html", _asked(form, model))


@console_page(Right.EDIT_PROGRAM)
async def questions(visit: Visit) -> HttpResponse:
    """Answer again, or from another model: the draft is made anew."""
    async with visit.reading() as connection:
        start = await start_of_program(connection, visit.program_id)
        shared = await till_settings(connection, visit.program_id)
    if start is None:
        return visit.back("designer")
    told = dict(start.told) | {"tax": decimal_field(shared.tax_percent)}
    model = visit.request.POST.get("model") or visit.request.GET.get("model") or told["model"]
    if "choose" in visit.request.GET or model not in MODELS:
        shown: dict[str, object] = {
            "models": models(),
            "chosen": told["model"],
            "steps": shown_steps(MODEL),
        }
        return visit.page("console/start/models.html", shown)
    is_counted = start.quiet_version is not None
    is_sent = visit.request.method == "POST"
    data = visit.request.POST if is_sent else None
    form = QuestionsForm(data, initial=told)
    if is_counted:  # what was recorded is in this currency
        form.hold("currency")
    if not visit.may(Right.MANAGE_TILLS):
        form.hold("tax")
    if is_sent:
        answered = _told(form, model) | {"slug": visit.slug}
        try:
            async with visit.writing() as connection:
                await keep_answers(
                    connection, visit.program_id, answered, author=str(visit.user), now=visit.wall
                )
                kept = await keep_till_settings(
                    connection,
                    visit.program_id,
                    tax_percent=_percent(answered),
                    sender=shared.sender,
                )
        except Refusal as refusal:
            add_problems(form, refusal, visit.language)
        else:
            await visit.note("program.answered", "program", model=model)
            if kept != shared:
                await visit.note(*_TAX_TOLD, tax_percent=_percent(answered))
            return visit.back("start")
    return visit.page("console/start/questions.html", _asked(form, model))


def models() -> list[Model]:
    """The nine models, with their promise in the page's language."""
    language = get_language() or "es"
    return [
        Model(
            look["model"],
            model_title(look["model"], language),
            starting_point(look["model"], language).promise,
            look["icon"],
        )
        for look in _LOOKS
    ]


def add_problems(form: QuestionsForm, refusal: Refusal, language: str) -> None:
    """Say beside each field what is wrong with its answer."""
    form.is_valid()  # its own errors have words of their own kind: only ours are shown
    form.errors.clear()
    for problem in refusal.problems:
        field = problem.field if problem.field in form.fields else None
        form.add_error(field, say(language, problem.text, **problem.parameters))


async def _may_begin(owner: Connection, user: User) -> bool:
    """Whoever owns a program may begin another, and whoever is there the first; no demo's guest."""
    roles = await memberships_of(owner, user.id)
    doors = await demo_doors(owner)
    if any(door.user_id == user.id for door in doors):
        return False
    return any(each.role is Role.OWNER for each in roles) or not await known_programs(owner)


async def _begin(request: HttpRequest, user: User, form: QuestionsForm, model: str) -> str | None:
    """Make the program and its owner; None, with what is wrong in the form."""
    now = datetime.now(UTC)
    try:
        async with database().owner() as owner, owner.transaction():
            told = _told(form, model)
            program_id, slug = await begin_program(owner, told, author=str(user), now=now)
            async with program_transaction(owner, program_id):
                await keep_till_settings(owner, program_id, tax_percent=_percent(told), sender="")
            await put_membership(owner, program_id, user.id, Role.OWNER)
            actor = Actor(user.id, str(user), address_of(request))
            for deed in (
                Deed("program.begun", f"program:{slug}", {"model": model}),
                Deed(*_TAX_TOLD, {"tax_percent": _percent(told)}),
            ):
                await keep_deed(owner, program_id, actor, deed, at=now)
    except Refusal as refusal:
        add_problems(form, refusal, get_language() or "es")
        return None
    return slug


def _told(form: QuestionsForm, model: str) -> dict[str, str]:
    """What was answered; what could not be is as it was."""
    told = {"model": model}
    for name, field in form.fields.items():
        told[name] = str(form.initial[name] if field.disabled else form.data.get(name, ""))
    return told


def _percent(told: Mapping[str, str]) -> str:
    """The tax in prices, as the tills keep it; the answers have been read before."""
    return str(read_answers(told).tax_percent)


def _asked(form: QuestionsForm, model: str) -> dict[str, Any]:
    chosen = next(each for each in models() if each.name == model)
    return {"form": form, "model": chosen, "steps": shown_steps(QUESTIONS)}
