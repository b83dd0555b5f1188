"""Regular expressions mean the same under every Python that CapGain runs on."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
NEVER_GIVEN_BACK = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+|\(\?>")
"""A group that gives nothing back. Python before 3.11.5, Debian 12 has it, matches one wrongly that holds a choice
or a repetition (gh-106052); of a single character or class it matches it right."""


def texts_of(path: Path) -> list[str]:
    if path.suffix == ".toml":
        return [path.read_text("utf-8")]
    found = [node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)]
    return [one if isinstance(one, str) else one.decode("latin-1") for one in found if isinstance(one, str | bytes)]


def test_no_expression_has_a_group_that_gives_nothing_back() -> None:
    files = [path for source in ("engine", "workbook", "addin") for path in (ROOT / source).rglob("*.*")]
    searched = [path for path in files if path.suffix in (".py", ".toml")]
    assert len(searched) > 300
    found = [(path.name, text) for path in searched for text in texts_of(path) if NEVER_GIVEN_BACK.search(text)]
    assert not found
    for wrong in ("(?:a|b)*+", "(?:ab?)?+", "(?:a+){2,3}+", "(?>a|b)"):
        assert NEVER_GIVEN_BACK.search(wrong)
    for right in (r"[^>]*+", r"\s++", r"(?:a|b)*", r"\)*+", "=SUM(A1)+B2"):
        assert not NEVER_GIVEN_BACK.search(right)
