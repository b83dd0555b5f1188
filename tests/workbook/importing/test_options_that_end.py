"""Options assigned and exercised, and orders that close and open, beyond the case that came with them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from .builders import SCHWAB, file, ledger, run

IBKR = (
    "Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,C. Price,Proceeds,"
    "Comm/Fee,Basis,Realized P/L,MTM P/L,Code"
)
OPTION = "Trades,Data,Order,Equity and Index Options,USD"
STOCK = "Trades,Data,Order,Stocks,USD"
PUT, CALL = "AMC 21NOV25 10 P", "AMC 21NOV25 12 C"


def option(symbol: str, day: str, units: str, money: str, fee: str, code: str) -> str:
    return f'{OPTION},{symbol},"2025-11-{day}, 12:00:00",{units},1,1,{money},{fee},0,0,0,{code}'


def stock(day: str, units: str, money: str, code: str, fee: str = "0") -> str:
    return f'{STOCK},AMC,"2025-11-{day}, 12:00:00",{units},10,9,{money},{fee},0,0,0,{code}'


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        pytest.param(
            (
                option(PUT, "03", "-1", "100", "-1", "O"),
                option(PUT, "21", "1", "0", "0", "A;C"),
                stock("21", "100", "-1000", "A;O"),
            ),
            [("Buy", "AMC", "100", "901")],
            id="put written",
        ),
        pytest.param(
            (
                option(CALL, "03", "-1", "150", "-1", "O"),
                option(CALL, "21", "1", "0", "0", "C;A"),
                stock("21", "-100", "1200", "A;C"),
            ),
            [("Sell", "AMC", "100", "1349")],
            id="call written",
        ),
        pytest.param(
            (
                option(CALL, "03", "1", "-150", "-1", "O"),
                option(CALL, "21", "-1", "0", "0", "C;Ex"),
                stock("21", "100", "-1200", "Ex;O"),
            ),
            [("Buy", "AMC", "100", "1351")],
            id="call held",
        ),
        pytest.param(
            (
                option(PUT, "03", "1", "-100", "-1", "O"),
                option(PUT, "21", "-1", "0", "0", "Ex;C"),
                stock("21", "-100", "1000", "Ex;C"),
            ),
            [("Sell", "AMC", "100", "899")],
            id="put held",
        ),
        pytest.param(
            (
                option(PUT, "03", "-1", "100", "-1", "O"),
                option(PUT, "04", "-2", "220", "-2", "O"),
                option(PUT, "21", "2", "0", "0", "A;C"),
                stock("21", "200", "-2000", "A;O"),
            ),
            [("Short Sell", PUT, "1", "110"), ("Buy", "AMC", "200", "1792")],
            id="the earliest opening first, the second in part",
        ),
        pytest.param(
            (
                option(PUT, "03", "-1", "100", "-1", "O"),
                option(PUT, "04", "-1", "120", "-1", "O"),
                option(PUT, "05", "1", "-50", "-1", "C"),
                option(PUT, "21", "1", "0", "0", "A;C"),
                stock("21", "100", "-1000", "A;O"),
            ),
            [("Short Sell", PUT, "1", "100"), ("Cover", PUT, "1", "50"), ("Buy", "AMC", "100", "881")],
            id="what was bought back took the earliest",
        ),
    ],
)
def test_the_premium_moves_to_the_shares(lines: tuple[str, ...], rows: list[tuple[str, ...]], tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "a.csv", IBKR, *lines))
    assert sorted(ledger(result, "Type", "Asset", "Quantity", "Amount")) == sorted(rows)
    assert result.problems == ()
    assert run(tmp_path, tmp_path / "a.csv", into=result.output).rows_added == 0


def test_an_opening_that_no_file_tells_is_asked_for(tmp_path: Path) -> None:
    lines = (option(PUT, "21", "1", "0", "0", "A;C"), stock("21", "100", "-1000", "A;O"))
    result = run(tmp_path, file(tmp_path, "a.csv", IBKR, *lines))
    (problem,) = result.problems
    assert result.rows_added == 0
    assert "no row tells its premium" in problem.message


def test_an_opening_in_the_workbook_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    book = run(tmp_path, file(tmp_path, "a.csv", IBKR, option(PUT, "03", "-1", "100", "-1", "O"))).output
    lines = (option(PUT, "21", "1", "0", "0", "A;C"), stock("21", "100", "-1000", "A;O"))
    result = run(tmp_path, file(tmp_path, "b.csv", IBKR, *lines), into=book)
    assert result.rows_added == 0
    assert "its opening is row 2 of the Ledger" in result.problems[0].message


def test_schwabs_assigned_row_has_the_shares_in_a_row_of_its_own(tmp_path: Path) -> None:
    symbol = "AMC 11/21/2025 10.00 P"
    source = file(
        tmp_path,
        "s.csv",
        SCHWAB,
        f"11/21/2025,Assigned,{symbol},PUT AMC,1,,,",
        "11/21/2025,Buy,AMC,AMC ENTERTAINMENT,100,$10.00,,-$1000.00",
        f"11/03/2025,Sell to Open,{symbol},PUT AMC,1,$1.00,$0.66,$99.34",
    )
    result = run(tmp_path, source)
    assert ledger(result, "Type", "Asset", "Amount", "Fee") == [("Buy", "AMC", "900.66", "")]


@pytest.mark.parametrize(
    ("opened", "order", "rows"),
    [
        ("-100", "150", [("Cover", "100", "666.67", "0.67"), ("Buy", "50", "333.33", "0.33")]),
        ("100", "-150", [("Sell", "100", "666.67", "0.67"), ("Short Sell", "50", "333.33", "0.33")]),
    ],
)
def test_an_order_is_divided_at_the_position_in_the_workbook(
    opened: str, order: str, rows: list[tuple[str, ...]], tmp_path: Path
) -> None:
    first = stock("03", opened, "-1000" if opened == "100" else "1000", "O")
    book = run(tmp_path, file(tmp_path, "a.csv", IBKR, first)).output
    second = file(tmp_path, "b.csv", IBKR, stock("10", order, "-1000" if order == "150" else "1000", "C;O", "-1"))
    result = run(tmp_path, second, into=book)
    assert sorted(ledger(result, "Type", "Quantity", "Amount", "Fee")) == sorted(rows)
    assert run(tmp_path, second, into=book).rows_added == 0


def test_an_order_without_a_known_position_waits(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "a.csv", IBKR, stock("10", "-150", "1000", "C;O")))
    assert result.rows_added == 0
    assert "nothing tells where it divides" in result.problems[0].message


@pytest.mark.parametrize(("units", "kind"), [("1", "Cover"), ("-1", "Sell")])
def test_an_etrade_option_that_expired_closes_at_nothing(units: str, kind: str, tmp_path: Path) -> None:
    header = (
        "Activity/Trade Date,Transaction Date,Settlement Date,Activity Type,Description,Symbol,Cusip,Quantity #,"
        "Price $,Amount $,Commission,Category,Note"
    )
    row = f"02/27/26,02/27/26,02/28/26,Option Expired,PUT  IWM    02/27/26   260.000,IWM,--,{units},0,0,0,--,--"
    result = run(tmp_path, file(tmp_path, "e.csv", header, row))
    assert ledger(result, "Type", "Asset", "Quantity", "Amount") == [(kind, "PUT IWM 02/27/26 260.000", "1", "0")]


ROBINHOOD = "Activity Date,Process Date,Settle Date,Instrument,Description,Trans Code,Quantity,Price,Amount"


def _robinhood(day: str, instrument: str, what: str, code: str, units: str, money: str) -> str:
    return f'{day},{day},{day},{instrument},{what},{code},{units},,"{money}"'


@pytest.mark.parametrize(
    ("right", "opened", "ends", "rows"),
    [
        ("Put", "STO", "OASGN", [("Buy", "1900.00"), ("Sell", "2100")]),
        ("Call", "STO", "OASGN", [("Buy", "1800"), ("Sell", "2100.00")]),
        ("Put", "BTO", "OEXER", [("Buy", "1800"), ("Sell", "1900.00")]),
        ("Call", "BTO", "OEXER", [("Buy", "2100.00"), ("Sell", "2100")]),
    ],
)
def test_of_two_rows_of_as_many_shares_the_premium_goes_to_that_of_the_options_right(
    right: str, opened: str, ends: str, rows: list[tuple[str, str]], tmp_path: Path
) -> None:
    """At a strike of 20 with a premium of 100: the other row is a trade of its own at another price."""
    option = f"XYZ 11/21/2025 {right} $20.00"
    bought_at_strike = (right == "Put") == (ends == "OASGN")
    bought, sold = ("$2000.00", "$2100.00") if bought_at_strike else ("$1800.00", "$2000.00")
    source = file(
        tmp_path,
        "r.csv",
        ROBINHOOD,
        _robinhood("11/21/2025", "XYZ", option, ends, "1", ""),
        _robinhood("11/21/2025", "XYZ", "XYZ Inc", "Sell", "100", sold),
        _robinhood("11/21/2025", "XYZ", "XYZ Inc", "Buy", "100", f"({bought})"),
        _robinhood("11/03/2025", "XYZ", option, opened, "1", "$100.00" if opened == "STO" else "($100.00)"),
    )
    result = run(tmp_path, source)
    assert result.problems == ()
    found = {(kind, Decimal(amount)) for kind, amount in ledger(result, "Type", "Amount")}
    assert found == {(kind, Decimal(amount)) for kind, amount in rows}


def test_shares_at_another_price_are_not_those_of_the_option(tmp_path: Path) -> None:
    source = file(
        tmp_path,
        "r.csv",
        ROBINHOOD,
        _robinhood("11/21/2025", "XYZ", "XYZ 11/21/2025 Put $20.00", "OASGN", "1", ""),
        _robinhood("11/21/2025", "XYZ", "XYZ Inc", "Buy", "100", "($1960.00)"),
        _robinhood("11/03/2025", "XYZ", "XYZ 11/21/2025 Put $20.00", "STO", "1", "$100.00"),
    )
    (problem,) = run(tmp_path, source).problems
    assert "no row buys or sells 100 of its shares" in problem.message


def test_the_sources_gain_of_shares_called_away_counts_the_premium(tmp_path: Path) -> None:
    sale = f'{STOCK},AMC,"2025-11-21, 12:00:00",-100,12,9,1200,0,-1001,298,0,A;C'
    lines = (
        stock("01", "100", "-1000", "O", "-1"),
        option(CALL, "03", "-1", "100", "-1", "O"),
        option(CALL, "21", "1", "0", "0", "A;C"),
    )
    result = run(tmp_path, file(tmp_path, "i.csv", IBKR, *lines, sale))
    assert result.unsettled == ()
    assert ledger(result, "Type", "Amount") == [("Buy", "1000"), ("Sell", "1299")]
    result = run(tmp_path, file(tmp_path, "i.csv", IBKR, *lines, sale.replace(",298,", ",150,")))
    assert [one.message for one in result.problems] == [
        "The file says a gain of 150, the row gives 298.00 (1299.00 less the basis of 1001)."
    ]
