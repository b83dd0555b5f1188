"""What the sales of a year make one ask of the taxpayer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from capgain.engine.box_letters import DIGITAL_BOXES, NOT_REPORTED
from capgain.engine.classes import AssetClass
from capgain.engine.money import dollars, from_cents
from capgain.engine.optional_reporting import STABLECOINS
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.engine.results.dispositions import Disposition
from capgain.workbook.handoff.workpapers.income_by_kind import COINS
from capgain.workbook.handoff.workpapers.question import AskedOf, Question, listed
from capgain.workbook.handoff.workpapers.zero_basis import rows_without_basis
from capgain.workbook.written.words import counted

FIRST_DIGITAL_QUESTION = 2019
FIRST_1099_DA = 2025


def digital_assets(about: AskedOf) -> Iterator[Question]:
    """The digital-asset question of Form 1040, and what the ledger says to it."""
    year = about.year
    if year.year < FIRST_DIGITAL_QUESTION:
        return
    sold = sum(row.asset_class.is_digital for row in year.dispositions)
    received = sum(sum(count for _, count in kind.by_account.values()) for kind in about.kinds if kind.label == COINS)
    given = sum(one.departure.asset_class.is_digital for one in about.given)
    if sold or received or given:
        says = (
            f"The ledger says Yes: {counted(sold, 'disposal')}, {counted(received, 'receipt')}, {given} given or lost."
        )
    else:
        says = "The ledger has no disposal and no receipt; buying with dollars or holding alone is No."
    yield Question(
        "Q-DA",
        f"At any time during {year.year}, did you receive (as a reward, award or payment for property or services) or "
        f"sell, exchange or otherwise dispose of a digital asset? {says}",
        "Form 1040, page 1, the digital-asset question",
    )


def january(about: AskedOf) -> Iterator[Question]:
    """Losses so near the year's end that a purchase in January washes them (26 USC 1091)."""
    year = about.year
    end = date(year.year, 12, 31)
    late = [
        row
        for row in year.dispositions
        if row.asset_class.is_security and row.gain_cents - row.wash_cents < 0 and end - row.sold < WINDOW
    ]
    if late:
        last = max(row.sold for row in late) + WINDOW
        named = listed([f"{asset} {day:%m/%d}" for asset, day in dict.fromkeys((row.asset, row.sold) for row in late)])
        yield Question(
            "Q-JAN",
            f"Losses were taken within 30 days of the year end: {named}. Did you, your spouse, an IRA or a company you "
            f"control buy the same or a substantially identical security up to {last:%m/%d/%Y}?",
            "Wash sales reach 30 days past the sale (IRC 1091)",
            is_open_point=True,
        )
    elif not about.is_over:
        yield Question(
            "Q-JAN",
            f"The year is not over. Will losses be taken in December, and the same securities bought again before "
            f"{end + WINDOW:%m/%d/%Y}, in any account?",
            "Wash sales reach 30 days past the sale (IRC 1091)",
            is_open_point=True,
        )


def forms_1099(about: AskedOf) -> Iterator[Question]:
    """Sales in a box of those reported, for which no Form 1099 was entered."""
    missing: defaultdict[str, list[Disposition]] = defaultdict(list)
    for row in about.year.dispositions:
        if row.box not in NOT_REPORTED and row.account not in about.reported_1099:
            missing[row.account].append(row)
    if missing:
        named = listed(
            [
                f"{account or 'no account named'} ({counted(len(rows), 'sale')}, "
                f"{dollars(from_cents(sum(row.proceeds_cents for row in rows)))})"
                for account, rows in sorted(missing.items())
            ]
        )
        yield Question(
            "Q-1099",
            f"No Form 1099 was entered for: {named}. Did one arrive? Please send it.",
            "Whether a sale was reported decides its box on Form 8949",
            is_open_point=True,
        )


def zero_basis(about: AskedOf) -> Iterator[Question]:
    """Sales of units that nobody bought."""
    rows = rows_without_basis(about.year)
    if rows:
        named = listed(
            [f"{row.quantity.normalize():f} {row.asset} sold {row.sold:%m/%d/%Y} (row {row.row})" for row in rows]
        )
        yield Question(
            "Q-ZERO",
            f"Sold without a purchase in the ledger: {named}. How and when were they acquired, and what records exist?",
            "Their basis is zero otherwise: the whole proceeds are taxed",
            is_open_point=True,
        )


def collectibles(about: AskedOf) -> Iterator[Question]:
    """Whether what may be collectibles is."""
    kinds = (AssetClass.COLLECTIBLE, AssetClass.NFT)
    assets = sorted({row.asset for row in about.year.dispositions if row.asset_class in kinds})
    if assets:
        yield Question(
            "Q-COLL",
            f"Are these collectibles (art, metals, gems, and NFTs that stand for such a thing): {listed(assets)}?",
            "28% rate (IRC 408(m), 1(h)(5); Notice 2023-27)",
        )


def aggregated(about: AskedOf) -> Iterator[Question]:
    """Stablecoins and NFTs, which a broker may report in one total."""
    if about.year.year < FIRST_1099_DA:
        return
    rows = [
        row
        for row in about.year.dispositions
        if row.box in DIGITAL_BOXES - NOT_REPORTED
        and (row.asset.upper() in STABLECOINS or row.asset_class is AssetClass.NFT)
    ]
    if rows:
        named = listed(sorted({f"{row.asset} at {row.account}" for row in rows}))
        yield Question(
            "Q-AGG",
            f"Sales of stablecoins or NFTs: {named}. Were they reported in total on one Form 1099-DA (box 11), "
            "or not at all?",
            "Form 1099-DA, optional reporting",
        )
