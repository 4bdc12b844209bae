"""Logos: what a merchant uploads becomes a picture that we have drawn ourselves.

A file from outside is never served as it came: it is decoded within limits and written anew as
PNG, without anything that it may have carried besides its pixels.
"""

from __future__ import annotations

import hashlib
import unicodedata
import warnings
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid

LARGEST_FILE = 2_000_000  # bytes
_LARGEST_SIDE, _SMALLEST_SIDE = 6_000, 16
_MOST_PIXELS = 20_000_000
_KEPT_SIDE = 640
_FORMATS = ("PNG", "JPEG", "WEBP")


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as PNG; `version` is another for every other picture."""

    content: bytes
    version: str


def read_logo(file: bytes) -> Logo:
    """Draw an uploaded picture anew, as PNG, no larger than is needed.

    Raises:
        Invalid: it is no PNG, JPEG or WebP, is broken, or is too large or too small.
    """
    if len(file) > LARGEST_FILE:
        raise _refused("too_large", N_("The picture is larger than 2 MB."))
    if b"<svg" in file[:4096].lower():
        text = N_("Drawings (SVG) can carry programs. Save it as PNG, 512 pixels wide or more.")
        raise _refused("format", text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(file), formats=_FORMATS) as picture:
                _check_size(picture.width, picture.height)
                picture.load()
                drawn = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning) as error:
        raise _refused("format", N_("It is not a picture in PNG, JPEG or WebP.")) from error
    drawn.thumbnail((_KEPT_SIDE, _KEPT_SIDE), Image.Resampling.LANCZOS)
    content = _png(_trimmed(drawn))
    return Logo(content, hashlib.sha256(content).hexdigest()[:12])


@lru_cache(maxsize=64)
def square_icon(name: str, color: str, ink: str, logo: bytes | None, size: int) -> bytes:
    """A square picture for a phone's home screen: the logo on white, else the name's first letter.

    What matters stays within the middle 70 %, so that phones may cut it round.
    """
    if logo is None:
        picture = Image.new("RGB", (size, size), color)
        font = ImageFont.load_default(size=size * 0.5)
        ImageDraw.Draw(picture).text(
            (size / 2, size / 2), _initial(name), fill=ink, font=font, anchor="mm"
        )
        return _png(picture)
    picture = Image.new("RGB", (size, size), "#ffffff")
    with Image.open(BytesIO(logo)) as mark:
        mark.thumbnail((round(size * 0.68), round(size * 0.68)), Image.Resampling.LANCZOS)
        place = ((size - mark.width) // 2, (size - mark.height) // 2)
        picture.paste(mark, place, mark)
    return _png(picture)


@lru_cache(maxsize=64)
def logo_within(logo: bytes, width: int, height: int) -> bytes:
    """A logo made to fit into a frame, on nothing."""
    with Image.open(BytesIO(logo)) as mark:
        factor = min(width / mark.width, height / mark.height)
        size = (max(1, round(mark.width * factor)), max(1, round(mark.height * factor)))
        return _png(mark.resize(size, Image.Resampling.LANCZOS))


def _check_size(width: int, height: int) -> None:
    if max(width, height) > _LARGEST_SIDE or width * height > _MOST_PIXELS:
        raise _refused("too_large", N_("The picture has too many pixels."))
    if min(width, height) < _SMALLEST_SIDE:
        raise _refused("too_small", N_("The picture has too few pixels."))


def _trimmed(picture: Image.Image) -> Image.Image:
    """The picture without the empty margin that many logos come with."""
    box = picture.getchannel("A").getbbox()
    return picture.crop(box) if box else picture


def _initial(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).upper()
    return next((letter for letter in letters if "A" <= letter <= "Z" or letter.isdigit()), "*")


def _png(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def _refused(code: str, text: str) -> Invalid:
    problem = FieldProblem("logo", code, text)
    return Invalid(N_("Some fields are not valid."), problems=[problem])
