"""The types of transaction by name: those of the ledger, what people call them, and those refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from capgain.engine.transactions import Transaction
from capgain.workbook.reading import event_rows, trade_rows
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell, Misread, error_value, shown
from capgain.workbook.written.words import close_words, one_of, plain


@dataclass(frozen=True, slots=True)
class RowType:
    """A type of row: its name, the columns it reads beside those that every row has, and what makes it.

    `needs_asset`: column Asset may not be blank.
    """

    name: str
    make: Callable[[LedgerCells, int], Transaction]
    columns: frozenset[str]
    needs_asset: bool = True

    @property
    def names_its_lot(self) -> bool:
        """Column Lot is the id of the lot acquired, not a choice among lots."""
        return "Lot" in self.columns and "Identified" not in self.columns


COMMON_COLUMNS = frozenset({"Date", "Type", "Asset", "Account", "Class", "Note", "ID", "Underlying"})
"""Columns that any row may fill; Underlying tells what an option is on, whatever the row."""

_MONEY = frozenset({"Quantity", "Price", "Amount"})
_COSTS = frozenset({"Fee", "Fee Asset", "Fee Quantity"})
_RELIEF = frozenset({"Lot", "Identified", "Method"})
_FORM = frozenset({"Reported", "Reported Proceeds", "Reported Basis", "Code", "Adjustment", "Order"})
_PURCHASE = _MONEY | _COSTS | {"Lot", "Order"}
_SALE = _MONEY | _COSTS | _RELIEF | _FORM
_GIVEN_AWAY = _MONEY | _COSTS | _RELIEF
_SWAPPED = frozenset({"Quantity", "Received Asset"})

ROW_TYPES = (
    RowType("Buy", trade_rows.buy, _PURCHASE),
    RowType("Sell", trade_rows.sell, _SALE),
    RowType("Reinvest", trade_rows.reinvest, _PURCHASE),
    RowType("Trade", trade_rows.trade, _SALE | {"Received Asset", "Received Quantity"}),
    RowType("Spend", trade_rows.spend, _SALE),
    RowType("Donate", trade_rows.donate, _GIVEN_AWAY),
    RowType("Gift Out", trade_rows.gift_out, _GIVEN_AWAY),
    RowType("Lost", trade_rows.lost, _GIVEN_AWAY),
    RowType("Income", trade_rows.income, _MONEY | _COSTS | {"Lot"}),
    RowType("Dividend", event_rows.dividend, _MONEY, needs_asset=False),
    RowType("Interest", event_rows.interest, frozenset({"Amount", "Quantity"}), needs_asset=False),
    RowType("Capital Gain Distribution", event_rows.capital_gain_distribution, _MONEY),
    RowType("Exempt-Interest Dividend", event_rows.exempt_interest_dividend, _MONEY),
    RowType(
        "Transfer",
        trade_rows.transfer,
        _COSTS | _RELIEF | {"Quantity", "Price", "To Account", "Received Asset", "Received Quantity"},
    ),
    RowType("Fee", trade_rows.fee, _MONEY | _RELIEF | _FORM),
    RowType("Opening", trade_rows.opening, frozenset({"Quantity", "Acquired", "Basis", "Lot"})),
    RowType("Gift In", trade_rows.gift_in, _MONEY | _COSTS | {"Acquired", "Basis", "Lot"}),
    RowType("Inherit", trade_rows.inherit, _MONEY | _COSTS | {"Lot"}),
    RowType("Split", event_rows.split, frozenset({"Quantity", "Amount"})),
    RowType("Stock Dividend", event_rows.stock_dividend, _SWAPPED | {"Basis", "Amount"}),
    RowType("Spin-off", event_rows.spin_off, _SWAPPED | {"Basis", "Amount"}),
    RowType("Merger", event_rows.merger, _SWAPPED | {"Price", "Amount"}),
    RowType("Return of Capital", event_rows.return_of_capital, _MONEY),
    RowType("Short Sell", trade_rows.short_sell, _SALE - {"Lot"}),
    RowType("Cover", trade_rows.cover, _SALE),
    RowType("Worthless", trade_rows.worthless, _RELIEF | _FORM | {"Quantity"}),
    RowType("Method", event_rows.method_order, frozenset({"Method", "Identified"}), needs_asset=False),
    RowType(
        "Allocation",
        event_rows.allocation,
        frozenset({"Quantity", "Lot", "Method", "Identified"}),
        needs_asset=False,
    ),
)
"""Every type of a ledger, in the order of its description."""

TYPE_NAMES = tuple(row_type.name for row_type in ROW_TYPES)

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "Buy": ("Bought", "Purchase", "Purchased", "Buy to Open", "Market Buy", "Limit Buy"),
    "Sell": (
        "Sold",
        "Sale",
        "Sell to Close",
        "Market Sell",
        "Limit Sell",
        "Redeem",
        "Redemption",
        "Redeemed",
        "Maturity",
        "Matured",
        "Liquidation",
    ),
    "Reinvest": ("Reinvestment", "DRIP", "Dividend Reinvestment", "Reinvested Dividend", "Reinvest Dividend"),
    "Trade": ("Swap", "Convert", "Conversion", "Crypto Trade", "Exchange"),
    "Spend": ("Spent", "Payment", "Card Spend"),
    "Donate": ("Donation", "Donated", "Charity", "Charitable Contribution"),
    "Gift Out": ("Gift Sent", "Gift Given", "Gift Made", "Send Gift"),
    "Lost": ("Stolen", "Theft", "Lost or Stolen", "Hack", "Scam"),
    "Income": (
        "Staking",
        "Staking Reward",
        "Staking Rewards",
        "Staking Income",
        "Reward",
        "Rewards",
        "Mining",
        "Mined",
        "Airdrop",
        "Hard Fork",
        "Fork",
        "Pay",
        "Wages",
        "Salary",
        "Vest",
        "RSU Vest",
        "Vesting",
        "Learning Reward",
        "Crypto Interest",
    ),
    "Dividend": ("Dividends", "Div", "Cash Dividend", "Ordinary Dividend", "Qualified Dividend"),
    "Interest": ("Interest Income", "Bank Interest", "Bond Interest"),
    "Capital Gain Distribution": (
        "Capital Gains Distribution",
        "Long-Term Capital Gain Distribution",
        "LT Cap Gain Distribution",
        "Cap Gain Distribution",
    ),
    "Exempt-Interest Dividend": ("Tax-Exempt Dividend", "Tax-Exempt Interest Dividend"),
    "Transfer": ("Move", "Internal Transfer", "Wallet Transfer", "Own Transfer"),
    "Fee": ("Fees", "Network Fee", "Gas", "Gas Fee", "Transaction Fee"),
    "Opening": ("Opening Balance", "Opening Lot", "Opening Position", "Starting Balance", "Beginning Balance"),
    "Gift In": ("Gift Received", "Received Gift"),
    "Inherit": ("Inherited", "Inheritance"),
    "Split": ("Stock Split", "Share Split", "Forward Split", "Reverse Split"),
    "Stock Dividend": ("Dividend in Stock",),
    "Spin-off": ("Spun Off",),
    "Merger": ("Stock Merger", "Takeover", "Acquisition Merger"),
    "Return of Capital": ("ROC", "Nondividend Distribution", "Return of Principal"),
    "Short Sell": ("Short Sale", "Sell Short", "Sold Short", "Short", "Sell to Open"),
    "Cover": ("Buy to Cover", "Buy to Close", "Short Cover", "Cover Short"),
    "Worthless": ("Worthless Security", "Worthless Stock"),
    "Method": ("Standing Order", "Lot Method", "Relief Method"),
    "Allocation": ("Allocate", "Safe Harbor", "Safe Harbor Allocation"),
}
"""What else people call each type."""

REFUSED: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("Constructive Sale", "Short Against the Box"),
        "constructive sales (26 USC 1259) are not computed",
        "Work out the constructive sale with your adviser and enter what follows from it as Sell and Buy rows.",
    ),
    (
        ("Straddle", "Offsetting Position"),
        "straddles (26 USC 1092) are not computed",
        "Report them on Form 6781 outside this workbook; its result goes into settings Schedule D 4 and Schedule D 11.",
    ),
    (
        ("Section 1256", "1256", "1256 Contract", "Future", "Futures", "Index Option", "Mark to Market", "475"),
        "section 1256 contracts and mark to market are not computed",
        "Report them on Form 6781 outside this workbook; its result goes into settings Schedule D 4 and Schedule D 11.",
    ),
    (
        (
            "Perpetual",
            "Perpetuals",
            "Perp",
            "Perps",
            "Perpetual Future",
            "Funding",
            "Funding Fee",
            "Realized PnL",
            "PnL",
        ),
        "perpetual and other crypto futures are not computed",
        "Decide with your adviser how they are taxed; they are not lots of an asset.",
    ),
    (
        ("Margin Interest", "Margin", "Margin Call", "Borrow", "Loan", "Repay", "Loan Repayment", "Collateral"),
        "margin interest, loans and collateral are no purchase or sale",
        "Remove the row. Enter a forced sale as Sell; margin interest belongs on Form 4952.",
    ),
    (
        ("Wrap", "Unwrap", "Bridge", "Bridging", "Migration"),
        "there is no authority on wrapping and bridging",
        "Decide with your adviser: a Trade at the value received if you treat it as taxable; "
        "if you treat both as one asset, give both one name and leave the row out.",
    ),
    (
        (
            "LP",
            "Liquidity",
            "Add Liquidity",
            "Remove Liquidity",
            "LP Deposit",
            "LP Withdrawal",
            "Liquidity In",
            "Liquidity Out",
            "Pool Deposit",
            "Vault Deposit",
            "Vault Withdrawal",
        ),
        "there is no authority on liquidity pools and vaults",
        "Decide with your adviser: as a Trade of the coins for the pool's token at the value received, and back.",
    ),
    (
        ("Rebase", "Rebasing"),
        "there is no authority on rebasing tokens",
        "Decide with your adviser: as Income at the value received, or as a Split.",
    ),
    (
        ("Like-Kind Exchange", "1031", "Installment Sale", "QSBS", "Section 1202", "Opportunity Fund", "QOF", "1244"),
        "sections 453, 1031, 1202, 1244 and 1400Z-2 are not computed",
        "Enter the sale as Sell with the Code and Adjustment that apply, or report it outside this workbook.",
    ),
    (
        ("Short-Term Capital Gain Distribution", "ST Cap Gain Distribution"),
        "short-term capital gain distributions are ordinary dividends (Pub. 550)",
        "Use Dividend.",
    ),
    (
        ("Expired", "Expire", "Expiration", "Lapse", "Option Expiration"),
        "an option that expires is sold or covered for nothing",
        "Use Sell with Amount 0 for an option you bought, Cover with Amount 0 for one you wrote.",
    ),
    (
        ("Exercise", "Exercised", "Assignment", "Assigned", "Option Exercise"),
        "an exercise is a purchase or sale of the stock (Pub. 550, Options)",
        "Enter the purchase or sale of the stock with the premium in its Amount, and remove the option's own rows.",
    ),
    (
        ("Deposit", "Withdrawal", "Withdraw", "Send", "Sent", "Receive", "Received"),
        "it does not say why units came or went",
        "Use Transfer between own accounts, Buy, Income or Gift In for units that came in, "
        "Spend, Gift Out or Lost for units that left; leave movements of dollars out.",
    ),
    (
        ("Gift",),
        "it does not say which way the gift went",
        "Use Gift In for one received, Gift Out for one made.",
    ),
    (
        ("Wash Sale", "Wash"),
        "wash sales are found from the purchases and sales themselves",
        "Remove the row.",
    ),
)
"""Types that are not supported, why, and what to do instead."""

_BY_NAME: dict[str, RowType] = {plain(row_type.name): row_type for row_type in ROW_TYPES}
_BY_NAME |= {plain(synonym): _BY_NAME[plain(name)] for name, synonyms in SYNONYMS.items() for synonym in synonyms}
_REFUSALS: dict[str, Misread] = {
    plain(name): Misread(f"{name} is not supported: {what}.", remedy, "UNSUPPORTED_TYPE")
    for names, what, remedy in REFUSED
    for name in names
}


def read_type(cell: Cell) -> RowType | Misread | None:
    """The type named in a cell, None when it is blank."""
    text = text_of(cell)
    if not text:
        return None
    word = plain(text)
    found = _BY_NAME.get(word) or _REFUSALS.get(word)
    if found is not None:
        return found
    error = error_value(text)
    if error is not None:
        return error
    near = close_words(text, TYPE_NAMES) or [_BY_NAME[word].name for word in close_words(text, _BY_NAME, 1)]
    if near:
        return Misread(f"{shown(text)} is not a type of transaction.", f"Did you mean {one_of(near)}?", "UNKNOWN_TYPE")
    return Misread(
        f"{shown(text)} is not a type of transaction.", f"Use one of: {', '.join(TYPE_NAMES)}.", "UNKNOWN_TYPE"
    )
