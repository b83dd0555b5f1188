"""What the site has beside this folder: pages that stand elsewhere in the tree, and links that leave it.

A hook of MkDocs. A link to a page of the tree leads to its page of the site; any other link out of this folder leads
into the repository named by CAPGAIN_REPOSITORY, and is plain text where none is named.
"""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]

PAGES = {
    "engine/DECISIONS.md": "law/decisions.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
    "benchmarks/README.md": "benchmarks.md",
    "SECURITY.md": "security.md",
}
"""Files of the tree, and where they stand on the site."""

_LINK = re.compile(r"\[(?P<text>[^\]\n]+)\]\((?P<target>[^)#\s]+)(?P<anchor>#[^)\s]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that stand elsewhere."""
    for source, page in PAGES.items():
        if (ROOT / source).is_file():
            files.append(File.generated(config, page, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Let each link lead where the site has its target."""
    written = page.file.src_uri
    in_tree = next((source for source, uri in PAGES.items() if uri == written), f"docs/{written}")

    def link(match: re.Match[str]) -> str:
        target = match["target"]
        if re.match(r"[a-z]+:", target):
            return match[0]
        place = posixpath.normpath(posixpath.join(posixpath.dirname(in_tree), target))
        uri = PAGES.get(place, place.removeprefix("docs/") if place.startswith("docs/") else "")
        if uri:
            to = posixpath.relpath(uri, posixpath.dirname(written) or ".")
            return f"[{match['text']}]({to}{match['anchor'] or ''})"
        repository = os.environ.get("CAPGAIN_REPOSITORY", "").rstrip("/")
        return f"[{match['text']}]({repository}/blob/main/{place})" if repository else match["text"]

    return _LINK.sub(link, markdown)
