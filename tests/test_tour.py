"""The tour in the READMEs says what really happens."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.server import running_server

ROOT = Path(__file__).parents[1]
ADDRESS = "http://127.0.0.1:8000"
MARK = "\x1e"
# What `.venv/bin/fiel` does, with the Python that runs the tests.
FIEL = "import sys; from fiel.platform.main import main; sys.exit(main())"

# A machine that runs the tests need not have curl.
CURL = """
import re, sys
import httpx
words = sys.argv[1:]
[url] = [word for word in words if word.startswith("http")]
headers = dict(re.split(": ", words[at + 1]) for at, word in enumerate(words) if word == "-H")
headers["content-type"] = "application/json"
print(httpx.post(url, headers=headers, content=words[words.index("--json") + 1]).text)
"""


def steps(page):
    """The commands of a page's tour, each with what it is said to print.

    `make demo` has tests of its own.
    """
    text = (ROOT / page).read_text()
    for block in re.findall(r"^```console\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = step.splitlines()
            if lines[0] == "make demo":
                continue
            length = next(n for n, _ in enumerate(lines, 1) if is_whole("\n".join(lines[:n])))
            yield "\n".join(lines[:length]), "\n".join(lines[length:])


def is_whole(command):
    """Whether nothing of a command is left for the next line."""
    return command.count("'") % 2 == 0 and not command.endswith("\\")


def programs(folder):
    """The programs that the tour calls, made of the Python that runs the tests."""
    for name, code in ((".venv/bin/fiel", FIEL), ("bin/curl", CURL)):
        script = folder / f"{Path(name).name}.py"
        script.write_text(code)
        program(folder / name, f'exec "{sys.executable}" -P "{script}" "$@"')
    program(folder / "bin" / "python3", f'exec "{sys.executable}" "$@"')


def program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def looks_like(told):
    """A pattern of what a page tells; a line that is an ellipsis stands for any lines."""
    lines = [".*?" if line == "…" else re.escape(line) for line in told.splitlines()]
    return re.compile("\n".join(lines), flags=re.DOTALL)


@pytest.mark.parametrize(
    ("page", "language"), [("README.md", "en_US.UTF-8"), ("README.es.md", "es_ES.UTF-8")]
)
def test_the_tour_prints_what_the_readme_says(page, language, database_url, tmp_path):
    commands, told = zip(*steps(page), strict=True)
    with running_server(database_url) as address:
        programs(tmp_path)
        script = "\n".join(f"{command}\nprintf '{MARK}'" for command in commands)
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "LC_ALL": language,
            "COLUMNS": "100",
            "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        }

        done = subprocess.run(
            ["sh", "-c", script.replace(ADDRESS, address)], cwd=tmp_path, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True,
        )  # fmt: skip

    printed = [text.strip() for text in done.stdout.split(MARK)[:-1]]
    assert len(printed) == len(commands)
    for command, expected, text in zip(commands, told, printed, strict=True):
        assert looks_like(expected).fullmatch(text), f"{command}\n{text}"
