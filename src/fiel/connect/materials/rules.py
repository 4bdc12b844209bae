"""The rules of a program as a PDF, made from the same words as everywhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from babel.dates import format_date

from fiel.connect.materials.sheet import Box, Sheet
from fiel.domain.language import say
from fiel.domain.program import Program
from fiel.programs.brand import Brand
from fiel.programs.words import rules_in_words

WIDTH, HEIGHT, EDGE = 210.0, 297.0, 22.0
INK, QUIET = "#16181d", "#5b6472"


def rules_pdf(
    program: Program, brand: Brand, language: str, *, version: int, day: date, fonts: Path
) -> bytes:
    """The rules in a language on A4 pages; `version` and `day` stand at the foot."""
    title = say(language, "The rules of {name}", name=brand.name)
    sheet = Sheet(WIDTH, HEIGHT, fonts=fonts, title=title, language=language)
    foot = say(
        language, "Version {version}, {day}",
        version=version, day=format_date(day, "long", locale=language),
    )  # fmt: skip
    sheet.fill(Box(0, 0, WIDTH, 6), brand.color)
    top = EDGE
    inner = WIDTH - 2 * EDGE
    top += sheet.write(
        Box(EDGE, top, inner, 40), title, size=24, color=brand.ink, weight="loud", leading=1.15
    )
    top += 6
    _foot(sheet, foot)
    for section in rules_in_words(program, language):
        if top > HEIGHT - 3 * EDGE:
            top = _turn(sheet, brand, foot)
        top += 3 + sheet.write(
            Box(EDGE, top, inner, 12), section.title, size=13, color=INK, weight="strong"
        )
        for paragraph in section.paragraphs:
            if top > HEIGHT - 2 * EDGE:
                top = _turn(sheet, brand, foot)
            sheet.disc(EDGE + 1, top + 2.1, 0.6, brand.ink)
            top += 1.6 + sheet.write(
                Box(EDGE + 5, top, inner - 5, HEIGHT), paragraph, size=10.5, color=INK, leading=1.4
            )
        top += 4
    return sheet.pdf()


def _turn(sheet: Sheet, brand: Brand, foot: str) -> float:
    sheet.next_page()
    sheet.fill(Box(0, 0, WIDTH, 6), brand.color)
    _foot(sheet, foot)
    return EDGE


def _foot(sheet: Sheet, foot: str) -> None:
    sheet.write(Box(EDGE, HEIGHT - 14, WIDTH - 2 * EDGE, 6), foot, size=8.5, color=QUIET)
