"""The project's own papers say what is true of it."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DECISIONS = ROOT / "docs" / "decisions"
RECORDS = sorted(DECISIONS.glob("[0-9]*.md"))
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PARTS = ["Context", "Decision", "Consequences", "Alternatives", "What enforces it"]
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
# Folders of one machine, and of the account that happens to work on it.
ONE_MACHINE = re.compile(r"(?<![\w.])/(?:root|work|home|Users)/\w|\.\./shared")


def headings(page):
    return re.findall(r"^## (.+)$", page.read_text(), flags=re.MULTILINE)


def named(page):
    return page.relative_to(ROOT).as_posix()


def tracked_files():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


@pytest.mark.parametrize("record", RECORDS, ids=named)
def test_a_decision_record_has_its_five_parts_on_one_page(record):
    assert headings(record) == PARTS
    assert len(record.read_text().splitlines()) <= 60


def test_every_decision_record_is_listed_under_its_number_and_title():
    listed = re.findall(r"\[(\d+)\]\((.+?)\) \| (.+?) \|", (DECISIONS / "README.md").read_text())
    kept = [
        (number, record.name, title)
        for record in RECORDS
        for number, title in [re.match(r"# (\d+)\. (.+)", record.read_text()).groups()]
    ]

    assert listed == kept
    assert [int(number) for number, _, _ in kept] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_between_pages_lead_somewhere(page):
    targets = [link for link in LINK.findall(page.read_text()) if "://" not in link]

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_is_listed_in_the_documentation():
    listed = set(LINK.findall((ROOT / "docs" / "README.md").read_text()))
    pages = {page.name for page in ROOT.glob("docs/*.md")} - {"README.md"}

    assert pages <= listed


def test_the_readme_says_the_same_things_in_english_and_spanish():
    english, spanish = ROOT / "README.md", ROOT / "README.es.md"

    assert len(headings(english)) == len(headings(spanish))
    assert commands(english) == commands(spanish)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_make_commands_that_a_page_names_exist(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))

    assert set(re.findall(r"`make ([a-z]+)", page.read_text())) <= targets


def test_make_lists_every_command_with_what_it_does():
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (help .+)$", makefile, flags=re.MULTILINE).group(1).split()

    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout

    assert [line.split()[1] for line in listed.splitlines()] == phony


def test_no_file_names_a_folder_of_one_machine():
    naming = []
    for path in tracked_files():
        if path.suffix in {".lock", ".parquet", ".png", ".svg"} or not path.exists():
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        naming += [f"{named(path)}: {found.group()}" for found in ONE_MACHINE.finditer(text)]

    assert naming == []


def commands(page):
    """The lines of a page's command blocks that a person types."""
    return re.findall(r"^(?:make|\.venv/bin/fiel|curl) .+$", page.read_text(), flags=re.MULTILINE)
