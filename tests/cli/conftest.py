"""The command line, run as a person runs it, over a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from fiel.cli.main import run
from fiel.platform.main import House

CAFE_SOL = """\
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: {es: puntos, en: points}, value: "0.01", expiry: {after: 12 months}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - {id: bienvenida, event: enrolment, give: {points: 10}}
tiers:
  by: spend
  window: 12 months
  levels:
    - {id: bronce, from: 0}
    - {id: plata, from: 300, multiply: 1.5}
"""


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The result as data."""
        return orjson.loads(self.out)


type Fiel = Callable[..., Answer]


@pytest.fixture
def fiel(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Fiel:
    """Run a command: `fiel("audit", "--json")`. People here speak English unless they say so."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: object) -> Answer:
        capfd.readouterr()
        code = run(House(), [str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Answer(code, captured.out, captured.err)

    return command


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """The program of the Café Sol, as a file."""
    path = tmp_path / "cafe-sol.yaml"
    path.write_text(CAFE_SOL, encoding="utf-8")
    return path


@pytest.fixture
def cafe_sol(fiel: Fiel, document: Path) -> Fiel:
    """The command line, where the Café Sol has published its program."""
    assert fiel("program", "apply", document, "--sandbox", "--yes").code == 0
    return fiel
