"""A broker's own basis and gain beside a sale: the row's money bears them out, or the row waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from .builders import SCHWAB, file, run

IBKR = (
    "Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,C. Price,Proceeds,"
    "Comm/Fee,Basis,Realized P/L,MTM P/L,Code"
)
OWN = (
    'name = "Own"\nkind = "brokerage"\ntime_zone = ""\n[[table]]\nheaders = [["Day", "What", "Paper"]]\n'
    'compare = { basis = "Cost Basis", gain = "Gain", proceeds = "Proceeds" }\n'
    '[table.columns]\nat = "Day"\nkind = "What"\nasset = "Paper"\nquantity = "Units"\namount = "Gross"\nfee = "Fee"\n'
    '[table.kinds]\n"sale" = "sell"\n'
)


@pytest.mark.parametrize(("realized", "rows"), [("198", 1), ("198.9", 1), ("199.2", 0), ("-198", 0)])
def test_interactive_brokers_figures_are_rounded_to_a_dollar(realized: str, rows: int, tmp_path: Path) -> None:
    sale = f'Trades,Data,Order,Stocks,USD,AMC,"2025-12-01, 10:00:00",-100,11,11,1100,-1,-901,{realized},0,C'
    result = run(tmp_path, file(tmp_path, "a.csv", IBKR, sale))
    assert (result.rows_added, len(result.problems)) == (rows, 1 - rows)


@pytest.mark.parametrize(
    ("basis", "gain", "proceeds", "says"),
    [
        ("900", "199", "1099", ""),
        ("900", "199", "1100", ""),
        ("900", "199.02", "1100", "The file says a gain of 199.02, the row gives 199"),
        ("900", "199", "1090", "The file says proceeds of 1090, the row gives 1099"),
        ("", "", "", ""),
    ],
)
def test_a_mapping_names_the_columns_that_are_compared(
    basis: str, gain: str, proceeds: str, says: str, tmp_path: Path
) -> None:
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    row = f"2025-03-04,sale,VTI,4,1100,1,{basis},{gain},{proceeds}"
    source = file(tmp_path, "own.csv", "Day,What,Paper,Units,Gross,Fee,Cost Basis,Gain,Proceeds", row)
    result = run(tmp_path, source, formats=[tmp_path / "own.toml"])
    if says:
        assert says in result.problems[0].message
    else:
        assert result.rows_added == 1


def test_a_row_that_contradicts_itself_never_moves_to_the_ledger_by_itself(tmp_path: Path) -> None:
    sale = 'Trades,Data,Order,Stocks,USD,AMC,"2025-12-01, 10:00:00",-100,11,11,1100,-1,-901,300,0,C'
    first = run(tmp_path, file(tmp_path, "a.csv", IBKR, sale))
    other = file(tmp_path, "s.csv", SCHWAB, "05/07/2024,Qualified Dividend,AAPL,APPLE INC,,,,$24.00")
    later = run(tmp_path, other, into=first.output)
    assert [row.values["Asset"] for row in later.rows] == ["AAPL"]
    assert [item.message for item in later.problems] == [item.message for item in first.problems]
