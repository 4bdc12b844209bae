"""The designer's pages, over plain HTTP."""

import re

import pytest

from fiel.programs.editing.parts import PARTS


def at(stage, path=""):
    return f"/console/{stage.slug}/designer/{path}"


def got(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:2000]
    return answer.text


@pytest.mark.parametrize(
    "part", [part for part in PARTS.values() if not part.inside], ids=lambda part: part.id
)
def test_every_part_opens(stage, part):
    page = got(stage.client(), at(stage, f"{part.id}/"))
    assert "<h1>" in page


def test_every_entry_opens(stage):
    client = stage.client()
    found = 0
    for part in PARTS.values():
        page = got(client, at(stage, f"{part.inside or part.id}/"))
        for url in set(re.findall(rf'href="({re.escape(at(stage))}{part.id}/entry/[^"]+)"', page)):
            got(client, url)
            found += 1
    assert found > 15
