"""The materials: each a drawing of the same words, code and colours, in its own size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fiel.connect.materials.sheet import Box, Sheet
from fiel.connect.materials.wording import Wording
from fiel.domain.language import N_
from fiel.programs.brand import Brand

PAPER, INK, QUIET = "#ffffff", "#16181d", "#5b6472"


@dataclass(frozen=True, slots=True)
class Look:
    """What all designs are drawn from; `join` is the address that the code leads to."""

    brand: Brand
    words: Wording
    join: str
    fonts: Path
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Design:
    """A material: what it is for, its size in millimetres, and its picture's in pixels."""

    name: str
    title: str
    use: str
    width: float
    height: float
    pixels: int
    draw: Callable[[Sheet, Look], None]

    def drawn(self, look: Look) -> Sheet:
        """The material of a program."""
        sheet = Sheet(
            self.width, self.height, fonts=look.fonts,
            title=f"{look.brand.name} · {self.name}", language=look.words.language,
        )  # fmt: skip
        self.draw(sheet, look)
        return sheet


def _head(sheet: Sheet, look: Look, box: Box, *, size: float) -> None:
    """The shop: its logo if it has one, else its name."""
    if look.logo:
        side = box.height
        sheet.fill(Box(box.x, box.y, side, side), PAPER, round_by=side * 0.18)
        inset = side * 0.12
        sheet.picture(
            Box(box.x + inset, box.y + inset, side - 2 * inset, side - 2 * inset), look.logo
        )
        name = Box(box.x + side * 1.2, box.y + side * 0.3, box.width - side * 1.2, side * 0.6)
    else:
        name = box
    sheet.write(name, look.brand.name, size=size, color=look.brand.on_color, weight="strong")


def _code_card(sheet: Sheet, look: Look, box: Box) -> None:
    sheet.fill(box, PAPER, round_by=box.width * 0.06)
    quiet = box.width * 0.1
    side = box.width - 2 * quiet
    sheet.code(Box(box.x + quiet, box.y + quiet, side, side), look.join)


def _steps(sheet: Sheet, look: Look, box: Box, *, size: float) -> None:
    height = box.height / len(look.words.steps)
    radius = min(height * 0.28, size * 0.42)
    for place, step in enumerate(look.words.steps):
        top = box.y + place * height
        sheet.disc(box.x + radius, top + radius, radius, look.brand.color)
        number = Box(box.x, top + radius * 0.42, 2 * radius, 2 * radius)
        sheet.write(
            number, str(place + 1), size=radius * 2.9, color=look.brand.on_color,
            weight="loud", align="C", leading=1.1,
        )  # fmt: skip
        text = Box(box.x + 3 * radius, top + radius * 0.35, box.width - 3 * radius, height * 0.9)
        sheet.write(text, step, size=size, color=INK, weight="strong")


def _poster(sheet: Sheet, look: Look) -> None:
    width, height, edge = sheet.width, sheet.height, sheet.width * 0.08
    inner = width - 2 * edge
    sheet.fill(Box(0, 0, width, height * 0.5), look.brand.color)
    _head(sheet, look, Box(edge, edge, inner, width * 0.1), size=width * 0.11)
    sheet.write(
        Box(edge, height * 0.14, inner, height * 0.22), look.words.headline,
        size=width * 0.29, color=look.brand.on_color, weight="loud", leading=1.05,
    )  # fmt: skip
    sheet.write(
        Box(edge, height * 0.375, inner, height * 0.1), look.words.promise,
        size=width * 0.095, color=look.brand.on_color, weight="strong",
    )  # fmt: skip
    side = width * 0.4
    top = height * 0.55
    _code_card(sheet, look, Box(edge - side * 0.1, top, side, side))
    left = edge + side
    _steps(sheet, look, Box(left, top + side * 0.08, width - left - edge, side), size=width * 0.075)
    rewards = "\n".join(f"• {reward}" for reward in look.words.rewards)
    sheet.write(
        Box(edge, height * 0.85, inner, height * 0.085), rewards, size=width * 0.058, color=QUIET
    )
    sheet.write(
        Box(edge, height * 0.955, inner, height * 0.02), look.words.small_print,
        size=width * 0.036, color=QUIET,
    )  # fmt: skip


def _counter_card(sheet: Sheet, look: Look) -> None:
    width, height, edge = sheet.width, sheet.height, sheet.width * 0.08
    inner = width - 2 * edge
    sheet.fill(Box(0, 0, width, height), look.brand.color)
    _head(sheet, look, Box(edge, edge, inner, width * 0.12), size=width * 0.12)
    sheet.write(
        Box(edge, height * 0.15, inner, height * 0.17), look.words.headline,
        size=width * 0.24, color=look.brand.on_color, weight="loud", leading=1.05,
    )  # fmt: skip
    side = width * 0.66
    _code_card(sheet, look, Box((width - side) / 2, height * 0.34, side, side))
    sheet.write(
        Box(edge, height * 0.34 + side + height * 0.025, inner, height * 0.08), look.words.call,
        size=width * 0.14, color=look.brand.on_color, weight="loud", align="C",
    )  # fmt: skip
    sheet.write(
        Box(edge, height * 0.88, inner, height * 0.085), look.words.promise,
        size=width * 0.08, color=look.brand.on_color, align="C",
    )  # fmt: skip


def _sticker(sheet: Sheet, look: Look) -> None:
    width = sheet.width
    sheet.fill(Box(0, 0, width, width), look.brand.color, round_by=width * 0.12)
    side = width * 0.62
    _code_card(sheet, look, Box((width - side) / 2, width * 0.08, side, side))
    sheet.write(
        Box(width * 0.08, width * 0.75, width * 0.84, width * 0.17), look.words.call,
        size=width * 0.24, color=look.brand.on_color, weight="loud", align="C", leading=1.1,
    )  # fmt: skip


def _banner(sheet: Sheet, look: Look) -> None:
    width, height, edge = sheet.width, sheet.height, sheet.height * 0.14
    sheet.fill(Box(0, 0, width, height), look.brand.color)
    side = height - 2 * edge
    left = width - edge - side
    _code_card(sheet, look, Box(left, edge, side, side))
    inner = left - 2 * edge
    _head(sheet, look, Box(edge, edge, inner, height * 0.16), size=height * 0.28)
    sheet.write(
        Box(edge, height * 0.36, inner, height * 0.32), look.words.headline,
        size=height * 0.52, color=look.brand.on_color, weight="loud", leading=1.05,
    )  # fmt: skip
    sheet.write(
        Box(edge, height * 0.7, inner, height * 0.2), look.words.promise,
        size=height * 0.2, color=look.brand.on_color,
    )  # fmt: skip


def _social(sheet: Sheet, look: Look) -> None:
    width, edge = sheet.width, sheet.width * 0.08
    inner = width - 2 * edge
    sheet.fill(Box(0, 0, width, width), look.brand.color)
    sheet.disc(width * 0.92, width * 0.06, width * 0.3, look.brand.ink)
    _head(sheet, look, Box(edge, edge, inner * 0.7, width * 0.11), size=width * 0.12)
    sheet.write(
        Box(edge, width * 0.27, inner, width * 0.32), look.words.headline,
        size=width * 0.32, color=look.brand.on_color, weight="loud", leading=1.05,
    )  # fmt: skip
    side = width * 0.3
    _code_card(sheet, look, Box(edge, width * 0.62, side, side))
    left = edge + side * 1.15
    sheet.write(
        Box(left, width * 0.64, width - left - edge, width * 0.17), look.words.promise,
        size=width * 0.11, color=look.brand.on_color, weight="strong",
    )  # fmt: skip
    sheet.write(
        Box(left, width * 0.84, width - left - edge, width * 0.07), look.words.call,
        size=width * 0.11, color=look.brand.on_color, weight="loud",
    )  # fmt: skip


DESIGNS = {
    design.name: design
    for design in (
        Design(
            "poster", N_("Poster"), N_("For the window and the wall, A4 and larger."),
            210, 297, 1654, _poster,
        ),
        Design(
            "counter-card", N_("Counter card"), N_("Beside the till, A6."), 105, 148, 1240,
            _counter_card,
        ),
        Design(
            "sticker", N_("Sticker"), N_("For cups, bags and the door, 70 mm."), 70, 70, 827,
            _sticker,
        ),
        Design(
            "banner", N_("Web banner"), N_("For the top of your site, 1200 by 400."), 300, 100,
            1200, _banner,
        ),
        Design(
            "social", N_("Social picture"), N_("For social networks, square."), 200, 200, 1080,
            _social,
        ),
    )
}  # fmt: skip
