"""The review of a program: the five classic mistakes, plain faults, and what it costs."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import orjson
from babel.dates import format_date
from babel.numbers import format_currency
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from fiel.domain.document import Document
from fiel.domain.language import money_text, say
from fiel.domain.program import Program
from fiel.insights.naming import award_name, reward_name, unit_name
from fiel.insights.reporting.telling import said
from fiel.insights.review.asking import reviewed
from fiel.insights.review.economics import Economics
from fiel.insights.review.finding import Figure, Finding, Mistake
from fiel.insights.review.review import Review, review_without_past
from fiel.insights.review.telling import (
    MARGIN_AS_ANSWERED,
    economics_figures,
    figure_text,
    left_out,
)
from fiel.insights.summary import program_summary
from fiel.ledger.budgets import budgets_left
from fiel.ledger.scope import Connection
from fiel.programs.first_steps import margin_as_answered
from fiel.staff.roles import Right
from fiel.web.console.simulate.subject import subject_of
from fiel.web.languages import PAGE_LANGUAGES
from fiel.web.ui.jobs import Job, Progress, job_result, latest_jobs, start_job
from fiel.web.ui.visit import Visit, console_page

REVIEW = "review-of-design"

MISTAKES = (
    {
        "mistake": Mistake.PRICE_WAR, "icon": "discount",
        "title": gettext_noop("It only starts a price war"),
        "fine": gettext_noop("There is more to have than money off."),
    },
    {
        "mistake": Mistake.REWARDS_DISLOYAL, "icon": "user-off",
        "title": gettext_noop("It rewards the disloyal"),
        "fine": gettext_noop("Most of it goes to those who come back."),
    },
    {
        "mistake": Mistake.VOLUME_OVER_PROFIT, "icon": "scale",
        "title": gettext_noop("It rewards volume over profit"),
        "fine": gettext_noop("What is sold without margin earns little."),
    },
    {
        "mistake": Mistake.GIVES_SHOP_AWAY, "icon": "receipt-off",
        "title": gettext_noop("It gives the shop away"),
        "fine": gettext_noop("It costs a small part of the margin."),
    },
    {
        "mistake": Mistake.CANNOT_DELIVER, "icon": "package-off",
        "title": gettext_noop("It promises what cannot be delivered"),
        "fine": gettext_noop("There is enough of every reward for who could ask for it."),
    },
)  # fmt: skip
# What nobody can know before something was sold.
_NEED_SALES = (Mistake.REWARDS_DISLOYAL, Mistake.VOLUME_OVER_PROFIT, Mistake.CANNOT_DELIVER)
_SMALL = Decimal("0.0001")

type Told = dict[str, Any]


@console_page(Right.SEE_PROGRAM)
async def review(visit: Visit) -> HttpResponse:
    """Read the draft, or what is in force, against the shop's own sales."""
    wants_draft = visit.request.GET.get("of") != "in-force"
    subject = await subject_of(visit, wants_draft=wants_draft)
    document = subject.document
    if document is None:
        if not subject.is_draft:
            return visit.back("start")
        return visit.page("console/simulate/review_faults.html")
    async with visit.reading() as connection:
        margin = await margin_as_answered(connection, visit.program_id)
    if visit.request.method == "POST":
        work = partial(_work, visit, document, margin)
        back_to = visit.request.get_full_path()
        return await start_job(visit, REVIEW, _("Review of the program"), work, back_to=back_to)
    job = await latest_review(visit, document) if subject.has_sales else None
    if job is not None and job.result is not None:
        told: Told = job.result["told"][visit.language]
    else:
        found = review_without_past(document.program, margin=margin)
        told = told_of(found, document.program, visit.language)
    async with visit.reading() as connection:
        budgets = await _budgets(connection, visit, document.program)
    shown: dict[str, object] = {
        "subject": subject,
        "job": job,
        "told": told,
        "mistakes": _mistakes(told),
        "faults": [each for each in told["findings"] if each["mistake"] == Mistake.FAULT],
        "budgets": budgets,
        "wants_draft": wants_draft,
        "since": _day(told["since"]),
        "until": _day(told["until"]),
    }
    return visit.page("console/simulate/review.html", shown)


@console_page(Right.SEE_PROGRAM)
async def owed(visit: Visit) -> HttpResponse:
    """What members have in their hands now, and what it is worth: a part of the review's page."""
    async with visit.connect() as connection:
        summary = await program_summary(
            connection, program_id=visit.program_id, program=visit.program, now=visit.now
        )
    units = [
        (unit_name(visit.program, totals.unit, visit.language), totals) for totals in summary.units
    ]
    return visit.page("console/simulate/owed.html", {"units": units})


@job_result(REVIEW)
async def reviewed_page(visit: Visit, job: Job) -> HttpResponse:
    """The review that was made, where reviews are shown."""
    return HttpResponseRedirect(job.back_to or visit.address("review"))


def told_of(found: Review, program: Program, language: str) -> Told:
    """A review in the words of a reader, as plain data that a job keeps."""
    return {
        "since": None if found.since is None else found.since.isoformat(),
        "until": None if found.until is None else found.until.isoformat(),
        "statements": [said(each.text, language) for each in found.statements],
        "economics": [
            {"id": each.id, "label": say(language, each.label),
             "value": figure_text(each, program, language),
             "note": _note(each, found, program, language)}
            for each in economics_figures(found.economics)
        ],
        "points": _points(found.economics, program, language),
        "findings": [_finding(each, program, language) for each in found.findings],
    }  # fmt: skip


async def _work(
    visit: Visit, document: Document, margin: Fraction | None, progress: Progress
) -> dict[str, Any]:
    progress.tell(0.1, _("Reading your sales …"))
    found = await reviewed(
        document.program, visit.program_id,
        connect=visit.connect, open_columns=visit.open_columns, margin=margin,
    )  # fmt: skip
    return {
        "document": _digest(document),
        "told": {
            language: told_of(found, document.program, language) for language in PAGE_LANGUAGES
        },
    }


async def latest_review(visit: Visit, document: Document) -> Job | None:
    """The review that was made last, if it was of this very document."""
    digest = _digest(document)
    for job in await latest_jobs(visit.program_id, REVIEW, most=5):
        if job.state == "done" and job.result and job.result["document"] == digest:
            return job
    return None


def _day(told: str | None) -> str:
    """A day that a job kept, as the page's language writes it."""
    if told is None:
        return ""
    return format_date(date.fromisoformat(told), "long", locale=get_language() or "es")


def _digest(document: Document) -> str:
    told = orjson.dumps(document.plain, default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()


def _finding(finding: Finding, program: Program, language: str) -> Told:
    return {
        "mistake": str(finding.mistake),
        "weight": str(finding.weight),
        "text": said(finding.text, language),
        "proposal": said(finding.proposal, language),
        "path": finding.path,
        "figures": [
            {"label": say(language, figure.label), "value": figure_text(figure, program, language)}
            for figure in finding.figures
        ],
    }


def _note(figure: Figure, found: Review, program: Program, language: str) -> str:
    """Where a figure comes from that was not measured, and what it leaves out."""
    if figure.value is None:
        return ""
    if figure.id == "margin":
        return "" if found.knows_margin else say(language, MARGIN_AS_ANSWERED)
    if found.evidence is not None:
        return ""
    return ", ".join(say(language, each) for each in left_out(program))


def _points(economics: Economics, program: Program, language: str) -> list[Told]:
    """What a point of each unit is worth and costs, and each reward by its price."""
    rows: list[Told] = [
        {"name": unit_name(program, unit.unit, language), "is_unit": True, "price": None,
         "worth": _small(unit.worth, program, language),
         "cost": _small(unit.cost, program, language)}
        for unit in economics.units
    ]  # fmt: skip
    rows += [
        {"name": reward_name(program, reward.reward, language), "is_unit": False,
         "price": reward.price, "worth": _small(reward.worth_of_point, program, language),
         "cost": _small(reward.cost_of_point, program, language)}
        for reward in economics.rewards
    ]  # fmt: skip
    return rows


def _small(minor: Fraction | None, program: Program, language: str) -> str:
    """An amount that may be less than a minor unit: “0.0125 €”."""
    if minor is None:
        return "–"
    if minor.denominator == 1:
        return money_text(language, program.currency, int(minor))
    major = Decimal(minor.numerator) / Decimal(minor.denominator) / program.currency.minor_per_major
    told = format_currency(
        major.quantize(_SMALL, ROUND_HALF_UP).normalize(), program.currency.code,
        locale=language, decimal_quantization=False,
    )  # fmt: skip
    return str(told)


def _mistakes(told: Told) -> list[dict[str, object]]:
    """The five mistakes, each with what was found of it."""
    is_measured = told["since"] is not None
    shown = []
    for each in MISTAKES:
        found = [one for one in told["findings"] if one["mistake"] == each["mistake"]]
        shown.append(
            {
                "title": _(each["title"]),
                "icon": each["icon"],
                "fine": _(each["fine"]),
                "findings": found,
                "is_unknown": not found and not is_measured and each["mistake"] in _NEED_SALES,
            }
        )
    return shown


async def _budgets(
    connection: Connection, visit: Visit, program: Program
) -> list[tuple[str, str, int, int, int]]:
    """Budgets of rules in points: what, its unit, the whole, what is left, in percent of it."""
    limits = {
        (rule.id, unit): whole
        for rule in program.earn
        if rule.budget
        for unit, whole in rule.budget.amounts.items()
    }
    left = await budgets_left(connection, visit.program_id, limits)
    return [
        (
            award_name(program, rule, visit.language),
            unit_name(program, unit, visit.language),
            whole,
            left[rule, unit],
            max(0, min(100, 100 * left[rule, unit] // whole)) if whole else 0,
        )
        for (rule, unit), whole in limits.items()
    ]
