"""The set-up finds a Python that really runs, wherever it is."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def load_tool():
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "tools" / "bootstrap.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


bootstrap = load_tool()


def program(path: Path, *, says: str, exit_code: int = 0) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {exit_code}\n")
    path.chmod(0o755)
    return str(path)


def test_a_python_that_does_not_run_is_passed_over(tmp_path):
    shim = program(tmp_path / "shim", says="3 13 /shim", exit_code=127)
    text = tmp_path / "text"
    text.write_text("no program")
    fitting = program(tmp_path / "python3.12", says="3 12 /opt/python3.12")

    tried = iter([shim, str(text), str(tmp_path / "absent"), fitting])

    assert list(bootstrap.fitting_pythons(tried)) == ["/opt/python3.12"]


@pytest.mark.parametrize(
    ("version", "fits"),
    [("3 11", False), ("3 12", True), ("3 13", True), ("3 14", True), ("3 15", False)],
)
def test_only_versions_that_fiel_runs_on_fit(tmp_path, version, fits):
    python = program(tmp_path / "python3", says=f"{version} /opt/python3")

    assert list(bootstrap.fitting_pythons(iter([python]))) == ["/opt/python3"] * fits


def test_the_python_that_runs_the_tests_fits():
    [found] = bootstrap.fitting_pythons(iter([sys.executable, sys.executable]))

    assert Path(found).samefile(sys.executable)


def test_pyenvs_versions_are_found_through_its_shims_when_home_is_another(tmp_path, monkeypatch):
    python = program(tmp_path / "pyenv/versions/3.13.0/bin/python3", says="3 13 /pyenv/python3")
    monkeypatch.setenv("HOME", str(tmp_path / "empty"))
    monkeypatch.setenv("PATH", str(tmp_path / "pyenv" / "shims"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)

    assert python in bootstrap.candidates()


def test_pyenvs_versions_are_found_where_pyenv_says_it_is(tmp_path, monkeypatch):
    python = program(tmp_path / "versions/3.12.1/bin/python3", says="3 12 /pyenv/python3")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))

    assert python in bootstrap.candidates()


def test_settings_that_lead_out_of_the_checkout_are_left_behind(monkeypatch):
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", "/elsewhere")

    assert "/elsewhere" not in bootstrap.environment().values()
    assert bootstrap.environment()["UV_PROJECT_ENVIRONMENT"] == str(ROOT / ".venv")
