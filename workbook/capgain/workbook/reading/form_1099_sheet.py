"""The sheet `1099`: its name and headings, for whoever reads it or fills it in."""

from __future__ import annotations

SHEET = "1099"
COLUMNS = ("Broker", "Form", "Box", "Asset", "Proceeds", "Basis", "Wash", "Reported")
"""Headings; Asset is blank or `total` on a row that stands for all of a broker's sales in the box."""
