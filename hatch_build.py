"""Puts into the packages that are built what git does not keep: catalogues and the front end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The code reads the first, Django's templates the second.
COMPILED_NAMES = ("fiel.mo", "django.mo")


class CompileCatalogues(BuildHookInterface):
    """Writes a .mo beside each .po; `artifacts` in pyproject.toml takes them along."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile before the files are gathered, also for an editable install."""
        built = Path(self.root) / "src" / "fiel" / "web" / "built" / ".vite" / "manifest.json"
        if version != "editable" and not built.exists():
            raise RuntimeError("The front end has not been built: run `make frontend` first.")
        for source in Path(self.root).glob("src/fiel/locale/*/LC_MESSAGES/fiel.po"):
            with source.open("rb") as file:
                catalogue = read_po(file, locale=source.parent.parent.name, domain="fiel")
            for name in COMPILED_NAMES:
                with source.with_name(name).open("wb") as file:
                    write_mo(file, catalogue)
