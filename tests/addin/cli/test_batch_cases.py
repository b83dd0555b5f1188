"""Folders of clients as batch/*.toml hold them, and what `capgain batch` answers of each client.

- `books`: workbooks by path, `files`: everything else. `options`: of the command.
- `clients`: all of them, each with these entries of the JSON document; a blank cell is not asserted, `null`
  is an entry that is null, `-` one that is null or not there.
- `drift`: lines that must be there; `no_drift`: clients without one.
- `files`, `files_absent`: in the output folder. `not_in_index`: words that index.json never says.
- `unchanged_when_run_again`: clients that a second run does not make anew.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from books_of_tables import written
from contract_answers import capgain
from law.tables import table
from waiting import each

FOLDER = Path(__file__).parent / "batch"
CASES = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.toml"))}


def clients_of(case: Mapping[str, Any], folder: Path) -> Path:
    for name, book in case.get("books", {}).items():
        written(book, folder / name)
    for name, text in case["files"].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def answered(folder: Path, output: Path, case: Mapping[str, Any]) -> tuple[int, Mapping[str, Mapping[str, Any]]]:
    result = capgain("batch", folder, "-o", output, "--json", *case.get("options", ()))
    return result.exit_code, {one["file"]: one for one in json.loads(result.stdout)["clients"]}


@pytest.mark.parametrize("case", each(CASES, FOLDER / "waiting.txt"))
def test_each_client_of_the_folder_is_answered(case: Mapping[str, Any], tmp_path: Path) -> None:
    expected = case["expected"]
    folder, output = clients_of(case, tmp_path / "clients"), tmp_path / "output"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    exit_code, clients = answered(folder, output, case)
    rows = table(expected["clients"])
    assert exit_code == expected["exit"]
    assert sorted(clients) == sorted(row["file"] for row in rows)
    for row in rows:
        one = clients[row["file"]]
        assert [name for name, cell in row.items() if cell == "-" and one.get(name) is not None] == []
        facts = {name: None if cell == "null" else cell for name, cell in row.items() if cell not in ("", "-")}
        assert facts == {name: None if one[name] is None else str(one[name]) for name in facts}
    for row in table(expected["drift"]) if "drift" in expected else ():
        file = row.pop("file")
        assert row in [{name: str(line[name]) for name in row} for line in clients[file]["drift"]]
    assert all(clients[name]["drift"] == [] for name in expected.get("no_drift", ()))
    assert [name for name in expected.get("files", ()) if not (output / name).exists()] == []
    assert [name for name in expected.get("files_absent", ()) if (output / name).exists()] == []
    index = (output / "index.json").read_text("utf-8")
    assert [word for word in expected.get("not_in_index", ()) if word in index] == []
    if "unchanged_when_run_again" in expected:
        _, again = answered(folder, output, case)
        assert {again[name]["made"] for name in expected["unchanged_when_run_again"]} == {"unchanged"}
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
