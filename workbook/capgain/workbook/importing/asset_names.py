"""Which asset a text of a source names, and the two assets of a trading pair."""

from __future__ import annotations

from functools import lru_cache

from capgain.workbook.importing.movements import OTHER_MONEY, USD
from capgain.workbook.importing.source_tables import Format, SourceTable


def is_money(asset: str) -> bool:
    """Dollars, another country's currency, or no asset named at all: nothing that has lots."""
    return not asset or asset.upper() == USD or asset.upper() in OTHER_MONEY


class AssetNames:
    """The names of assets as one table of a format writes them; `asset` gives the ledger's name, "" for none."""

    def __init__(self, known: Format, table: SourceTable) -> None:
        self._known = known.assets
        self._endings = sorted(known.asset_endings, key=len, reverse=True)
        self._is_of_coins = known.kind in ("exchange", "wallet")
        self._quotes = sorted(table.quotes, key=len, reverse=True)
        self.asset = lru_cache(maxsize=4096)(self._asset)

    def _asset(self, written: str) -> str:
        name = " ".join(written.split())
        known = self._known.get(name.upper())
        if known is not None:
            return known
        for ending in self._endings:
            if name.upper().endswith(ending) and len(name) > len(ending):
                return self._asset(name[: -len(ending)])
        if name in ("--", "-"):
            return ""
        return name.upper() if self._is_of_coins and name.islower() else " ".join(name.split())

    def are_one(self, one: str, other: str) -> bool:
        """Whether two names are of one asset."""
        return self.asset(one).casefold() == self.asset(other).casefold()

    def pair(self, pair: str) -> tuple[str, str]:
        """The asset traded and the one it is quoted in; two empty texts where the pair cannot be split."""
        for separator in ("/", "-", "_", ":"):
            base, found, quote = pair.partition(separator)
            if found:
                return self.asset(base), self.asset(quote)
        for quote in self._quotes:
            if pair.upper().endswith(quote) and len(pair) > len(quote):
                return self.asset(pair[: -len(quote)]), self.asset(quote)
        return ("", "") if "USD" not in self._quotes or len(self._quotes) > 1 else (self.asset(pair), USD)
