"""The setting Stablecoins: which coins an import takes at one dollar. An assumption of the person, off by default."""

from __future__ import annotations

import re
from collections.abc import Sequence

STABLECOINS = "Stablecoins"
"""The setting's name."""

ONE_DOLLAR = frozenset({"USDC", "USDT", "DAI", "PYUSD", "GUSD", "USDP", "TUSD", "BUSD", "FDUSD", "RLUSD", "USDG"})
"""What `yes` means: coins whose issuers say that one is worth one US dollar."""


def stablecoins_in(said: Sequence[str]) -> frozenset[str]:
    """The coins that words of the setting name: `yes` for all of ONE_DOLLAR, `no` for none, else a list."""
    found: set[str] = set()
    for text in said:
        for word in filter(None, map(str.strip, re.split("[,;]", text))):
            if word.casefold() in ("yes", "true", "all"):
                found |= ONE_DOLLAR
            elif word.casefold() not in ("no", "false", "none"):
                found.add(word.upper())
    return frozenset(found)
