"""The links of the package's page: those of the repository that builds it, named by CAPGAIN_REPOSITORY; else none.

A release sets it to the address of its own repository, so that a fork never points to another's pages.
"""

from __future__ import annotations

import os
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class ProjectUrls(MetadataHookInterface):
    """Fills in `project.urls`."""

    def update(self, metadata: dict[str, Any]) -> None:
        repository = os.environ.get("CAPGAIN_REPOSITORY", "").rstrip("/")
        if repository:
            metadata["urls"] = {
                "Source": repository,
                "Changes": f"{repository}/blob/main/CHANGELOG.md",
                "Problems": f"{repository}/issues",
                "Documentation": os.environ.get("CAPGAIN_SITE", f"{repository}/tree/main/docs"),
            }
