"""What a row seems to mean in the light of the others: an account left blank, a dividend that came in shares."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from capgain.engine.transactions import Acquisition, Buy, Disposal, Dividend, Sell, Transaction
from capgain.workbook.reading.amounts import money_text
from capgain.workbook.reading.complaints import and_more
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.written.misread import Misread, is_blank

_LIKE_A_PRICE = Decimal("0.2")
"""A dividend a unit of this part of the lowest price of a share is none: it is what shares were bought at with it."""


def report_blank_accounts(cells: LedgerCells, made: Sequence[Transaction]) -> None:
    """A blank account among named ones has lots of its own: asked about once for each asset."""
    named: dict[str, str] = {}
    blank: dict[str, list[int]] = {}
    for entry in made:
        if isinstance(entry, Acquisition | Disposal) and not entry.for_every_account:
            if entry.account:
                named.setdefault(entry.asset, entry.account)
            else:
                blank.setdefault(entry.asset, []).append(entry.row)
    for asset, rows in blank.items():
        if asset in named:
            cells.doubt(
                rows[0] - cells.first_row,
                "Account",
                Misread(
                    f"Account is blank, where other rows of {asset} name {named[asset]}: its units are taken to lie "
                    f"elsewhere{and_more(len(rows) - 1)}.",
                    "Enter the account.",
                    "ACCOUNT_BLANK",
                ),
                blocks_filing=True,
            )


def report_dividends_in_units(cells: LedgerCells, made: Sequence[Transaction]) -> None:
    """A dividend with a number of shares: those that paid, or, at a price like that of a share, shares received."""
    with_units = [
        entry
        for entry in made
        if isinstance(entry, Dividend) and not is_blank(cells.raw("Quantity")[entry.row - cells.first_row])
    ]
    if not with_units:
        return
    lowest: dict[str, Decimal] = {}
    for entry in made:
        if isinstance(entry, Buy | Sell) and entry.quantity and entry.amount:
            price = entry.amount / entry.quantity
            lowest[entry.asset] = min(price, lowest.get(entry.asset, price))
    for entry in with_units:
        i = entry.row - cells.first_row
        units = cells.stated_quantity(i)
        each = entry.amount / units if units else None
        if each is not None and entry.asset in lowest and each >= lowest[entry.asset] * _LIKE_A_PRICE:
            cells.doubt(
                i,
                "Quantity",
                Misread(
                    f"{money_text(entry.amount)} is about what the {entry.asset} in Quantity cost: they seem to have "
                    "been bought with it, and a Dividend is cash.",
                    "Use Reinvest if shares came in; else leave Quantity and Price blank.",
                    "DIVIDEND_IN_SHARES",
                ),
                blocks_filing=True,
            )
        elif is_blank(cells.raw("Price")[i]):
            cells.doubt(
                i,
                "Quantity",
                Misread(
                    "Quantity of a Dividend is not used: a Dividend is cash.",
                    "For a dividend in shares use Reinvest, Stock Dividend or Split; else leave Quantity blank.",
                    "DIVIDEND_IN_UNITS",
                ),
            )
