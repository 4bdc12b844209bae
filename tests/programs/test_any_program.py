"""Any program that can be published can be told in words and compared."""

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.domain.document import read_document
from fiel.domain.language import LANGUAGES
from fiel.programs.difference import differences
from fiel.programs.words import changes_in_words, rules_text
from tests.domain.document.documents import documents

DOCUMENTS = documents().map(lambda plain: read_document(json.dumps(plain), format="json"))


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, st.sampled_from(LANGUAGES))
def test_every_program_has_its_rules_in_words(document, language):
    text = rules_text(document.program, language)
    assert text.startswith(f"# {document.program.name}\n")
    assert not re.search(r"\{[a-z]{3,}\}", text)  # every place was filled


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, DOCUMENTS, st.sampled_from(LANGUAGES))
def test_two_programs_differ_where_their_documents_do(before, after, language):
    changes = differences(before.plain, after.plain)
    assert bool(changes) or before.program == after.program
    told = changes_in_words(changes, before=before.program, after=after.program, language=language)
    assert bool(told) == bool(changes)
    assert all(change.before != change.after for change in told)


@settings(max_examples=30, deadline=None)
@given(DOCUMENTS)
def test_no_program_differs_from_itself(document):
    again = read_document(json.dumps(document.plain), format="json")
    assert differences(document.plain, again.plain) == []
