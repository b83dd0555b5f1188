"""What is declared of a type of transaction or of a method of relief holds everywhere: a sample of each says so."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import capgain.engine.explain_rows as explain_rows
from capgain.engine.classes import METHODS_OF_A_PLAN, AssetClass, ByRank, Method, Order
from capgain.engine.classification import classify
from capgain.engine.compute import compute
from capgain.engine.planning.compare import compare
from capgain.engine.replay.lots import Lot
from capgain.engine.replay.pools import Pool
from capgain.engine.results.dispositions import Kind
from capgain.engine.transactions import (
    KINDS,
    Acquisition,
    Disposal,
    GlobalAllocation,
    RebaseIncome,
    SharesForShares,
    Trade,
)
from capgain.workbook.importing.ledger_rows import TYPES
from capgain.workbook.importing.movements import Becomes
from capgain.workbook.reading.columns import LEDGER_COLUMNS
from capgain.workbook.reading.transaction_types import COMMON_COLUMNS, ROW_TYPES, RowType, read_type
from capgain.workbook.template import template_book
from capgain.workbook.unit_counts import unit_counts, units_held
from capgain.workbook.written.words import METHODS
from law.tables import Row, errors, read, told

SAMPLES: Mapping[str, str] = {
    "Buy": "Amount=100 Fee=1 Lot=L1 Order=O1",
    "Sell": "Amount=100 Fee=1",
    "Maturity": "Amount=100",
    "Reinvest": "Amount=100",
    "Trade": "Received_Asset=ETH Received_Quantity=3 Amount=100",
    "Conversion": "Received_Asset=NEW Received_Quantity=3",
    "Spend": "Amount=100",
    "Donate": "Amount=100",
    "Gift Out": "",
    "Lost": "",
    "Income": "Amount=100",
    "Dividend": "Amount=100 Quantity=",
    "Interest": "Amount=100 Quantity=",
    "Capital Gain Distribution": "Amount=100 Quantity=",
    "Exempt-Interest Dividend": "Amount=100 Quantity=",
    "Transfer": "To_Account=Cold Received_Quantity=1.5 Price=10",
    "Fee": "Amount=100",
    "Opening": "Acquired=2020-01-01 Basis=50",
    "Gift In": "Acquired=2020-01-01 Basis=50 Amount=100",
    "Inherit": "Amount=100",
    "Split": "Account= Quantity=3/2",
    "Stock Dividend": "Account= Received_Asset=NEW Quantity=1/3 Basis=0.1",
    "Spin-off": "Account= Received_Asset=NEW Quantity=1/3 Basis=0.1",
    "Merger": "Account= Received_Asset=NEW Quantity=1/3",
    "Rename": "Account= Quantity= Received_Asset=NEW",
    "Return of Capital": "Account= Quantity= Amount=10",
    "Trust Sale": "Account= Quantity= Class=other Price=0.04 Basis=1/800",
    "QOF Deferral": "Asset=12-3456789 Quantity= Amount=100 Kind=short Acquired=2024-12-01",
    "QOF Inclusion": "Asset=12-3456780 Quantity= Amount=50 Lot=F1",
    "Short Sell": "Asset=SHORTED Class=stock Amount=100",
    "Cover": "Asset=OPEN Class=stock Amount=100",
    "Worthless": "Account= Quantity=",
    "Bad Debt": "Quantity= Asset=LOAN Class=other Basis=100",
    "Exercise": "Asset=XYZ_C50 Class=option Quantity=1 Price=30",
    "Assign": "Asset=XYZ_C60 Class=option Quantity= Price=30",
    "Expire": "Asset=XYZ_C50 Class=option Quantity=",
    "1256 Gain": "Asset= Quantity= Amount=100",
    "1256 Loss": "Asset= Quantity= Amount=100",
    "ISO Exercise": "Asset=ISOX Class=stock Price=10 Basis=50",
    "Add Basis": "Quantity= Lot=LX Amount=15",
    "Method": "Quantity= Method=hifo",
    "Allocation": "Account=A1 > A2 Quantity= Method=fifo",
    "Wrap": "Received_Asset=WXYZ Received_Quantity=3 Amount=100 To_Account=Cold",
    "Unwrap": "Received_Asset=ETH Received_Quantity=3 Amount=100",
    "Bridge": "Received_Asset=XYZ.e Received_Quantity=1.9 Amount=100 To_Account=Cold",
    "Pool In": "Received_Asset=LP Received_Quantity=3 Amount=100 Order=P1",
    "Pool Out": "Received_Asset=ETH Received_Quantity=3 Amount=100 Order=P2",
    "Lend Out": "Received_Asset=aXYZ Received_Quantity=2 Amount=100",
    "Lend Back": "Received_Asset=ETH Received_Quantity=2.1 Amount=100",
    "Stake": "Received_Asset=stXYZ Received_Quantity=2 Amount=100",
    "Unstake": "Received_Asset=ETH Received_Quantity=2 Amount=100",
    "Rebase": "Account= Quantity=1.05 Received_Quantity=0.1 Amount=5",
}
"""The further cells of a row of each type, which disposes of 2 XYZ in A1 where nothing else is said."""

PROTOCOLS = frozenset(
    ("Wrap", "Unwrap", "Bridge", "Pool In", "Pool Out", "Lend Out", "Lend Back", "Stake", "Unstake", "Rebase")
)
COINS = frozenset({"Trade", "Spend", "Fee", "Allocation"}) | PROTOCOLS
AS_TRADES = dict.fromkeys(("Wrap", "Bridge", "Lend", "Stake", "Pool"), "trade") | {"Rebase": "split"}
CARRIED = AS_TRADES | dict.fromkeys(("Wrap", "Bridge", "Lend", "Stake"), "carryover") | {"Rebase": "income"}
EACH_POSITION = pytest.mark.parametrize("positions", [AS_TRADES, CARRIED], ids=("trades", "carried"))
BEFORE = (
    "Buy 5 XYZ A1 100",
    "Buy 4 XYZ A2 120",
    "Short Sell 2 OPEN A1 60",
    "Buy 3 XYZ_C50 A1 30",
    "Short Sell 1 XYZ_C60 A1 7",
)


def sample(name: str) -> list[Row]:
    """A ledger in which one row of the type follows purchases of XYZ in two accounts and a short sale of OPEN."""
    rows: list[Row] = []
    for line in BEFORE:
        kind, quantity, asset, account, amount = line.rsplit(" ", 4)
        asset_class = "crypto" if name in COINS and asset == "XYZ" else "stock"
        rows.append({"Date": "2024-02-01", "Type": kind, "Asset": asset, "Class": asset_class, "Quantity": quantity})
        rows[-1] |= {"Account": account, "Amount": amount}
        if account == "A1" and asset == "XYZ":
            rows[-1] |= {"Lot": "LX"}
        if asset.startswith("XYZ_"):
            rows[-1] |= {"Class": "option", "Underlying": "XYZ x2 call"}
    if name.startswith("QOF"):
        rows += [
            {"Date": "2024-12-01", "Type": "Sell", "Asset": "XYZ", "Quantity": "1", "Amount": "400", "Account": "A1"},
            {"Date": "2024-12-02", "Type": "QOF Deferral", "Asset": "12-3456780", "Amount": "60", "Account": "A1"},
        ]
        rows[-1] |= {"Kind": "short", "Lot": "F1"}
    row: Row = {"Date": "2025-01-01", "Type": name, "Asset": "XYZ", "Quantity": "2", "Account": "A1"}
    cells, column = SAMPLES[name], ""
    for word in cells.split(" "):
        if "=" in word:
            column, _, value = word.partition("=")
            row[column.replace("_", " ")] = value
        elif word:
            row[column.replace("_", " ")] += f" {word}"
    return [*rows, row]


README = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8").replace("\n", " ")
ACCOUNTS: list[Row] = [{"Account": name, "Kind": "brokerage"} for name in ("A1", "A2", "Cold")]
EACH_TYPE = pytest.mark.parametrize("row_type", ROW_TYPES, ids=[row_type.name for row_type in ROW_TYPES])
EACH_METHOD = pytest.mark.parametrize("method", Method, ids=[method.value for method in Method])


def test_every_type_has_its_sample_here() -> None:
    assert list(SAMPLES) == [row_type.name for row_type in ROW_TYPES]


def test_every_kind_of_transaction_is_read_from_a_type_of_its_name() -> None:
    read_from = {row_type.kind for row_type in ROW_TYPES}
    further = {GlobalAllocation, RebaseIncome}
    assert read_from | further == set(KINDS)
    assert {kind.type_name for kind in further} <= {row_type.name for row_type in ROW_TYPES}
    assert len({kind.type_name for kind in read_from}) == len(read_from)


@EACH_TYPE
def test_the_reader_of_a_type_makes_its_kind(row_type: RowType) -> None:
    assert row_type.name == row_type.kind.type_name
    declared = declaration_of(row_type.read)
    assert declared.returns is not None
    made = eval(ast.unparse(declared.returns), vars(sys.modules[row_type.read.__module__]))
    assert issubclass(row_type.kind, made) or row_type.kind in made.__args__
    assert [argument.arg for argument in declared.args.args] == ["cells", "i"]


def declaration_of(function: Callable[..., object]) -> ast.FunctionDef:
    """As it stands in the source, beside which an extension module lies: a compiled function keeps no types."""
    file = Path(str(sys.modules[function.__module__].__file__))
    source = ast.parse(file.with_name(file.name.split(".")[0] + ".py").read_text(encoding="utf-8"))
    return next(one for one in source.body if isinstance(one, ast.FunctionDef) and one.name == function.__name__)


@EACH_TYPE
def test_the_guide_asks_only_for_columns_that_the_row_reads(row_type: RowType) -> None:
    asked = [column for column in LEDGER_COLUMNS if column in row_type.fill]
    assert asked
    assert set(asked) <= row_type.columns | COMMON_COLUMNS


@EACH_TYPE
def test_every_word_for_a_type_is_read_as_it(row_type: RowType) -> None:
    for word in (row_type.name, row_type.name.upper(), *row_type.words):
        assert read_type(word) is row_type


@EACH_TYPE
@EACH_POSITION
def test_units_counted_are_the_units_held_after_a_row_of_the_type(
    row_type: RowType, positions: Mapping[str, str]
) -> None:
    report = compute(read(sample(row_type.name), ACCOUNTS, positions))
    assert not errors(report), told(report)
    counted = {asset: count.held for asset, count in unit_counts(report).items() if count.held}
    assert counted == {asset: units for asset, units in units_held(report).items() if units}


@EACH_TYPE
@EACH_POSITION
def test_a_row_names_every_asset_of_which_it_leaves_lots(row_type: RowType, positions: Mapping[str, str]) -> None:
    ledger = read(sample(row_type.name), ACCOUNTS, positions)
    classes, _ = classify(ledger)
    named = {asset for _, asset in classes}
    assert {lot.asset for lot in compute(ledger).open_lots} <= named
    (row,) = (entry for entry in ledger.transactions if entry.at.year == 2025)
    assert {(account, asset) for account, asset, _ in row.names_too() if account} <= set(classes)


@EACH_TYPE
def test_a_lot_from_a_row_of_the_type_is_explained_in_its_own_words(row_type: RowType) -> None:
    for kind in {row_type.kind, *(RebaseIncome,) * (row_type.name == "Rebase")}:
        if issubclass(kind, Acquisition | Trade):
            assert kind.how_acquired not in ("", "acquired")
            assert [other for other in KINDS if other.how_acquired == kind.how_acquired] == [kind]


def test_every_kind_of_disposition_has_words() -> None:
    assert set(explain_rows._DISPOSED) == set(Kind)


@EACH_TYPE
def test_what_an_import_makes_of_a_type_is_called_by_its_name(row_type: RowType) -> None:
    by_value = {becomes.value: becomes for becomes in Becomes}
    becomes = by_value.get(row_type.name.casefold())
    if becomes not in (None, Becomes.BUY, Becomes.SELL):
        assert TYPES[becomes] == row_type.name


@EACH_TYPE
def test_the_readme_names_the_type(row_type: RowType) -> None:
    assert row_type.name in README.partition("Types: ")[2].partition(". ")[0]


def test_the_readme_names_the_methods_in_their_order() -> None:
    assert f"`Method` ({', '.join(method.value for method in Method)})" in README


def test_the_guide_of_the_blank_workbook_explains_each_type() -> None:
    guide = template_book(date(2026, 1, 31)).sheet("Guide")
    lines = [tuple(cell.content for cell in row if cell) for row in guide.rows if row]
    for row_type in ROW_TYPES:
        assert (row_type.name, row_type.help, row_type.fill) in lines


def test_a_disposal_without_a_quantity_is_of_all_units() -> None:
    kinds = [kind for kind in KINDS if issubclass(kind, Disposal)]
    assert all("quantity" in {field.name for field in fields(kind)} for kind in kinds)
    report = compute(read(sample("Worthless"), ACCOUNTS))
    assert not [lot for lot in report.open_lots if lot.asset == "XYZ"]


def test_new_shares_are_of_the_class_of_the_old_ones() -> None:
    rows = sample("Spin-off")
    rows[0]["Class"] = rows[1]["Class"] = "fund"
    classes, _ = classify(read(rows, ACCOUNTS))
    assert classes["", "NEW"] is AssetClass.FUND


def test_a_merger_and_a_new_name_give_up_the_old_shares() -> None:
    kinds = [kind for kind in KINDS if issubclass(kind, SharesForShares)]
    assert [kind.type_name for kind in kinds if kind.gives_up_old] == ["Merger", "Rename"]


# Methods of relief


@EACH_METHOD
def test_every_word_for_a_method_is_read_as_it(method: Method) -> None:
    for word in (method.value, method.value.upper(), *method.relief.words):
        assert METHODS.read(word) is method


@EACH_METHOD
def test_a_method_has_an_order_that_the_pool_knows(method: Method) -> None:
    pool = Pool()
    for number, (units, basis) in enumerate(((1, 30), (1, 10), (1, 20))):
        acquired = date(2024, 1, 1 + number)
        lot = Lot(units, basis, (datetime(2024, 1, 1 + number), number, 0), acquired, "XYZ", "", number, "")
        pool.units += units
        pool.place(lot)
    taken = [pool.take(1, method.relief, date(2024, 6, 1), 0, "")[0][0].row for _ in range(3)]
    assert sorted(taken) == [0, 1, 2]
    if isinstance(method.relief.order, ByRank):
        ranks = [method.relief.order.rank(datetime(2024, 1, 1 + row), (30, 10, 20)[row]) for row in taken]
        assert ranks == sorted(ranks)
    elif method.relief.order is Order.EARLIEST:
        assert taken == [0, 1, 2]


def test_a_plan_tries_every_method_that_needs_no_lots_named() -> None:
    assert set(METHODS_OF_A_PLAN) == set(Method) - {Method.SPECIFIC}
    rows = sample("Sell")
    assert [under.method for under in compare(read(rows, ACCOUNTS), 2025, today=date(2026, 1, 1)).under] == [
        method for method in METHODS_OF_A_PLAN if not method.relief.averages
    ]


def test_only_first_in_first_out_and_the_average_need_no_order_beforehand() -> None:
    assert {method for method in Method if not method.relief.is_identification} == {Method.FIFO, Method.AVERAGE}


def test_no_word_stands_for_two_methods() -> None:
    words = [word for method in Method for word in (method.value, *method.relief.words)]
    plain = ["".join(filter(str.isalnum, word.casefold())) for word in words]
    assert len(set(plain)) == len(plain)


def test_fractions_are_counted_exactly() -> None:
    rows = sample("Transfer")
    rows[-1] |= {"Quantity": "3.000000000000000001", "Received Quantity": "1.000000000000000002"}
    report = compute(read(rows, ACCOUNTS))
    assert unit_counts(report)["XYZ"].left == Fraction(Decimal("1.999999999999999999"))
