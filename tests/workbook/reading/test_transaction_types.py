"""Each type of row as the transaction it makes, column by column."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from capgain.engine.classes import AssetClass, IncomeKind, Method, Reported
from capgain.engine.positions import POSITIONS_OF
from capgain.engine.transactions import (
    Allocation,
    Buy,
    CapitalGainDistribution,
    CoinFee,
    Cover,
    Dividend,
    Donate,
    ExemptInterestDividend,
    Fee,
    GiftIn,
    GiftOut,
    GlobalAllocation,
    Identification,
    Income,
    Inherit,
    Interest,
    Lost,
    LotPick,
    Merger,
    MethodOrder,
    Opening,
    Reinvest,
    ReturnOfCapital,
    Sell,
    ShortSell,
    Spend,
    SpinOff,
    Split,
    StockDividend,
    Trade,
    Transaction,
    Transfer,
)
from capgain.workbook.reading.blocks import ledger_from_blocks
from capgain.workbook.reading.columns import LEDGER_COLUMNS
from capgain.workbook.reading.transaction_types import ROW_TYPES, TYPE_NAMES, RowType

DAY = datetime(2025, 3, 1)
_NAMES = {name.lower().replace(" ", "_"): name for name in LEDGER_COLUMNS}


def read(**cells: object) -> Transaction:
    """The one transaction that a row makes, which must have no problem."""
    named = {_NAMES[name.removesuffix("_")]: cell for name, cell in ({"date": "2025-03-01"} | cells).items()}
    ledger = ledger_from_blocks([list(LEDGER_COLUMNS), [named.get(column) for column in LEDGER_COLUMNS]])
    assert not ledger.problems
    (transaction,) = ledger.transactions
    return transaction


def common(**more: object) -> dict[str, object]:
    return {"row": 2, "at": DAY, "account": "Acct", "asset": "XYZ"} | more


XYZ = {"asset": "XYZ", "account": "Acct"}
UNITS = XYZ | {"quantity": "10"}
SALE_CELLS = UNITS | {
    "amount": "1000",
    "fee": "1.5",
    "lot": "L1:4; L2",
    "identified": "2025-03-01 10:00 books",
    "method": "HIFO",
    "reported": "No Basis",
    "reported_proceeds": "999",
    "reported_basis": "0",
    "code": "ob",
    "adjustment": "(5.25)",
    "order": "O-1",
    "class_": "fund",
    "note": "a note",
    "id": "T9",
}
SALE = {
    "quantity": Decimal(10),
    "amount": Decimal(1000),
    "fee": Decimal("1.5"),
    "lots": (LotPick("L1", Decimal(4)), LotPick("L2")),
    "identified": Identification(datetime(2025, 3, 1, 10), True, "books"),
    "method": Method.HIFO,
    "reported": Reported.NO_BASIS,
    "reported_proceeds": Decimal(999),
    "reported_basis": Decimal(0),
    "code": "BO",
    "adjustment": Decimal("-5.25"),
    "order": "O-1",
    "asset_class": AssetClass.FUND,
    "note": "a note",
    "id": "T9",
}


@pytest.mark.parametrize(("type_name", "made"), [("Buy", Buy), ("Reinvest", Reinvest)])
def test_a_purchase_names_its_lot_and_its_order(type_name: str, made: type[Buy]) -> None:
    cells = UNITS | {"price": "100.10", "fee": 2, "lot": "L1", "order": "O-1", "id": "T1", "class_": "Stocks"}
    assert read(type=type_name, **cells) == made(
        **common(id="T1", asset_class=AssetClass.STOCK),  # type: ignore[arg-type]
        quantity=Decimal(10),
        amount=Decimal("1001.00"),
        fee=Decimal(2),
        lot="L1",
        order="O-1",
    )


def test_a_lot_without_its_own_id_takes_that_of_the_row() -> None:
    assert getattr(read(type="Buy", **UNITS, amount=5, id="T1"), "lot") == "T1"  # noqa: B009


def test_an_option_bought_names_what_it_is_on() -> None:
    option = read(type="Buy", **UNITS, amount=5, underlying="aapl x100")
    assert isinstance(option, Buy)
    assert (option.underlying, option.underlying_units) == ("aapl", Decimal(100))


@pytest.mark.parametrize(("type_name", "made"), [("Sell", Sell), ("Spend", Spend), ("Cover", Cover)])
def test_a_disposal_says_all_about_its_lots_its_1099_and_its_row(type_name: str, made: type[Sell]) -> None:
    assert read(type=type_name, **SALE_CELLS) == made(**common(**SALE))  # type: ignore[arg-type]


def test_a_short_sale_says_all_but_lots() -> None:
    cells = {name: cell for name, cell in SALE_CELLS.items() if name != "lot"}
    assert read(type="Short Sell", **cells) == ShortSell(**common(**SALE | {"lots": ()}))  # type: ignore[arg-type]


def test_a_fee_of_its_own_is_a_disposal_at_amount() -> None:
    cells = {name: cell for name, cell in SALE_CELLS.items() if name != "fee"}
    assert read(type="Fee", **cells) == Fee(**common(**SALE | {"fee": Decimal(0)}))  # type: ignore[arg-type]


def test_a_trade_gives_one_asset_for_another_and_its_id_names_the_new_lot() -> None:
    assert read(type="Trade", **SALE_CELLS, received_asset="ETH", received_quantity="2.5") == Trade(
        **common(**SALE),  # type: ignore[arg-type]
        received_asset="ETH",
        received_quantity=Decimal("2.5"),
        received_lot="T9",
    )


@pytest.mark.parametrize(("type_name", "made"), [("Gift Out", GiftOut), ("Donate", Donate), ("Lost", Lost)])
def test_what_is_given_away_may_leave_its_value_blank(type_name: str, made: type[GiftOut]) -> None:
    assert read(type=type_name, **UNITS, lot="L1") == made(
        **common(),  # type: ignore[arg-type]
        quantity=Decimal(10),
        lots=(LotPick("L1"),),
    )
    assert getattr(read(type=type_name, **UNITS, amount=70), "amount") == 70  # noqa: B009


def test_a_cover_that_delivers_lots_may_leave_its_amount_blank() -> None:
    assert read(type="Cover", **UNITS, lot="L1") == Cover(
        **common(),  # type: ignore[arg-type]
        quantity=Decimal(10),
        lots=(LotPick("L1"),),
    )


def test_income_is_what_the_units_were_worth() -> None:
    assert read(type="Staking Reward", **UNITS, price=2) == Income(
        **common(),  # type: ignore[arg-type]
        quantity=Decimal(10),
        amount=Decimal(20),
        kind=IncomeKind.STAKING,
    )


@pytest.mark.parametrize(
    ("type_name", "made"),
    [
        ("Dividend", Dividend),
        ("Capital Gain Distribution", CapitalGainDistribution),
        ("Exempt-Interest Dividend", ExemptInterestDividend),
    ],
)
def test_cash_received_is_an_amount_or_so_much_per_unit(type_name: str, made: type[Dividend]) -> None:
    expected = made(**common(), amount=Decimal("24.50"))  # type: ignore[arg-type]
    assert read(type=type_name, **XYZ, amount="$24.50") == expected
    assert read(type=type_name, **UNITS, price="2.45") == expected


def test_interest_and_dividends_may_come_from_no_asset() -> None:
    assert read(type="Interest", amount=5, account="Bank") == Interest(row=2, at=DAY, account="Bank", amount=Decimal(5))
    assert isinstance(read(type="Dividend", amount=5), Dividend)


def test_a_transfer_moves_units_and_may_lose_some_as_a_fee() -> None:
    assert read(
        type="Transfer", **UNITS, to_account="Cold", received_quantity="9.99", price=25, lot="L1", method="lifo"
    ) == Transfer(
        **common(),  # type: ignore[arg-type]
        quantity=Decimal(10),
        lots=(LotPick("L1"),),
        method=Method.LIFO,
        to_account="Cold",
        received_quantity=Decimal("9.99"),
        fee_price=Decimal(25),
    )
    assert read(type="Transfer", **UNITS, to_account="Cold", received_asset="xyz") == Transfer(
        **common(),  # type: ignore[arg-type]
        quantity=Decimal(10),
        to_account="Cold",
    )


def test_a_transfer_may_pay_its_fee_in_another_coin() -> None:
    moved = read(type="Transfer", **UNITS, to_account="Cold", fee=3, fee_asset="ETH", fee_quantity="0.001")
    assert isinstance(moved, Transfer)
    assert moved.coin_fee == CoinFee("ETH", Decimal("0.001"), Decimal(3))


def test_an_opening_has_its_own_date_and_basis() -> None:
    assert read(type="Opening", **UNITS, acquired="5/6/2019", basis="$1,234.50", lot="old") == Opening(
        **common(),  # type: ignore[arg-type]
        quantity=Decimal(10),
        lot="old",
        acquired=date(2019, 5, 6),
        basis=Decimal("1234.50"),
    )
    assert getattr(read(type="Opening", **UNITS, acquired=DAY, basis=0), "basis") == 0  # noqa: B009


def test_a_gift_received_keeps_the_donors_date_and_basis_and_its_value() -> None:
    assert read(type="Gift In", **UNITS, acquired="2015-01-02", basis=100, amount=90) == GiftIn(
        **common(),  # type: ignore[arg-type]
        quantity=Decimal(10),
        acquired=date(2015, 1, 2),
        basis=Decimal(100),
        value=Decimal(90),
    )


def test_a_gift_without_records_has_neither_date_nor_basis() -> None:
    gift = read(type="Gift In", **UNITS)
    assert isinstance(gift, GiftIn)
    assert (gift.acquired, gift.basis, gift.value) == (None, None, None)


def test_an_inheritance_is_its_value_at_death() -> None:
    assert read(type="Inherit", **UNITS, amount=500) == Inherit(
        **common(),  # type: ignore[arg-type]
        quantity=Decimal(10),
        amount=Decimal(500),
    )


def test_a_split_keeps_its_ratio_exact() -> None:
    assert read(type="Reverse Split", asset="XYZ", quantity="1:3", amount="6.00") == Split(
        row=2, at=DAY, asset="XYZ", ratio=Fraction(1, 3), cash_in_lieu=Decimal("6.00")
    )


def test_a_stock_dividend_moves_a_fraction_of_basis() -> None:
    assert read(
        type="Stock Dividend", asset="XYZ", received_asset="PFD", quantity="25/75", basis="25%"
    ) == StockDividend(
        row=2, at=DAY, asset="XYZ", received_asset="PFD", ratio=Fraction(1, 3), basis_fraction=Fraction(1, 4)
    )


def test_a_spin_off_moves_a_fraction_of_basis_and_may_pay_for_fractions() -> None:
    assert read(
        type="Spinoff", asset="XYZ", received_asset="NEW", quantity=0.1, basis=0.109624, amount="3.10"
    ) == SpinOff(
        row=2,
        at=DAY,
        asset="XYZ",
        received_asset="NEW",
        ratio=Fraction(1, 10),
        basis_fraction=Fraction(109624, 1000000),
        cash_in_lieu=Decimal("3.10"),
    )


def test_a_merger_may_pay_cash_per_old_unit() -> None:
    assert read(type="Merger", asset="XYZ", received_asset="NEW", quantity="1/2", price=2, amount=26) == Merger(
        row=2,
        at=DAY,
        asset="XYZ",
        received_asset="NEW",
        ratio=Fraction(1, 2),
        cash_per_unit=Decimal(2),
        value_per_new_unit=Decimal(26),
    )
    plain = read(type="Merger", asset="XYZ", received_asset="NEW", quantity="70/100")
    assert isinstance(plain, Merger)
    assert (plain.cash_per_unit, plain.value_per_new_unit) == (Decimal(0), None)


def test_a_return_of_capital_is_a_total_or_so_much_per_unit() -> None:
    total = ReturnOfCapital(row=2, at=DAY, asset="XYZ", amount=Decimal(80))
    assert read(type="Return of Capital", asset="XYZ", amount=80) == total
    assert read(type="ROC", asset="XYZ", amount=80, price="0.8", quantity=100) == total
    assert read(type="ROC", asset="XYZ", price="0.8") == ReturnOfCapital(
        row=2, at=DAY, asset="XYZ", per_unit=Decimal("0.8")
    )


def test_worthless_without_a_quantity_is_all_of_it() -> None:
    assert getattr(read(type="Worthless", **XYZ), "quantity") == 0  # noqa: B009
    assert getattr(read(type="Worthless", **UNITS), "quantity") == 10  # noqa: B009


def test_a_method_row_is_an_order_for_the_account_and_asset_named() -> None:
    assert read(type="Method", method="Spec ID", account="Acct", identified="2025-02-28 broker") == MethodOrder(
        row=2,
        at=DAY,
        account="Acct",
        method=Method.SPECIFIC,
        identified=Identification(datetime(2025, 2, 28), False, "broker"),
    )


def test_an_allocation_names_units_of_a_lot_or_an_order_of_wallets() -> None:
    assert read(type="Allocation", **UNITS, lot="L1") == Allocation(
        **common(),  # type: ignore[arg-type]
        lot="L1",
        quantity=Decimal(10),
    )
    assert read(
        type="Safe Harbor", asset="BTC", method="hifo", account="Kraken > Coinbase", identified="2024-12-31 books"
    ) == GlobalAllocation(
        row=2,
        at=DAY,
        asset="BTC",
        method=Method.HIFO,
        accounts=("Kraken", "Coinbase"),
        identified=Identification(datetime(2024, 12, 31), False, "books"),
    )
    assert read(type="Allocation", method="fifo", account="Kraken").asset == ""


def test_wallets_of_a_global_allocation_are_accounts_like_any_other() -> None:
    ledger = ledger_from_blocks(
        [
            ["Date", "Type", "Asset", "Quantity", "Amount", "Account", "Method"],
            ["2024-01-01", "Buy", "BTC", "1", "1", "KRAKEN", ""],
            ["2025-01-01", "Allocation", "BTC", "", "", "Kraken > Coinbase", "hifo"],
        ]
    )
    allocation = ledger.transactions[1]
    assert isinstance(allocation, GlobalAllocation)
    assert allocation.accounts == ("KRAKEN", "Coinbase")
    assert list(ledger.accounts) == ["KRAKEN", "Coinbase"]


class TestFees:
    def test_a_fee_in_coin_is_worth_what_stands_in_fee(self) -> None:
        bought = read(type="Buy", **UNITS, amount=5, fee="2.50", fee_asset="eth", fee_quantity="0.001")
        assert isinstance(bought, Buy)
        assert bought.coin_fee == CoinFee("eth", Decimal("0.001"), Decimal("2.50"))
        assert bought.fee == Decimal("2.50")

    def test_a_fee_in_dollars_is_no_coin(self) -> None:
        sold = read(type="Sell", **UNITS, amount=5, fee_asset="USD", fee_quantity="1.25")
        assert isinstance(sold, Sell)
        assert (sold.fee, sold.coin_fee) == (Decimal("1.25"), None)

    def test_no_units_of_no_worth_are_no_fee(self) -> None:
        sold = read(type="Sell", **UNITS, amount=5, fee=0, fee_asset="ETH", fee_quantity=0)
        assert isinstance(sold, Sell)
        assert (sold.fee, sold.coin_fee) == (Decimal(0), None)


@pytest.mark.parametrize("name", TYPE_NAMES)
def test_case_spaces_and_hyphens_in_a_type_do_not_matter(name: str) -> None:
    cells: dict[str, object] = UNITS | {"amount": 5, "acquired": "2020-01-01", "basis": 0.5}
    cells |= {"received_asset": "NEW", "received_quantity": 1, "to_account": "Cold", "method": "fifo", "price": 0.5}
    rows = []
    for written in (name, name.upper(), name.lower(), f" {name} ", name.replace(" ", "").replace("-", "")):
        named = {_NAMES[key]: cell for key, cell in (cells | {"date": "2025-03-01", "type": written}).items()}
        rows.append([named.get(column) for column in LEDGER_COLUMNS])
    positions = [[name, value.value] for name, (value, *_) in POSITIONS_OF.items()]
    ledger = ledger_from_blocks([list(LEDGER_COLUMNS), *rows], None, [["Name", "Value"], *positions])
    assert not [problem for problem in ledger.problems if problem.column == "Type"]
    assert len({type(entry) for entry in ledger.transactions}) <= 1


@pytest.mark.parametrize("row_type", ROW_TYPES, ids=[row_type.name for row_type in ROW_TYPES])
def test_white_space_is_a_blank_cell(row_type: RowType) -> None:
    filled: dict[str, object] = {"Date": "2025-03-01", "Asset": "ABC", "Account": "Broker", "Quantity": 2, "Amount": 50}

    def said(column: str, cell: object) -> list[tuple[str, str, str]]:
        row = filled | {"Type": row_type.name, column: cell}
        ledger = ledger_from_blocks([list(LEDGER_COLUMNS), [row.get(heading) for heading in LEDGER_COLUMNS]])
        return [(problem.code, problem.column, problem.message) for problem in ledger.problems]

    assert [column for column in row_type.columns if said(column, " ") != said(column, None)] == []
