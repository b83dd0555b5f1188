"""Futures, options on them and index options in brokers' files: section 1256 contracts, with what they come to."""

from __future__ import annotations

from pathlib import Path

import pytest

from .builders import SCHWAB, file, ledger, run

STATEMENT = (
    "Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,C. Price,{},Comm/Fee,"
    "Basis,Realized P/L,Realized P/L %,MTM P/L,Code"
)
TASTYTRADE = (
    "Date,Type,Sub Type,Action,Symbol,Instrument Type,Description,Value,Quantity,Average Price,Commissions,Fees,"
    "Multiplier,Root Symbol,Underlying Symbol,Expiration Date,Strike Price,Call or Put,Order #,Total,Currency"
)
CONTRACT = ("Type", "Asset", "Quantity", "Amount", "Fee", "Class", "Multiplier")


def of_statement(symbol: str, units: str, price: str, notional: str, category: str = "Futures") -> str:
    return (
        f'Trades,Data,Order,{category},USD,{symbol},"2025-08-04, 07:01:59",{units},{price},1,{notional},-0.61,0,0,0,0,O'
    )


def flex(folder: Path, *trades: str) -> Path:
    head = '<FlexQueryResponse queryName="q" type="AF"><FlexStatements count="1"><FlexStatement accountId="U1"><Trades>'
    path = folder / "flex.xml"
    path.write_text(f"{head}{''.join(trades)}</Trades></FlexStatement></FlexStatements></FlexQueryResponse>")
    return path


def trade(symbol: str, units: str, price: str, proceeds: str, category: str = "FUT", **more: str) -> str:
    said = {
        "symbol": symbol,
        "quantity": units,
        "tradePrice": price,
        "proceeds": proceeds,
        "assetCategory": category,
        "currency": "USD",
        "dateTime": "20250804;070159",
        "ibCommission": "-2.00",
        "ibCommissionCurrency": "USD",
        "buySell": "SELL" if units.startswith("-") else "BUY",
        "levelOfDetail": "EXECUTION",
        **more,
    }
    attributes = " ".join(f'{name}="{value}"' for name, value in said.items())
    return f"<Trade {attributes} />"


@pytest.mark.parametrize("heading", ["Notional Value", "Proceeds"])
def test_a_statement_tells_the_notional_value_of_a_future(heading: str, tmp_path: Path) -> None:
    lines = (of_statement("MESU5", "1", "7644", "-38220"), of_statement("MESU5", "-2", "7647", "76470"))
    result = run(tmp_path, file(tmp_path, "a.csv", STATEMENT.format(heading), *lines))
    assert ledger(result, *CONTRACT) == [
        ("Buy", "MESU5", "1", "38220", "0.61", "1256", ""),
        ("Sell", "MESU5", "2", "76470", "0.61", "1256", ""),
    ]
    assert result.problems == ()


def test_an_option_on_a_future_keeps_its_price(tmp_path: Path) -> None:
    line = of_statement("ESU5 C6500", "-1", "10", "500", "Options On Futures")
    result = run(tmp_path, file(tmp_path, "a.csv", STATEMENT.format("Proceeds"), line))
    assert ledger(result, *CONTRACT) == [("Sell", "ESU5 C6500", "1", "500", "0.61", "1256", "")]


@pytest.mark.parametrize(
    ("one", "row"),
    [
        (trade("ESU5", "2", "5250.50", "0", multiplier="50"), ("Buy", "ESU5", "2", "525050", "2", "1256", "")),
        (trade("ESU5", "-2", "5250.50", "525050"), ("Sell", "ESU5", "2", "525050", "2", "1256", "")),
        (trade("ZCU5", "1", "4.5", "-22500"), ("Buy", "ZCU5", "1", "22500", "2", "1256", "")),
        (
            trade("ZCU5", "1", "4.5", "-22500", multiplier="5000"),
            ("Buy", "ZCU5", "1", "22500", "2", "1256", "5000"),
        ),
        (
            trade("E1AU5 P5000", "-2", "10", "1000", "FOP", underlyingSymbol="ESU5"),
            ("Sell", "E1AU5 P5000", "2", "1000", "2", "1256", "50"),
        ),
        (
            trade("E1AU5 P5000", "2", "0", "0", "FOP", underlyingSymbol="ESU5", multiplier="50", notes="Ep"),
            ("Buy", "E1AU5 P5000", "2", "0", "2", "1256", "50"),
        ),
    ],
)
def test_a_flex_trade_of_contracts_is_price_times_multiplier(one: str, row: tuple[str, ...], tmp_path: Path) -> None:
    result = run(tmp_path, flex(tmp_path, one))
    assert [tuple(part.removesuffix(".00") for part in found) for found in ledger(result, *CONTRACT)] == [row]
    assert result.problems == ()


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (trade("CLU5", "1", "70", "-700", multiplier="1000"), "1 CLU5 at 70 come to 70000, and the row says 700."),
        (trade("CLU5", "1", "70", "-700000"), "come to 70000, and the row says 700000."),
        (trade("CLU5", "1", "-37.63", "37630", multiplier="1000"), "below 0"),
        (trade("CLU5", "1", "0", "0", multiplier="1000"), "gives no price"),
        (trade("XYZU5", "1", "70", "-7000", multiplier="100"), "none of the futures that are known"),
        (trade("FDXU5", "1", "70", "-7000", multiplier="25", currency="EUR"), "The amounts are in EUR"),
        (trade("ESU5", "1", "70", "-3500", ibCommissionCurrency="EUR"), "the commission is not in dollars"),
        (trade("ESU5", "1", "70", "-3500", notes="Ca"), "cancelled"),
        (trade("ABC", "1", "70", "-3500", "FSFOP"), "not known to be section 1256 contracts"),
    ],
)
def test_contracts_whose_dollars_are_doubtful_wait(one: str, words: str, tmp_path: Path) -> None:
    result = run(tmp_path, flex(tmp_path, one))
    assert result.rows_added == 0
    assert words in result.problems[0].message


def test_tastytrade_tells_the_price_of_a_future_in_words(tmp_path: Path) -> None:
    future, fees = "/MCLZ5,Future", "0.00,1,0.00,-0.75,-0.82,,,,,,"
    settled = f"{future},Final mark to market,1.00,0,0.00,,0.00,,,,,,,,1.00,USD"
    lines = (
        f"2025-10-13T09:15:00-0700,Trade,Buy,BUY,{future},Bought 1 /MCLZ5 @ 57.10,{fees},1,-1.57,USD",
        f"2025-10-14T09:15:00-0700,Trade,Sell,SELL,{future},Sold 1 /MCLZ5 @ 58.10,{fees},2,-1.57,USD",
        f"2025-10-14T15:00:00-0700,Money Movement,Mark to Market,,{settled}",
    )
    result = run(tmp_path, file(tmp_path, "t.csv", TASTYTRADE, *lines))
    assert ledger(result, *CONTRACT) == [
        ("Buy", "/MCLZ5", "1", "5710", "1.57", "1256", ""),
        ("Sell", "/MCLZ5", "1", "5810", "1.57", "1256", ""),
    ]
    assert [one.reason.partition(";")[0] for one in result.ignored] == ["the day's settlement of a future in cash"]
    assert result.problems == ()


def test_tastytrades_option_on_a_future_lapses(tmp_path: Path) -> None:
    option = "./MESM5EXK5  250529P5800,Future Option"
    sold = "Sold 1 /MESM5 EXK5 05/29/25 Put 5800.00 @ 82.5"
    rest = "./MESM5EXK5  ,/MESM5,5/29/25,5800,PUT"
    lines = (
        f"2025-03-30T08:51:16-0700,Trade,Sell to Open,SELL_TO_OPEN,{option},{sold},"
        f"412.50,1,412.50,-0.75,-0.46,1,{rest},3,411.29,USD",
        f"2025-05-29T15:00:00-0700,Receive Deliver,Expiration,,{option},Removal of option,0.00,1,0.00,,0.00,1,"
        f"{rest},,0.00,USD",
    )
    result = run(tmp_path, file(tmp_path, "t.csv", TASTYTRADE, *lines))
    assert ledger(result, *CONTRACT) == [
        ("Sell", "./MESM5EXK5 250529P5800", "1", "412.5", "1.21", "1256", "5"),
        ("Expire", "./MESM5EXK5 250529P5800", "1", "", "", "1256", ""),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Trade,Sell,SELL,/MCLZ5,Future,Sold 1 /MCLZ5,0.00,1,0.00,-0.75,-0.82,,,,,,,1,-1.57,USD", "gives no price"),
        ("Trade,Buy,BUY,/ZNZ5,Future,Bought 1 /ZNZ5 @ 110'165,0.00,1,0.00,0,0,,,,,,,1,0,USD", "could be read as more"),
        (
            "Receive Deliver,Exercise,,./ESZ5,Future Option,Removal,0.00,1,0.00,,0,,,/ESZ5,,,,,0,USD",
            "a future was settled",
        ),
    ],
)
def test_a_future_without_a_plain_price_waits(line: str, words: str, tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "t.csv", TASTYTRADE, f"2025-10-14T09:15:00-0700,{line}"))
    assert result.rows_added == 0
    assert words in result.problems[0].message


def test_a_symbol_with_a_slash_is_never_a_share(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "s.csv", SCHWAB, "01/19/2024,Buy,/ESH4,E-MINI,1,$50.00,,-$50.00"))
    assert result.rows_added == 0
    assert "/ESH4 is a future" in result.problems[0].message


@pytest.mark.parametrize(
    ("symbol", "asset_class", "underlying"),
    [
        ("SPXW 02/16/2024 5000.00 C", "1256", ""),
        ("XSP 02/16/2024 500.00 P", "1256", ""),
        ("SPY 02/16/2024 500.00 C", "option", "SPY x100"),
        ("GLD 02/16/2024 190.00 C", "option", "GLD x100"),
    ],
)
def test_index_options_are_contracts_and_others_options(
    symbol: str, asset_class: str, underlying: str, tmp_path: Path
) -> None:
    line = f"02/06/2024,Buy to Open,{symbol},OPTION,2,$2.00,$1.32,-$401.32"
    result = run(tmp_path, file(tmp_path, "s.csv", SCHWAB, line))
    assert ledger(result, "Asset", "Class", "Underlying") == [(symbol, asset_class, underlying)]
