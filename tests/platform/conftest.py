from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.servers import SOME_USER, remove

# Root can become somebody else for a test; an ordinary user cannot become root.
USERS = {"root": 0, "user": SOME_USER} if os.geteuid() == 0 else {"user": os.geteuid()}


@pytest.fixture
def new_folder() -> Iterator[Callable[..., Path]]:
    """Makes data folders, and removes them with their servers."""
    made: list[Path] = []

    def make(name: str = "data") -> Path:
        folder = Path(tempfile.mkdtemp(prefix="fiel-test-")) / name
        folder.mkdir(parents=True)
        made.append(folder)
        return folder

    yield make
    for folder in made:
        remove(folder)
        top = next(p for p in (folder, *folder.parents) if p.name.startswith("fiel-test-"))
        for rest in (*folder.parents,):
            if rest.is_relative_to(top):
                rest.rmdir()


@pytest.fixture
def folder(new_folder: Callable[..., Path]) -> Path:
    """A data folder of whoever runs the tests."""
    return new_folder()


@pytest.fixture(params=USERS.values(), ids=USERS.keys())
def user(request: pytest.FixtureRequest) -> int:
    """Root, where the tests are root's, and an ordinary user."""
    return int(request.param)


@pytest.fixture
def folder_of_user(new_folder: Callable[..., Path], user: int) -> Path:
    """A data folder that belongs to the user."""
    folder = new_folder()
    if user != os.geteuid():
        folder.parent.chmod(0o711)
        os.chown(folder, user, user)
    return folder
