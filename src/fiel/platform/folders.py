"""Where Fiel keeps its files."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """The folder of the embedded database and of files: FIEL_DATA, else the user's data folder."""
    named = os.environ.get("FIEL_DATA")
    folder = Path(named) if named else platformdirs.user_data_path("fiel", appauthor=False)
    return folder.expanduser().absolute()


def made_data_folder() -> Path:
    """The data folder, made for its owner alone if it was not there."""
    folder = data_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key() -> str:
    """The key that signs sessions and links, made once for a data folder."""
    place = made_data_folder() / "secret_key"
    try:
        return place.read_text(encoding="ascii")
    except FileNotFoundError:
        pass

    # Two processes may get here at once: each writes its own file, and the first link stands.
    candidate = place.with_name(f"secret_key.{os.getpid()}.{secrets.token_hex(4)}")
    candidate.touch(mode=0o600, exist_ok=False)
    candidate.write_text(secrets.token_urlsafe(64), encoding="ascii")
    try:
        os.link(candidate, place)
    except FileExistsError:
        pass
    finally:
        candidate.unlink()
    return place.read_text(encoding="ascii")
