"""Every case and sample imported and computed: the figures are those of a second calculation, or it says NOT READY."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract_answers import capgain
from law.tables import table

from .plain_fifo import Gains, OutOfReach, gains
from .test_formats import NAMES, SAMPLES, imported
from .test_import_cases import CASES, TAX_ZONE

WITH_A_BOOK = sorted(name for name, case in CASES.items() if "exit" not in case["expected"])
SECOND_CALCULATION = 20
"""Cases at least whose gains are worked out twice."""

CENT = Decimal("0.01")
"""By which a share of a lot's basis may be rounded the other way."""

Document = Mapping[str, Any]


def computed(book: Path) -> Document:
    done = capgain("compute", book, "--year", "all", "--status", "single", "--json")
    document: Document = json.loads(done.stdout)
    assert done.exit_code == (0 if document["years"] else 1), done.output
    return document


def gains_of(document: Document) -> Gains:
    found: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for year in document["years"]:
        for row in rows_in(document, year):
            found[int(year), row["asset"]] += Decimal(row["gain"])
    return dict(found)


def rows_in(document: Document, year: str) -> Sequence[Mapping[str, str]]:
    rows: Sequence[Mapping[str, str]] = document["years"][year]["dispositions"]
    return rows


def expected(rows: Sequence[Mapping[str, str]]) -> Gains | None:
    """None where the second calculation does not reach."""
    try:
        return gains(rows)
    except OutOfReach:
        return None


def check(document: Document, rows: Sequence[Mapping[str, str]], iras: frozenset[str] = frozenset()) -> bool:
    """Whether the gains were compared; a document that is not ready says why, and one that has no years has errors."""
    errors = [problem for problem in document["problems"] if problem["severity"] == "error"]
    if not document["years"]:
        assert errors
        assert not document["filing_ready"]
        return False
    assert not errors
    assert document["filing_ready"] or document["problems"]
    twice = expected([row for row in rows if row.get("Account") not in iras])
    if twice is not None:
        ours = gains_of(document)
        assert ours.keys() == twice.keys()
        rows_of = Counter((int(year), row["asset"]) for year in document["years"] for row in rows_in(document, year))
        assert [key for key, gain in twice.items() if abs(gain - ours[key]) > CENT * (rows_of[key] - 1)] == []
    return twice is not None


@pytest.mark.parametrize("name", WITH_A_BOOK)
def test_a_case_computes_to_what_a_second_calculation_gives_or_is_not_ready(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[name]
    given, book = tmp_path / "given", tmp_path / "book.xlsx"
    given.mkdir()
    for file, text in case["files"].items():
        (given / file).write_text(text, encoding="utf-8", newline="")
    monkeypatch.chdir(given)
    capgain("import", *case["import"], "-o", book, "--time-zone", TAX_ZONE, *case.get("options", ()))
    document = computed(book)
    iras = frozenset(name for name, kind in case["expected"].get("accounts", {}).items() if kind == "ira")
    ledger = table(case["expected"]["ledger"])
    reached = check(document, ledger, iras)
    if case["expected"].get("open_items"):
        assert not document["filing_ready"]
    assert reached or name not in REACHED


REACHED = frozenset(name for name in WITH_A_BOOK if expected(table(CASES[name]["expected"]["ledger"])))


def test_most_cases_are_worked_out_twice() -> None:
    assert len(REACHED) >= SECOND_CALCULATION


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_computes_to_what_a_second_calculation_gives_or_is_not_ready(name: str, tmp_path: Path) -> None:
    rows = []
    waits = False
    with (SAMPLES / "expected" / f"{name}.csv").open(encoding="utf-8", newline="") as text:
        for line in csv.reader(text):
            waits = waits or line[0] == "problem"
            if line[0] not in ("problem", "ignored"):
                rows.append(dict(cell.split("=", 1) for cell in line[1:]))
    document = computed(imported(name, tmp_path).output)
    check(document, rows)
    if waits:
        assert not document["filing_ready"]
