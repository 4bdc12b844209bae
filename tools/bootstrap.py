"""Makes `.venv` with everything Fiel needs, on a machine that has only some Python ≥ 3.10.

`make setup` runs it with whatever Python answers first, so it uses the standard library alone
and no syntax younger than 3.10. It fetches uv into `.tools`, finds a Python that Fiel runs on,
and lets uv install exactly what `uv.lock` pins.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
UV_PINS = ROOT / "tools" / "uv.txt"
VENV = ROOT / ".venv"
READY = VENV / ".ready"

OLDEST = (3, 12)
TOO_NEW = (3, 15)  # not every compiled dependency has a wheel for it
BROUGHT = "3.13"  # what uv is asked for when the machine has none

# Says version and place only when the parts that are missing from careless builds import too.
PROBE = "import ctypes, ssl, sys, zlib; print(*sys.version_info[:2], sys.executable)"

NO_PIP = """\
Fiel sets itself up with pip, and this Python ({python}) has neither pip nor ensurepip.
Install one of them and run the command again:
  Debian, Ubuntu   apt install python3-venv
  Fedora           dnf install python3-pip
  Alpine           apk add py3-pip"""

NO_UV = """\
pip could not fetch uv (its message is above). It needs the Python package index, or a mirror that
pip is configured for. With the network in order, run the command again."""

NO_PYTHON = """\
Fiel needs Python 3.12, 3.13 or 3.14. None was found on the path or among pyenv's versions, and
uv could not download one (its message is above). Install one and run the command again:
  Debian 13, Ubuntu 24.04   apt install python3 python3-venv
  Fedora                    dnf install python3.13
  macOS                     brew install python@3.13
  anywhere, with pyenv      pyenv install 3.13"""


def main() -> None:
    """Set up, or say what is missing."""
    if READY.exists() and READY.read_text() != str(ROOT):
        shutil.rmtree(VENV)  # the checkout was moved: its scripts name the old place
    uv = private_uv()
    python = next(fitting_pythons(candidates()), None)
    if python is None:
        python = brought_by(uv)
    for command in (
        # Compiled now, and not at every start where writing bytecode is switched off.
        [uv, "sync", "--locked", "--quiet", "--compile-bytecode", "--python", python],
        [str(VENV / "bin" / "python"), "tools/messages.py", "compile"],
        [str(VENV / "bin" / "python"), "tools/frontend.py", "build"],
    ):
        if not succeeds(command):
            sys.exit(f"Not set up: `{' '.join(command)}` failed; its message is above.")
    READY.write_text(str(ROOT))
    print(f"Ready: {VENV.name}/bin/fiel, on Python from {python}")


def private_uv() -> str:
    """The pinned uv in `.tools/uv`, fetched unless it is there."""
    folder = TOOLS / "uv"
    program = folder / "bin" / "uv"
    pins = folder / "pins.txt"
    if pins.exists() and pins.read_text() == UV_PINS.read_text() and answers([str(program), "-V"]):
        return str(program)
    print("Fetching uv ...", flush=True)
    has_pip = False
    for pip in pips():
        has_pip = True
        shutil.rmtree(folder, ignore_errors=True)
        install = [*pip, "install", "--quiet", "--require-hashes", "--target", str(folder)]
        if succeeds([*install, "--requirement", str(UV_PINS)]):
            pins.write_text(UV_PINS.read_text())
            return str(program)
    sys.exit(NO_UV if has_pip else NO_PIP.format(python=sys.executable))


def pips() -> Iterator[list[str]]:
    """Ways to call pip, the cheapest first; none installs anything outside `.tools`."""
    if answers([sys.executable, "-m", "pip", "--version"]):
        yield [sys.executable, "-m", "pip"]
    venv = TOOLS / "pip"
    if answers([sys.executable, "-m", "venv", "--clear", str(venv)]):
        yield [str(venv / "bin" / "python"), "-m", "pip"]
    # Debian leaves out ensurepip, but other packages of its bring the wheel that it would use.
    for wheel in sorted(Path("/usr/share/python-wheels").glob("pip-*.whl")):
        yield [sys.executable, str(wheel / "pip")]


def candidates() -> Iterator[str]:
    """Pythons that may be on this machine, the ones asked for by name first."""
    yield sys.executable
    for name in ("python3.13", "python3.12", "python3.14", "python3"):
        for folder in os.get_exec_path():
            yield str(Path(folder) / name)
    for root in pyenv_roots():
        yield from map(str, sorted(root.glob("versions/*/bin/python3"), reverse=True))


def pyenv_roots() -> Iterator[Path]:
    """Where pyenv may keep its versions, also when HOME is not the one it was installed in."""
    if "PYENV_ROOT" in os.environ:
        yield Path(os.environ["PYENV_ROOT"])
    yield Path.home() / ".pyenv"
    yield Path(pwd.getpwuid(os.getuid()).pw_dir) / ".pyenv"
    for folder in os.get_exec_path():
        if Path(folder).name == "shims":
            yield Path(folder).parent
    # The Python that runs this may be one of pyenv's: ROOT/versions/3.11.7/bin/python3.
    prefix = Path(sys.base_prefix).resolve()
    if prefix.parent.name == "versions":
        yield prefix.parent.parent


def fitting_pythons(programs: Iterator[str]) -> Iterator[str]:
    """Those that really run and have a version that Fiel runs on."""
    for program in dict.fromkeys(programs):
        if not os.access(program, os.X_OK):
            continue
        answer = answers([program, "-c", PROBE])
        if answer is None:
            continue
        major, minor, executable = answer.split(maxsplit=2)
        if OLDEST <= (int(major), int(minor)) < TOO_NEW:
            yield executable


def brought_by(uv: str) -> str:
    """A Python that uv downloads into `.tools/python`."""
    print(f"No Python 3.12 to 3.14 here; asking uv for {BROUGHT} ...", flush=True)
    installed = succeeds([uv, "python", "install", BROUGHT])
    found = answers([uv, "python", "find", "--managed-python", BROUGHT]) if installed else None
    return found or sys.exit(NO_PYTHON)


def answers(command: list[str]) -> str | None:
    """What a command prints; None when it cannot run or fails."""
    try:
        done = subprocess.run(
            command, env=environment(), capture_output=True, text=True, timeout=120, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def succeeds(command: list[str]) -> bool:
    """Run a command of the set-up and let the person see what it says."""
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode == 0


def environment() -> dict[str, str]:
    """The environment, without what would lead the tools out of this folder."""
    env = {key: text for key, text in os.environ.items() if key not in LEADING_ASTRAY}
    env["PIP_USER"] = "0"
    env["PIP_REQUIRE_VIRTUALENV"] = "0"
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    env["PIP_ROOT_USER_ACTION"] = "ignore"
    env["UV_PROJECT_ENVIRONMENT"] = str(VENV)
    env["UV_PYTHON_INSTALL_DIR"] = str(TOOLS / "python")
    env["UV_PYTHON_INSTALL_BIN"] = "0"
    if any(Path("/etc/ssl/certs").glob("*.crt")):
        # Companies put their own authority there; uv looks only when told.
        env.setdefault("UV_SYSTEM_CERTS", "true")
    if not os.access(Path.home(), os.W_OK):
        env.setdefault("UV_CACHE_DIR", str(TOOLS / "cache"))
    return env


LEADING_ASTRAY = frozenset(
    {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "UV_PYTHON", "UV_NO_DEV", "UV_FROZEN", "PIP_TARGET"}
)

if __name__ == "__main__":
    main()
