"""Write the files of the source tree that are made from the registry: `python -m capgain.addin.excel.building`."""

from __future__ import annotations

from pathlib import Path

from capgain.addin.excel.building.lite_module import lite_module
from capgain.addin.functions.reference_page import reference_page

ADDIN = Path(__file__).parents[1]
ROOT = ADDIN.parents[3]

if __name__ == "__main__":
    (ADDIN / "lite.py").write_text(lite_module(), encoding="utf-8")
    (ROOT / "docs" / "functions.md").write_text(reference_page(), encoding="utf-8")
