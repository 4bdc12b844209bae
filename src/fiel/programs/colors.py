"""A merchant's colour: what can be written on it, and how it is written on a page."""

from __future__ import annotations

import re
from colorsys import hls_to_rgb, rgb_to_hls

WHITE, INK = "#ffffff", "#000000"  # on any colour, one of them can be read
PAPER, NIGHT = "#f2f3f5", "#2a2f38"  # the greyest that a page is, by day and by night
ENOUGH = 4.5  # what WCAG 2.2 AA asks of text

_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_STEPS = 100


def read_color(text: str) -> str | None:
    """A colour as “#rrggbb”; None where the text is none."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[1].lower()
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, from 1 to 21, as WCAG measures it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(color: str) -> str:
    """White or ink: whichever is read better on a colour."""
    return max(WHITE, INK, key=lambda ink: contrast(color, ink))


def readable(color: str, ground: str) -> str:
    """The colour itself, or the nearest of its hue that can be read as text on a ground."""
    hue, lightness, saturation = rgb_to_hls(*_parts(color))
    towards = 0.0 if _luminance(ground) > 0.18 else 1.0
    for step in range(_STEPS + 1):
        at = lightness + (towards - lightness) * step / _STEPS
        shade = _written(*hls_to_rgb(hue, at, saturation))
        if contrast(shade, ground) >= ENOUGH:
            return shade
    return text_on(ground)


def _parts(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _written(red: float, green: float, blue: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in (red, green, blue))


def _luminance(color: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _parts(color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
