"""What an asset is by its symbol, and what is refused by it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from capgain.engine.classes import Right
from capgain.engine.compute import compute
from capgain.engine.known_accounts import is_exchange_abroad, kind_by_name
from capgain.engine.planning.portfolio import portfolio
from capgain.engine.planning.what_if import what_if
from capgain.engine.report import TaxReport
from capgain.workbook.reading.blocks import ledger_from_blocks
from capgain.workbook.reading.symbols import coin_quoted, is_cusip, is_debt, is_option, occ_terms, pair, right_in_name
from law.tables import answer, dispositions, errors, told

ACCOUNTS = """
| Account | Kind      | Reported |
| S       | brokerage | basis    |
| K       | exchange  | none     |
"""


@pytest.mark.parametrize(
    "symbol", ["BTC-USD", "BTC/USD", "BTC_USD", "BTCUSD", "BTC:USD", "btc-usd", "XBT/USD", "XXBT-USD"]
)
def test_a_coin_by_its_price_in_dollars_is_the_coin(symbol: str) -> None:
    assert coin_quoted(symbol) == "BTC"


@pytest.mark.parametrize("symbol", ["BTC", "USD", "XYZ-USD", "BRK-B", "BTC-USDT", "TUSD", "BUSD", "GBP-USD", "-USD"])
def test_another_symbol_is_not(symbol: str) -> None:
    assert coin_quoted(symbol) is None


@pytest.mark.parametrize(
    ("symbol", "two"),
    [
        ("BTC/USDT", ("BTC", "USDT")),
        ("ETH-BTC", ("ETH", "BTC")),
        ("BTC-EUR", ("BTC", "EUR")),
        ("SOLUSDC", ("SOL", "USDC")),
        ("BRK/B", None),
        ("WBTC", None),
        ("STETH", None),
        ("BTC-USD", None),
        ("XYZ-ABC", None),
        ("GOOG", None),
    ],
)
def test_a_pair_of_two_coins_or_a_coin_and_a_currency(symbol: str, two: tuple[str, str] | None) -> None:
    assert pair(symbol) == two


@pytest.mark.parametrize(
    ("symbol", "occ"),
    [
        ("AB    250919C00050000", True),
        ("AAPL250919P00050000", True),
        ("AAPL 01/19/2024 150.00 C", False),
        ("AAPL1 250919C00050000", False),
        ("AB CALL 50", False),
        ("PUT XYZ", False),
    ],
)
def test_options_by_their_symbols(symbol: str, occ: bool) -> None:
    assert is_option(symbol)
    assert (occ_terms(symbol) is not None) is occ


@pytest.mark.parametrize(
    "symbol",
    ["AAPL 20JUN25 300 C", "AAPL 20JUN25 300.0 P", "AAPL JUN 20 2025 300 C", "AAPL 06/20/25 C300", "AAPL 6/20 300C",
     "AAPL 300C 6/20/25", "AAPL 2025-06-20 300 C", "AAPL 20250620 300.00 C", "AAPL JUN25 P50", "BRK.B 20-JUN-25 450 C",
     "AAPL Jun 20, 2025 300 P", "SPY 250620 500 C"],
)  # fmt: skip
def test_options_as_people_and_brokers_write_them_out(symbol: str) -> None:
    assert is_option(symbol)
    assert right_in_name(symbol) is (Right.CALL if "C" in symbol.removeprefix("BRK.B ") else Right.PUT)


@pytest.mark.parametrize("symbol", ["T 4.25 11/15/34", "AAPL JUN25", "XYZ 5% 2025", "F 6.1C", "MAY 25 P", "JUNK 25 C"])
def test_names_with_a_day_or_a_number_alone_are_no_option(symbol: str) -> None:
    assert not is_option(symbol)


@pytest.mark.parametrize("symbol", ["AAPL", "CALLON", "PUTNAM", "BRK.B", "AB 50"])
def test_what_is_no_option(symbol: str) -> None:
    assert not is_option(symbol)


@pytest.mark.parametrize("kind", ["crypto", ""])
def test_both_names_of_a_coin_are_one_asset(kind: str) -> None:
    report = answer(
        f"""
        | Date       | Type | Asset   | Quantity | Amount | Account | Class  |
        | 2024-01-02 | Buy  | BTC     | 1        | 100    | K       | {kind} |
        | 2024-06-02 | Sell | BTC-USD | 1        | 150    | K       |        |
        """,
        ACCOUNTS,
    )
    assert not errors(report), told(report)
    assert [(row.asset, row.gain) for row in dispositions(report)] == [("BTC", Decimal(50))]


def test_a_security_of_that_name_keeps_it() -> None:
    report = answer(
        """
        | Date       | Type | Asset   | Quantity | Amount | Account | Class |
        | 2024-01-02 | Buy  | ETH-USD | 1        | 100    | S       | fund  |
        | 2024-06-02 | Sell | ETH-USD | 1        | 150    | S       |       |
        """,
        ACCOUNTS,
    )
    assert [(row.asset, row.box) for row in dispositions(report)] == [("ETH-USD", "A")]


def sold_option(**cells: str) -> list[Decimal]:
    more = {
        "Underlying": "",
        "Multiplier": "",
        "Amount": "",
        "Price": "3",
        "Asset": "AB CALL",
        "Class": "option",
    } | cells
    header, row = " | ".join(more), " | ".join(more.values())
    report = answer(
        f"""
        | Date       | Type | Quantity | Account | {header} |
        | 2024-01-02 | Buy  | 2        | S       | {row}    |
        | 2024-06-02 | Sell | 2        | S       | {row}    |
        """,
        ACCOUNTS,
    )
    return [row.proceeds for row in dispositions(report)] if report.filing_ready else []


def test_the_size_of_a_contract_is_taken_from_where_it_is_stated() -> None:
    assert sold_option(Underlying="AB x100") == [Decimal(600)]
    assert sold_option(Multiplier="10") == [Decimal(60)]
    assert sold_option(Underlying="AB x100", Multiplier="10") == [Decimal(60)]
    assert sold_option(Asset="AB 240920C00050000") == [Decimal(600)]
    assert sold_option(Asset="AB 240920C00050000", Class="") == [Decimal(600)]
    assert sold_option(Price="", Amount="600") == [Decimal(600)]
    assert sold_option(Price="300", Amount="600") == [Decimal(600)]
    assert sold_option(Underlying="AB x100", Amount="600") == [Decimal(600)]


def test_without_a_size_the_return_is_not_ready() -> None:
    assert sold_option() == []
    assert sold_option(Class="") == []


@pytest.mark.parametrize(
    ("asset", "class_", "code"),
    [
        ("EUR", "", "FOREIGN_CURRENCY"),
        ("EURUSD", "other", "FOREIGN_CURRENCY"),
        ("XAUUSD", "", "FOREIGN_CURRENCY"),
        ("EUR", "stock", ""),
        ("SPXW 250516C05000000", "option", ""),
        ("VIX", "", "SECTION_1256"),
        ("/ESZ5", "", ""),
        ("/QQQQZ5", "", "SECTION_1256"),
        ("CBTX 250516C00060000", "option", "SECTION_1256"),
        ("ESZ25", "future", ""),
        ("AAPL1D", "future", "SINGLE_STOCK_FUTURE"),
        ("AAPL1D", "stock", ""),
        ("BTC-PERP", "1256", ""),
        ("ESZ25", "other", "SECTION_1256"),
        ("SPY 250516C00500000", "option", ""),
        ("RUTH", "stock", ""),
        ("ES", "stock", ""),
        ("BTC-PERP", "crypto", "PERPETUAL"),
        ("PERP", "crypto", ""),
    ],
)
def test_what_does_not_belong_on_form_8949_is_refused_by_name(asset: str, class_: str, code: str) -> None:
    report = answer(
        f"""
        | Date       | Type | Asset   | Quantity | Amount | Account | Class    |
        | 2024-01-02 | Buy  | {asset} | 1        | 100    | S       | {class_} |
        | 2024-01-03 | Sell | {asset} | 1        | 100    | S       | {class_} |
        """,
        ACCOUNTS,
    )
    assert [problem.code for problem in errors(report)] == [code] * bool(code), told(report)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Schwab", "brokerage"),
        ("schwab 1234", "brokerage"),
        ("Charles Schwab - Taxable", "brokerage"),
        ("E*TRADE", "brokerage"),
        ("Fidelity Roth IRA", "ira"),
        ("Rollover", "ira"),
        ("Kraken Pro", "exchange"),
        ("Binance.US", "exchange"),
        ("Coinbase", "exchange"),
        ("Coinbase Wallet", "wallet"),
        ("Trust Wallet", "wallet"),
        ("Fidelity HSA", None),
        ("Schwab Family Trust", None),
        ("Schwabisch Bank", None),
        ("Riverside Bank", None),
        ("", None),
    ],
)
def test_known_accounts_have_a_kind_by_name(name: str, kind: str | None) -> None:
    found = kind_by_name(name)
    assert (found and found.value) == kind


@pytest.mark.parametrize(
    ("name", "abroad"), [("Binance", True), ("Binance.US", False), ("OKX", True), ("OKX US", False)]
)
def test_exchanges_abroad_are_known_apart(name: str, abroad: bool) -> None:
    assert is_exchange_abroad(name) is abroad


def test_an_exchange_abroad_is_told_of_once() -> None:
    report = answer(
        """
        | Date       | Type | Asset | Quantity | Amount | Account |
        | 2024-01-02 | Buy  | BTC   | 1        | 100    | KuCoin  |
        | 2025-06-02 | Sell | BTC   | 1        | 150    | KuCoin  |
        """
    )
    assert [problem.code for problem in report.problems] == ["FOREIGN_EXCHANGE"]


@pytest.mark.parametrize(
    ("said", "box"),
    [
        ({"Country": "Ireland"}, "F"),
        ({"Kind": "brokerage, foreign"}, "F"),
        ({"Country": "USA"}, "D"),
        ({}, "D"),
        ({"Country": "Ireland", "Reported": "basis"}, "D"),
    ],
)
def test_a_broker_abroad_files_no_form(said: dict[str, str], box: str) -> None:
    described = {"Account": "Emerald", "Kind": "brokerage", **said}
    ledger = ledger_from_blocks(
        [
            ["Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class"],
            ["2022-01-03", "Buy", "XYZ", 1, 100, "Emerald", "stock"],
            ["2025-06-02", "Sell", "XYZ", 1, 150, "Emerald", "stock"],
        ],
        [list(described), list(described.values())],
    )
    assert [row.box for row in compute(ledger).years[2025].dispositions] == [box]


def test_a_planned_sale_and_the_value_of_an_option_go_by_the_size_too() -> None:
    block = [
        ["Date", "Type", "Asset", "Quantity", "Price", "Account", "Class", "Underlying"],
        ["2025-04-01", "Buy", "AB C50", 2, "3.10", "S", "option", "AB x100"],
    ]
    ledger = ledger_from_blocks(
        block, [["Account", "Kind"], ["S", "brokerage"]], None, [["Asset", "Price"], ["AB C50", 4]]
    )
    assert [price.price for price in ledger.prices] == [Decimal(4)]
    assert ledger.contract_size("AB C50") == Decimal(100)
    assert ledger.contract_size("AB") == Decimal(1)
    (held,) = portfolio(compute(ledger), date(2025, 6, 1)).assets
    assert (held.units, held.sums.value, held.sums.gain) == (Decimal(2), Decimal(800), Decimal(180))
    found = what_if(ledger, "AB C50", Decimal(1), Decimal("4.40"), date(2025, 6, 1))
    assert found.sale.amount == Decimal(440)


@pytest.mark.parametrize(
    ("symbol", "terms"),
    [
        ("-AAPL250117C200", ("AAPL", Right.CALL)),
        (".AAPL250117P202.5", ("AAPL", Right.PUT)),
        ("O:AAPL250117C00200000", ("AAPL", Right.CALL)),
        ("F250117C12", ("F", Right.CALL)),
        ("AAPL1 250117C00200000", None),
        ("AAPL250117", None),
    ],
)
def test_options_as_brokers_shorten_them_and_adjusted_ones(symbol: str, terms: tuple[str, Right] | None) -> None:
    found = occ_terms(symbol)
    assert (None if found is None else (found.underlying, found.right)) == terms
    assert is_option(symbol) is (symbol != "AAPL250117")


def test_an_adjusted_contract_is_not_taken_for_one_of_100_shares() -> None:
    assert sold_option(Asset="AAPL1 240920C00050000", Class="") == []
    assert sold_option(Asset="AAPL1 240920C00050000", Class="", Multiplier="50") == [Decimal(300)]


@pytest.mark.parametrize(
    ("name", "debt", "cusip"),
    [
        ("T 2.5 2030", True, False),
        ("APPLE INC 3.85% 05/04/2043", True, False),
        ("XYZ CORP 4.125 06/15/31", True, False),
        ("912828XX1", True, False),
        ("US Treasury Note", True, False),
        ("T-Bill 2025-03-20", True, False),
        ("037833100", False, True),
        ("037833101", False, False),
        ("T", False, False),
        ("TBIL", False, False),
        ("Vanguard Total Bond", False, False),
        ("Target 2045", False, False),
    ],
)
def test_debt_and_numbers_of_securities_by_their_names(name: str, debt: bool, cusip: bool) -> None:
    assert is_debt(name) is debt
    assert is_cusip(name) is cusip


def bought_and_sold(asset: str, class_: str = "", quantity: str = "10000", **money: str) -> TaxReport:
    header, cells = " | ".join(money), " | ".join(money.values())
    return answer(
        f"""
        | Date       | Type | Asset   | Class    | Quantity   | Account | {header} |
        | 2024-01-02 | Buy  | {asset} | {class_} | {quantity} | S       | {cells}  |
        | 2024-06-02 | Sell | {asset} | {class_} | {quantity} | S       | {cells}  |
        """,
        ACCOUNTS,
    )


@pytest.mark.parametrize(("quantity", "price"), [("10000", "99.5"), ("10", "99.5"), ("10000", "10"), ("10000", "250")])
def test_a_price_of_a_bond_without_dollars_is_asked_about(quantity: str, price: str) -> None:
    report = bought_and_sold("XYZ 4.5% 2031", quantity=quantity, Price=price)
    assert not report.filing_ready
    assert [found.code for found in report.problems] == ["BOND_PRICE"]


@pytest.mark.parametrize(
    ("quantity", "money"),
    [
        ("10000", {"Price": "99.5", "Amount": "9950"}),
        ("10", {"Price": "99.5", "Amount": "9950"}),
        ("10", {"Price": "995", "Amount": "9950"}),
        ("10", {"Price": "995"}),
        ("10000", {"Price": "0.995"}),
        ("10000", {"Amount": "9950"}),
    ],
)
def test_dollars_of_a_bond_beside_its_quote(quantity: str, money: dict[str, str]) -> None:
    report = bought_and_sold("XYZ 4.5% 2031", quantity=quantity, **money)
    assert [row.proceeds for row in dispositions(report)] == [Decimal(9950)]
    assert report.filing_ready


def test_a_cusip_alone_does_not_say_its_class() -> None:
    assert [found.code for found in bought_and_sold("037833100", Price="9").problems] == ["CLASS_OF_CUSIP"]
    assert bought_and_sold("037833100", "stock", Price="9").filing_ready


@pytest.mark.parametrize(
    ("symbol", "place"),
    [("VOD.L", "London"), ("shop.to", "Toronto"), ("7203.T", "Tokyo"), ("0700.HK", "Hong Kong")],
)
def test_a_listing_abroad_blocks_until_its_currency_is_said(symbol: str, place: str) -> None:
    report = bought_and_sold(symbol, "stock", Amount="100")
    assert [(found.code, found.blocks_filing, place in found.message) for found in report.problems] == [
        ("LISTED_ABROAD", True, True)
    ]
    assert bought_and_sold(symbol, "stock", Amount="100", Currency="USD").filing_ready


@pytest.mark.parametrize("symbol", ["BRK.B", "BF.A", "T", "X.T", "GM.WS", "AAPL.US"])
def test_a_symbol_of_the_united_states_asks_nothing(symbol: str) -> None:
    assert bought_and_sold(symbol, "stock", Amount="100").filing_ready


def test_a_coin_with_such_an_ending_is_no_listing() -> None:
    assert bought_and_sold("USDC.L", "crypto", Amount="100").filing_ready
