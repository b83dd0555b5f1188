"""No day and no zone is read beside the gate: what would read one stands in workbook/written alone."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
READS_BY_ITSELF = re.compile(
    r"zoneinfo|\bZoneInfo\(|strptime|fromisoformat|\b1899, 12, 3[01]\b|datetime\(1904|IntRange|click\.DateTime"
)
ELSEWHERE = {
    "addin/capgain/addin/cli/batch/command.py": "counts processes and seconds, no figure of a return",
    "addin/capgain/addin/libreoffice/calc.py": "compares LibreOffice's own null date",
    "workbook/capgain/workbook/handoff/contents.py": "takes the day of the package, which the program itself wrote",
}


def test_no_module_reads_a_day_or_a_zone_by_itself() -> None:
    program = [path for part in ("engine", "workbook", "addin") for path in (ROOT / part).rglob("*.py")]
    assert len(program) > 200
    found = {
        str(path.relative_to(ROOT))
        for path in program
        if path.parent.name != "written" and READS_BY_ITSELF.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(ELSEWHERE)
