"""docs/importing.md: it names every source, and its worked mappings bring their files in as it says."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from capgain.workbook.importing.format_files import known_formats
from capgain.workbook.importing.import_files import import_files

PAGE = (Path(__file__).parents[3] / "docs" / "importing.md").read_text(encoding="utf-8")
FENCED = dict(re.findall(r"`(\w+\.(?:csv|toml))`:(?:(?!```).)*?```\w+\n(.*?)```", PAGE, re.DOTALL))
LEDGERS = {
    "statement corner": [
        ("Buy", "VTI", "10", "2500.00", "1.50"),
        ("Sell", "VTI", "4", "1080.00", "1.50"),
    ],
    "journal journal": [("Buy", "BTC", "0.02", "1200", "3")],
    "swaps swaps": [("Trade", "SOL", "2", "300", "1.5"), ("Gift Out", "SOL", "0.1", "15", "")],
}


@pytest.mark.parametrize("names", LEDGERS)
def test_a_worked_mapping_brings_its_file_in(names: str, tmp_path: Path) -> None:
    table, mapping = names.split()
    (tmp_path / f"{table}.csv").write_text(FENCED[f"{table}.csv"], encoding="utf-8")
    (tmp_path / f"{mapping}.toml").write_text(FENCED[f"{mapping}.toml"], encoding="utf-8")
    result = import_files(
        [tmp_path / f"{table}.csv"],
        output=tmp_path / "book.xlsx",
        formats=[tmp_path / f"{mapping}.toml"],
        time_zone="America/New_York",
    )
    rows = [
        (row.type, *(str(row.values.get(name, "")) for name in ("Asset", "Quantity", "Amount", "Fee")))
        for row in result.rows
    ]
    assert [row[:3] for row in rows] == [row[:3] for row in LEDGERS[names]]
    for found, expected in zip(rows, LEDGERS[names], strict=True):
        assert [Decimal(cell or 0) for cell in found[3:]] == [Decimal(cell or 0) for cell in expected[3:]]
    assert not result.problems


def test_the_page_names_every_source() -> None:
    rows = re.findall(r"(?m)^\| ([^|]+) \|", PAGE)
    named = {name.strip() for row in rows for name in re.split(r",|\(|\)", row)}
    assert {known.name for known in known_formats()} - named == {"CapGain"}
