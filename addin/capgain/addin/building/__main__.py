"""Write the pages of a source tree that are made from the registry: `python -m capgain.addin.building`."""

from __future__ import annotations

import sys
from pathlib import Path

from capgain.addin.building.pages import pages

ROOT = Path(__file__).parents[4]

if __name__ == "__main__":
    if not (ROOT / "pyproject.toml").is_file():
        sys.exit(f"{ROOT} is no source tree of CapGain: run this in one.")
    for path, content in pages(ROOT).items():
        path.write_text(content, encoding="utf-8", newline="\n")
