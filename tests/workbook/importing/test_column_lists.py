"""The headings of column_lists/lists.toml: each file is known by them for what it is."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from capgain.workbook.importing.format_files import known_formats
from capgain.workbook.importing.recognition import find_tables
from capgain.workbook.importing.source_files import SourceFile, SourceRow
from capgain.workbook.importing.source_tables import normal

FOLDER = Path(__file__).parent / "column_lists"
LISTS: dict[str, dict[str, str]] = {
    f"{source}-{place}": {"source": source, **one}
    for source, lists in tomllib.loads((FOLDER / "lists.toml").read_text("utf-8")).items()
    for place, one in enumerate(lists, start=1)
}
TABLES = {name: one["table"] for name, one in LISTS.items()}


@pytest.mark.parametrize("one", [pytest.param(one, id=f"{name} {TABLES[name]}") for name, one in LISTS.items()])
def test_a_file_is_known_by_its_headings(one: Mapping[str, str]) -> None:
    """By the format that bears its source's name, whose id is the column that names an event."""
    (header,) = csv.reader([one["header"]])
    source = SourceFile(Path("export.csv"), (SourceRow(1, tuple(header)), SourceRow(2, tuple("1" for _ in header))))
    found, *_ = find_tables(source, known_formats())
    assert found.table is not None
    assert normal(one["source"]) in (normal(found.format.key), normal(found.format.name).replace(".", ""))
    if "id" in one:
        assert normal(one["id"]) in map(normal, found.table.columns.get("id", ()))
