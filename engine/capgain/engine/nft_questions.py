"""Whether a token stands for a collectible, which only its owner can say (Notice 2023-27; 26 USC 1(h)(5), 408(m))."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from capgain.engine.classes import AssetClass, Term
from capgain.engine.ledger import Ledger
from capgain.engine.problems import Problem, Severity
from capgain.engine.results.dispositions import Disposition


def nft_questions(ledger: Ledger, dispositions: Iterable[Disposition]) -> Iterator[Problem]:
    """One question for each token sold at a long-term gain, until Settings answer it."""
    asked: set[str] = set()
    for row in dispositions:
        if row.asset_class is not AssetClass.NFT or row.term is not Term.LONG or row.gain_cents <= 0:
            continue
        if row.asset in asked or row.asset in ledger.settings.collectible_by_asset:
            continue
        asked.add(row.asset)
        yield Problem(
            Severity.WARNING,
            ledger.sheet,
            row.row,
            "Class",
            f"{row.asset} is a token sold at a long-term gain: if what it stands for is a collectible, the gain is "
            "taxed at up to 28% (Notice 2023-27); it is taken as none.",
            f"Set Collectible {row.asset} = yes, or = no where what stands behind it is no collectible.",
            "NFT_LOOK_THROUGH",
            blocks_filing=True,
            year=row.sold.year,
        )
