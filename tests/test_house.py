"""The house keeps its own rules: small files, small functions, exact amounts."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "fiel"
MODULES = sorted(SOURCE.rglob("*.py"))
# Where amounts are decided and posted. Conditions and documents read what others wrote, floats
# among it, and make it exact.
EXACT = sorted(
    [
        *SOURCE.glob("domain/*.py"),
        *SOURCE.glob("domain/deciding/**/*.py"),
        *SOURCE.glob("ledger/**/*.py"),
        *SOURCE.glob("intake/**/*.py"),
    ]
)


def named(path):
    return path.relative_to(SOURCE).as_posix()


@cache
def parsed(path):
    return ast.parse(path.read_text())


def floats(tree):
    """The lines of a module where a float is named or written."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="float", lineno=line) | ast.Constant(value=float(), lineno=line):
                yield line


def long_functions(tree, *, limit):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > limit:
                yield f"{node.name}: {lines} lines"


@pytest.mark.parametrize("path", EXACT, ids=named)
def test_no_float_comes_near_an_amount(path):
    assert list(floats(parsed(path))) == []


def test_a_float_is_seen_when_there_is_one():
    assert list(floats(ast.parse("rate = 1\nrate = 0.1\nrate = float(text)"))) == [2, 3]


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_a_thought(path):
    assert len(path.read_text().splitlines()) < 500
    assert list(long_functions(parsed(path), limit=70)) == []


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.sql")), ids=named)
def test_a_statement_says_first_what_it_is(path):
    assert path.read_text().startswith("-- ")


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.sql")), ids=named)
def test_no_column_or_cast_of_a_statement_is_a_float(path):
    words = set(re.findall(r"\w+", path.read_text().lower()))

    assert words & {"float", "float4", "float8", "real", "double"} == set()
