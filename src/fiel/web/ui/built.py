"""What the front end's build made: scripts, styles and icons, by the names that pages use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BUILT = Path(__file__).resolve().parents[1] / "built"
STATIC = "/static/"


class NotBuilt(Exception):
    """The front end has not been built: `make setup` does it."""


@dataclass(frozen=True, slots=True)
class Asset:
    """What a page loads for one entry."""

    script: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]


@cache
def asset(name: str) -> Asset:
    """The files of an entry of the build, such as "console".

    Raises:
        NotBuilt: there is no such entry.
    """
    manifest = _manifest()
    key = f"src/{name}/main.ts"
    if key not in manifest:
        raise NotBuilt(f"The front end has no entry {name!r}: run `make setup`.")
    seen: dict[str, dict[str, object]] = {}
    _gather(manifest, key, seen)
    styles = dict.fromkeys(
        str(style) for chunk in seen.values() for style in _listed(chunk.get("css"))
    )
    files = [str(chunk["file"]) for chunk in seen.values()]
    return Asset(
        STATIC + files[0],
        tuple(STATIC + style for style in styles),
        tuple(STATIC + file for file in files[1:]),
    )


def built_file(name: str) -> Path:
    """A file of the build by its own name: a service worker.

    Raises:
        NotBuilt: it is not there.
    """
    path = BUILT / name
    if not path.exists():
        raise NotBuilt(f"The front end has no file {name!r}: run `make setup`.")
    return path


@cache
def icon_paths(name: str) -> str:
    """The inside of an icon's SVG; empty for one that was not gathered."""
    return _icons().get(name, "")


@cache
def _icons() -> dict[str, str]:
    path = BUILT / "icons.json"
    if not path.exists():
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def _manifest() -> dict[str, dict[str, object]]:
    path = BUILT / ".vite" / "manifest.json"
    if not path.exists():
        raise NotBuilt("The front end has not been built: run `make setup`.")
    found: dict[str, dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _gather(
    manifest: dict[str, dict[str, object]], key: str, seen: dict[str, dict[str, object]]
) -> None:
    if key in seen:
        return
    seen[key] = manifest[key]
    for imported in _listed(manifest[key].get("imports")):
        _gather(manifest, str(imported), seen)


def _listed(told: object) -> list[object]:
    return list(told) if isinstance(told, list) else []
