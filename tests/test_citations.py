"""No citation leads nowhere: rules (R-…), decisions (A-13), the contract, cases (V024), files, tests and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("engine", "workbook", "addin", "tests", "docs", "benchmarks")
KINDS = frozenset({".py", ".toml", ".md", ".txt", ".bas", ".cls"})
DECISIONS = ROOT / "engine" / "DECISIONS.md"
CONTRACT = ROOT / "docs" / "contract.md"

RULE = re.compile(r"\bR-([A-Z]+)-(\d+)((?:(?: to |, | and )\d+(?!\d*\.))*)")
DECISION = re.compile(r"\b[ACEFILPSWY]-\d+\b")
OPEN_QUESTION = re.compile(r"\bA-\d+\b")
OF_CONTRACT = re.compile(r"\bcontract, ((?:section|column|setting|sheet|command) [\w ]+|[A-Z]\w+)(?:, ([A-Z]\w+))?")
CASE = re.compile(r"\bV(\d{3})\b")


@cache
def texts() -> dict[str, str]:
    """Every source, test and page, by its path."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")) if path.suffix in KINDS]
    paths += sorted(ROOT.glob("*.md"))
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths if path != Path(__file__)
    }


def headings(path: Path, level: str) -> list[str]:
    return re.findall(rf"(?m)^{level} (.+)$", path.read_text(encoding="utf-8"))


def rules() -> list[str]:
    found = [title for page in sorted((ROOT / "docs" / "law").glob("*.md")) for title in headings(page, "###")]
    return [title.partition(" ")[0] for title in found if title.startswith("R-")]


def decisions() -> list[str]:
    return [one for title in headings(DECISIONS, "###") for one in DECISION.findall(title)]


def rules_cited(text: str) -> Iterator[str]:
    """`R-LOT-3, R-LOT-10 to 13` are R-LOT-3 and R-LOT-10, -11, -12 and -13."""
    for kind, number, more in RULE.findall(text):
        last = int(number)
        yield f"R-{kind}-{number}"
        for joint, further in re.findall(r"( to |, | and )(\d+)", more):
            for one in range(last + 1 if joint == " to " else int(further), int(further) + 1):
                yield f"R-{kind}-{one}"
            last = int(further)


def decisions_cited(text: str) -> Iterator[str]:
    """Open questions (A-…) wherever they stand; other letters where DECISIONS is named beside them."""
    yield from OPEN_QUESTION.findall(text)
    for after in re.findall(r"DECISIONS(?:\.md)?[`,)]*\s+((?:[A-Z]-\d+(?:, | and )?)+)", text):
        yield from DECISION.findall(after)
    for before in re.findall(r"((?:[A-Z]-\d+(?:, | and )?)+)\s+of\s+DECISIONS", text):
        yield from DECISION.findall(before)


def test_citations_are_read_as_people_write_them() -> None:
    assert list(rules_cited("R-LOT-3, R-LOT-10 to 13; R-NUM-2 and 5")) == [
        *("R-LOT-3", "R-LOT-10", "R-LOT-11", "R-LOT-12", "R-LOT-13", "R-NUM-2", "R-NUM-5")
    ]
    assert set(decisions_cited("(DECISIONS.md, W-1), (A-3), L-1 and L-2 of\nDECISIONS, Form W-2")) == {
        *("W-1", "A-3", "L-1", "L-2")
    }


def test_every_rule_cited_is_described_in_docs_law() -> None:
    known = set(rules())
    dangling = {(file, one) for file, text in texts().items() for one in rules_cited(text) if one not in known}
    assert not dangling


def test_every_decision_cited_is_an_entry_of_decisions() -> None:
    known = set(decisions())
    dangling = {(file, one) for file, text in texts().items() for one in decisions_cited(text) if one not in known}
    assert not dangling


def test_no_id_is_given_twice() -> None:
    for ids in (rules(), decisions()):
        assert len(ids) == len(set(ids))


def test_every_place_of_the_contract_that_is_cited_is_in_it() -> None:
    sections = headings(CONTRACT, "##")
    parts = {title.lower() for title in headings(CONTRACT, "###")}
    columns = {
        name.lower()
        for row in re.findall(r"(?m)^\| ([^|]+) \|", CONTRACT.read_text(encoding="utf-8"))
        for name in re.findall(r"[\w ]+", row)
    }

    def is_known(place: str) -> bool:
        kind, _, name = place.partition(" ")
        if kind == "section":
            return any(title.startswith(f"{name}. ") for title in sections)
        return name.strip().lower() in columns if name else place.lower() in parts

    cited = {
        (file, place)
        for file, text in texts().items()
        for places in OF_CONTRACT.findall(text)
        for place in places
        if place
    }
    assert len(cited) > 8
    assert not [one for one in cited if not is_known(one[1])]


@pytest.mark.parametrize(
    "page", ["engine/DECISIONS.md", *(f"docs/law/{path.name}" for path in (ROOT / "docs" / "law").glob("*.md"))]
)
def test_every_case_named_is_in_the_tests(page: str) -> None:
    written = {
        number
        for file, text in texts().items()
        if file.startswith("tests/law/cases/")
        for number in re.findall(r'(?m)^id = "V(\d{3})"', text)
    }
    assert len(written) > 150
    assert not set(CASE.findall(texts()[page])) - written


def test_every_entry_of_decisions_has_its_fields_and_they_lead_somewhere() -> None:
    tests = "\n".join(text for file, text in texts().items() if file.startswith("tests/"))
    for entry in re.split(r"(?m)^### ", texts()["engine/DECISIONS.md"])[1:]:
        title = entry.partition("\n")[0]
        for name in ("Decision:", "Why:", "Status:", "Code:"):
            assert name in entry, (title, name)
        assert re.search(r"intended tax behavior|project interpretation|scope boundary", entry), title
        for name in re.findall(r"`([\w/]+\.(?:py|toml)|[a-z]+/[\w/]+)`", entry):
            here = [ROOT / name, ROOT / "engine" / "capgain" / "engine" / name, ROOT / "tests" / "law" / name]
            assert any(path.exists() for path in here), (title, name)
        for name in re.findall(r"`(test_\w+)`", entry):
            assert f"def {name}(" in tests, (title, name)


PAGES = [file for file in texts() if file.endswith(".md")]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(#[^)\s]*)?\)", texts()[page]):
        if target.startswith(("http:", "https:")):
            continue
        path = (ROOT / page).parent / target if target else ROOT / page
        assert path.exists(), target
        if anchor:
            titles = re.findall(r"(?m)^#+ (.+)$", path.read_text(encoding="utf-8"))
            assert anchor[1:] in {anchor_of(title) for title in titles}, anchor


def anchor_of(title: str) -> str:
    """As GitHub makes it: lower case, blanks to hyphens, other marks gone."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
