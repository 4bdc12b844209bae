"""Every text the code can say is translated."""

import importlib.util
from pathlib import Path
from string import Formatter

import pytest

from fiel.platform.schema import set_django_up

ROOT = Path(__file__).parents[2]


def load_tool():
    spec = importlib.util.spec_from_file_location("messages_tool", ROOT / "tools" / "messages.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


tool = load_tool()


@pytest.fixture(autouse=True)
def _settings_of_fiel():
    """The tool makes do with bare settings where there are none; the pages' tests need Fiel's."""
    set_django_up()


@pytest.mark.parametrize("language", tool.TRANSLATED)
def test_every_message_id_of_the_code_is_translated(language):
    assert tool.missing(language, tool.collected()) == []


@pytest.mark.parametrize("language", tool.TRANSLATED)
def test_a_translation_fills_the_places_its_message_has(language):
    def places(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    catalogue = tool.read_catalogue(tool._source(language), language)
    for message in catalogue:
        ids = (message.id,) if isinstance(message.id, str) else message.id
        texts = (message.string,) if isinstance(message.string, str) else message.string
        if not message.id or not all(texts) or "%(" in ids[0]:
            continue  # what is missing is told above; templates have places of their own
        for text in texts:
            assert places(text) <= set().union(*map(places, ids)), message.id
            assert places(text) >= places(ids[0]) - {"count"}, message.id


def test_ids_are_found_in_code_and_templates(tmp_path):
    (tmp_path / "till.py").write_text(
        'x = N_("one")\nsay(language, "two " "halves", n=1)\n'
        'say_many(language, "{count} cup", "{count} cups", n)\nsay(language, x)\n'
    )
    (tmp_path / "page.html").write_text(
        '{% load i18n %}{% translate "three" %}{% blocktranslate %}four {{ name }}'
        "{% endblocktranslate %}"
    )

    ids = {message.id for message in tool.collected(tmp_path) if message.id}

    assert ids == {
        "one",
        "two halves",
        ("{count} cup", "{count} cups"),
        "three",
        "four %(name)s",
    }
