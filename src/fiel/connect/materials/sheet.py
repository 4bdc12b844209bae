"""A sheet: one page that is drawn once and becomes a PDF to print, or a picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Literal, cast

import pypdfium2
import segno
from fontTools.ttLib import TTFont
from fpdf import FPDF
from PIL import Image

WEIGHTS = {"plain": 400, "strong": 600, "loud": 800}
_MM_PER_POINT = 25.4 / 72

_unpacking = Lock()

type Weight = Literal["plain", "strong", "loud"]
type Align = Literal["L", "C", "R"]


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a sheet, in millimetres from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


class Sheet:
    """A page of some size in millimetres; what is drawn later lies above."""

    def __init__(
        self, width: float, height: float, *, fonts: Path, title: str, language: str
    ) -> None:
        """`fonts` is the folder with the letters that the front end's build carried along."""
        self.width, self.height = width, height
        self._pdf = FPDF(unit="mm", format=(width, height))
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_margin(0)
        self._pdf.set_title(title)
        self._pdf.set_lang(language)
        self._pdf.c_margin = 0
        for weight, number in WEIGHTS.items():
            self._pdf.add_font(weight, fname=_letters(fonts, number))
        self._pdf.add_page()

    def fill(self, box: Box, color: str, *, round_by: float = 0.0) -> None:
        """Fill a place with a colour, `#rrggbb`."""
        self._pdf.set_fill_color(*_rgb(color))
        told = {"round_corners": True, "corner_radius": round_by} if round_by else {}
        self._pdf.rect(box.x, box.y, box.width, box.height, style="F", **told)  # type: ignore[arg-type]

    def disc(self, x: float, y: float, radius: float, color: str) -> None:
        """Fill a circle around a point."""
        self._pdf.set_fill_color(*_rgb(color))
        self._pdf.ellipse(x - radius, y - radius, 2 * radius, 2 * radius, style="F")

    def write(
        self,
        box: Box,
        text: str,
        *,
        size: float,
        color: str,
        weight: Weight = "plain",
        align: Align = "L",
        leading: float = 1.25,
    ) -> float:
        """Write a text into a place, smaller where it would not fit; how high it came, in mm.

        `size` is in points.
        """
        pdf = self._pdf
        pdf.set_text_color(*_rgb(color))
        while True:
            pdf.set_font(weight, size=size)
            line = size * _MM_PER_POINT * leading
            told = pdf.multi_cell(box.width, line, text, align=align, dry_run=True, output="LINES")
            lines = cast("list[str]", told)
            longest = max((pdf.get_string_width(word) for word in text.split()), default=0)
            if (len(lines) * line <= box.height and longest <= box.width) or size <= 5:
                break
            size *= 0.94
        pdf.set_xy(box.x, box.y)
        pdf.multi_cell(box.width, line, text, align=align)
        return len(lines) * line

    def code(self, box: Box, content: str, *, color: str = "#111111") -> None:
        """Draw a QR code, as large as fits; the quiet zone around it is the caller's."""
        matrix = segno.make(content, error="m", micro=False).matrix
        step = min(box.width, box.height) / len(matrix)
        self._pdf.set_fill_color(*_rgb(color))
        for row, modules in enumerate(matrix):
            for start, end in _runs(modules):
                # A hair wider, so that no white line shows between modules.
                self._pdf.rect(
                    box.x + start * step, box.y + row * step,
                    (end - start) * step + 0.02, step + 0.02, style="F",
                )  # fmt: skip

    def picture(self, box: Box, content: bytes) -> None:
        """Put a picture into the middle of a place, as large as fits."""
        image = Image.open(BytesIO(content))
        share = min(box.width / image.width, box.height / image.height)
        width, height = image.width * share, image.height * share
        left, top = box.x + (box.width - width) / 2, box.y + (box.height - height) / 2
        self._pdf.image(BytesIO(content), x=left, y=top, w=width, h=height)

    def next_page(self) -> None:
        """Begin another page of the same size."""
        self._pdf.add_page()

    def pdf(self) -> bytes:
        """The sheet as a PDF with its letters inside."""
        return bytes(self._pdf.output())

    def png(self, pixels: int) -> bytes:
        """The first page as a picture of so many pixels across."""
        return picture_of(self.pdf(), pixels)


def picture_of(pdf: bytes, pixels: int) -> bytes:
    """The first page of a PDF as a PNG of so many pixels across."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        image = page.render(scale=pixels / page.get_width()).to_pil()
    finally:
        document.close()
    into = BytesIO()
    image.save(into, "PNG", optimize=True)
    return into.getvalue()


def _runs(modules: bytearray) -> list[tuple[int, int]]:
    """Where dark modules of a row begin and end."""
    found: list[tuple[int, int]] = []
    start = None
    for place, dark in enumerate([*modules, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            found.append((start, place))
            start = None
    return found


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _letters(fonts: Path, weight: int) -> Path:
    """The letters of a weight as the PDF wants them: unpacked from what browsers load."""
    with _unpacking:  # pages are drawn in threads, and ask for the same letters at once
        return _unpacked_letters(fonts, weight)


@cache
def _unpacked_letters(fonts: Path, weight: int) -> Path:
    font = TTFont(fonts / f"inter-latin-{weight}-normal.woff")
    font.flavor = None
    unpacked = Path(_unpacked().name) / f"{weight}.ttf"
    font.save(unpacked)
    return unpacked


@cache
def _unpacked() -> TemporaryDirectory[str]:
    # It goes when the process does.
    return TemporaryDirectory(prefix="fiel-letters-")
