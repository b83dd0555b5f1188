"""`capgain` on small ledgers, held to the contract: command line, exit codes and the JSON document."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from contract_answers import Answer, Document, Write, capgain


@pytest.fixture
def ledger(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "ledger.csv"
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    return write


@pytest.fixture
def answer(ledger: Write) -> Answer:
    def compute(text: str, *options: str, exit_code: int = 0) -> Document:
        result = capgain("compute", ledger(text), "--json", *options)
        assert result.exit_code == exit_code, result.output
        found = json.loads(result.stdout)
        assert isinstance(found, dict)
        return found

    return compute
