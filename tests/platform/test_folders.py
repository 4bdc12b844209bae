from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fiel.platform.folders import data_folder, secret_key
from tests.support.servers import mode


def test_the_data_folder_is_the_one_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIEL_DATA", str(tmp_path / "sol"))

    assert data_folder() == tmp_path / "sol"


def test_without_a_name_it_is_the_users_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FIEL_DATA")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)

    assert data_folder().is_relative_to(tmp_path)
    assert data_folder().name == "fiel"


def test_the_secret_key_is_made_once_and_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIEL_DATA", str(tmp_path / "sol"))

    with ThreadPoolExecutor(8) as processes:
        keys = set(processes.map(lambda _: secret_key(), range(8)))

    assert len(keys) == 1
    assert len(keys.pop()) > 80
    assert [file.name for file in (tmp_path / "sol").iterdir()] == ["secret_key"]
    assert mode(tmp_path / "sol" / "secret_key") == 0o600
    assert mode(tmp_path / "sol") == 0o700
