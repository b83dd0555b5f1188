"""A source's own basis, proceeds and gain of a sale, held against what the Ledger makes of it: both are named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from capgain.workbook.importing.import_files import ImportResult
from capgain.workbook.reading.ledger_file import read_ledger_file

from .builders import SCHWAB, file, run

TITLE = "Realized Gain/Loss - Lot Details for Individual ...615 as of Mon Jan 05 10:00:00 EST 2026"
LOTS = (
    "Symbol,Name,Closed Date,Opened Date,Quantity,Proceeds Per Share,Cost Per Share,Proceeds,Cost Basis (CB),"
    "Gain/Loss ($),Gain/Loss (%),Long Term Gain/Loss,Short Term Gain/Loss,Term,Unadjusted Cost Basis,Wash Sale?,"
    "Disallowed Loss,Transaction Closed Date,Transaction Cost Basis,Total Transaction Gain/Loss ($)"
)
IBKR = (
    "Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,C. Price,Proceeds,"
    "Comm/Fee,Basis,Realized P/L,MTM P/L,Code"
)
HISTORY = (
    "05/20/2025,Sell,XYZ,XYZ CORP,10,$80.00,$1.00,$799.00",
    "03/03/2025,Buy,XYZ,XYZ CORP,10,$60.00,$0.00,-$600.00",
    "01/06/2025,Buy,XYZ,XYZ CORP,10,$50.00,$0.00,-$500.00",
)


def history(folder: Path, *lines: str) -> Path:
    return file(folder, "Individual_XXX615_Transactions.csv", SCHWAB, *(lines or HISTORY))


def lot(opened: str, units: int, proceeds: str, basis: str, wash: str = "", closed: str = "05/20/2025") -> str:
    gain = float(proceeds) - float(basis)
    money = [f"${float(proceeds):.2f}", f"${float(basis):.2f}", f"${gain:.2f}"]
    return (
        f"XYZ,XYZ CORP,{closed},{opened},{units},,,{money[0]},{money[1]},{money[2]},,,,Short Term,,"
        f"{'Yes' if wash else 'No'},{wash},{closed},,"
    )


def lots(folder: Path, *lines: str) -> Path:
    path = folder / "lots.csv"
    path.write_text("\n".join([f'"{TITLE}"', LOTS, *lines]) + "\n", encoding="utf-8")
    return path


def trade(day: str, units: int, proceeds: str, fee: str, basis: str, gain: str, code: str) -> str:
    return (
        f'Trades,Data,Order,Stocks,USD,AMC,"{day}, 10:00:00",{units},{abs(float(proceeds) / units):.2f},9,'
        f"{proceeds},{fee},{basis},{gain},0,{code}"
    )


def said(result: ImportResult) -> list[str]:
    return [item.message for item in result.problems]


def open_items(book: Path) -> Iterator[tuple[str, str]]:
    sheet = openpyxl.load_workbook(book)
    for row in sheet["Open Items"].iter_rows(min_row=2, values_only=True) if "Open Items" in sheet.sheetnames else ():
        yield str(row[0]), str(row[1])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("01/06/2025", 10, "799", "500"), ""),
        (("01/06/2025", 10, "800", "500"), ""),
        (("01/06/2025", 10, "799.02", "500"), "proceeds of 799.02, the Ledger gives 799.00"),
        (("01/06/2025", 10, "799", "500.01"), ""),
        (("01/06/2025", 10, "799", "500.02"), "a basis of 500.02, the Ledger gives 500.00"),
        (("01/06/2025", 10, "790", "500"), "proceeds of 790.00, the Ledger gives 799.00"),
        (("03/03/2025", 10, "799", "600"), "a basis of 600.00, the Ledger gives 500.00"),
        (("01/06/2025", 10, "799", "500", "12.00"), "a disallowed loss of 12.00, the Ledger gives 0.00"),
        (("01/07/2025", 10, "799", "500"), "another day of purchase than the Ledger"),
    ],
)
def test_a_list_of_closed_lots_is_compared_with_the_sale_that_the_ledger_has(
    row: tuple[str, int, str, str], says: str, tmp_path: Path
) -> None:
    result = run(tmp_path, history(tmp_path), lots(tmp_path, lot(*row)))
    assert result.rows_added == 3
    summary = next(one for one in result.files if one.name == "lots.csv")
    assert (summary.ignored, summary.problems) == ((1, 1) if says else (2, 0))
    assert len(said(result)) == (1 if says else 0)
    assert says in "".join(said(result))
    if says:
        assert any(problem.code == "OPEN_ITEM" for problem in read_ledger_file(result.output).ledger.problems)
        assert [why for why, _ in open_items(result.output)] == said(result)


def test_two_lots_of_the_list_are_compared_with_the_two_that_the_ledger_took(tmp_path: Path) -> None:
    sold = ("05/20/2025,Sell,XYZ,XYZ CORP,15,$80.00,$0.00,$1200.00", *HISTORY[1:])
    fifo = [lot("01/06/2025", 10, "800", "500"), lot("03/03/2025", 5, "400", "300")]
    assert said(run(tmp_path, history(tmp_path, *sold), lots(tmp_path, *fifo))) == []
    lifo = [lot("03/03/2025", 10, "800", "600"), lot("01/06/2025", 5, "400", "250")]
    (message,) = said(run(tmp_path, history(tmp_path, *sold), lots(tmp_path, *lifo)))
    assert "a basis of 850.00, the Ledger gives 800.00" in message
    assert "10 of 2025-01-06 at 500.00, 5 of 2025-03-03 at 300.00" in message


def test_lots_of_other_days_are_named_though_their_basis_is_the_same(tmp_path: Path) -> None:
    same = ("05/20/2025,Sell,XYZ,XYZ CORP,10,$80.00,$0.00,$800.00", HISTORY[1].replace("60", "50"), HISTORY[2])
    five = [lot("01/06/2025", 5, "400", "250"), lot("03/03/2025", 5, "400", "250")]
    (message,) = said(run(tmp_path, history(tmp_path, *same), lots(tmp_path, *five)))
    assert "other lots than the Ledger, of 2025-03-03" in message
    more = [lot("01/06/2025", 10, "800", "500")]
    part = ("05/20/2025,Sell,XYZ,XYZ CORP,12,$80.00,$0.00,$960.00", *HISTORY[1:])
    (message,) = said(run(tmp_path, history(tmp_path, *part), lots(tmp_path, lot("01/07/2025", 7, "560", "350"))))
    assert "7 units, the Ledger 12" in message
    assert said(run(tmp_path, history(tmp_path, *part), lots(tmp_path, *more))) == []


def test_a_wash_sale_that_the_list_knows_nothing_of_is_no_difference(tmp_path: Path) -> None:
    rows = (
        "05/20/2025,Buy,XYZ,XYZ CORP,10,$30.00,$0.00,-$300.00",
        "05/10/2025,Sell,XYZ,XYZ CORP,10,$40.00,$0.00,$400.00",
        "01/06/2025,Buy,XYZ,XYZ CORP,10,$50.00,$0.00,-$500.00",
    )
    result = run(
        tmp_path, history(tmp_path, *rows), lots(tmp_path, lot("01/06/2025", 10, "400", "500", closed="05/10/2025"))
    )
    assert said(result) == []
    later = ("06/20/2025,Sell,XYZ,XYZ CORP,10,$45.00,$0.00,$450.00", *rows)
    without = [lot("05/20/2025", 10, "450", "300", closed="06/20/2025")]
    assert said(run(tmp_path, history(tmp_path, *later), lots(tmp_path, *without))) == []
    with_it = [lot("05/20/2025", 10, "450", "400", closed="06/20/2025")]
    assert said(run(tmp_path, history(tmp_path, *later), lots(tmp_path, *with_it))) == []
    neither = [lot("05/20/2025", 10, "450", "350", closed="06/20/2025")]
    assert len(said(run(tmp_path, history(tmp_path, *later), lots(tmp_path, *neither)))) == 1


def test_the_item_goes_once_the_ledger_agrees_and_stays_as_it_was_decided(tmp_path: Path) -> None:
    listed = lots(tmp_path, lot("03/03/2025", 10, "799", "600"))
    first = run(tmp_path, history(tmp_path), listed)
    assert len(said(first)) == 1
    again = run(tmp_path, listed, into=first.output)
    assert said(again) == said(first)
    book = openpyxl.load_workbook(first.output)
    sheet = book["Open Items"]
    decision = next(cell.column for cell in sheet[1] if cell.value == "Decision")
    sheet.cell(2, decision).value = "the broker was told the order too late"
    book.save(first.output)
    decided = run(tmp_path, listed, into=first.output)
    assert said(decided) == []
    assert len(list(open_items(first.output))) == 1
    sheet.cell(2, decision).value = None
    ledger = book["Ledger"]
    columns = {str(cell.value): cell.column for cell in ledger[1]}
    bought = next(row for row in range(2, 5) if ledger.cell(row, columns["Amount"]).value == 600)
    sold = next(row for row in range(2, 5) if ledger.cell(row, columns["Type"]).value == "Sell")
    ledger.cell(bought, columns["Lot"]).value = "march"
    ledger.cell(sold, columns["Lot"]).value = "march"
    book.save(first.output)
    settled = run(tmp_path, listed, into=first.output)
    assert said(settled) == []
    assert list(open_items(first.output)) == []


def test_a_ledger_with_errors_compares_nothing_and_says_so(tmp_path: Path) -> None:
    result = run(tmp_path, history(tmp_path, HISTORY[0]), lots(tmp_path, lot("01/06/2025", 10, "799", "500")))
    assert said(result) == []
    assert "basis or gain of 1 sales is not compared" in " ".join(result.notices)


def test_interactive_brokers_basis_is_compared_with_the_lots_of_the_ledger(tmp_path: Path) -> None:
    rows = [
        trade("2025-01-06", 100, "-900", "-1", "901", "0", "O"),
        trade("2025-02-06", 100, "-950", "-1", "951", "0", "O"),
        trade("2025-03-06", -100, "1100", "-1", "-901", "198", "C"),
    ]
    assert said(run(tmp_path, file(tmp_path, "a.csv", IBKR, *rows))) == []
    rounded = [*rows[:2], trade("2025-03-06", -100, "1100", "-1", "-900.1", "198.9", "C")]
    assert said(run(tmp_path, file(tmp_path, "a.csv", IBKR, *rounded))) == []
    other = [*rows[:2], trade("2025-03-06", -100, "1100", "-1", "-951", "148", "C")]
    result = run(tmp_path, file(tmp_path, "a.csv", IBKR, *other))
    (message,) = said(result)
    assert "a basis of 951.00, the Ledger gives 901.00" in message
    assert result.rows_added == 3
    again = run(tmp_path, file(tmp_path, "a.csv", IBKR, *other), into=result.output)
    assert (said(again), again.rows_added) == ([message], 0)


def test_the_gain_of_a_short_sale_is_compared(tmp_path: Path) -> None:
    rows = [trade("2025-01-06", -100, "1000", "-1", "-999", "0", "O")]
    right = trade("2025-03-06", 100, "-800", "-1", "999", "198", "C")
    wrong = trade("2025-03-06", 100, "-800", "-1", "899", "98", "C")
    assert said(run(tmp_path, file(tmp_path, "a.csv", IBKR, *rows, right))) == []
    (message,) = said(run(tmp_path, file(tmp_path, "a.csv", IBKR, *rows, wrong)))
    assert "a gain of 98.00, the Ledger gives 198.00" in message


def test_the_year_that_was_missing_is_compared_when_the_file_comes_again(tmp_path: Path) -> None:
    sale = file(tmp_path, "b.csv", IBKR, trade("2025-03-06", -100, "1100", "-1", "-951", "148", "C"))
    first = run(tmp_path, sale)
    assert "not compared" in " ".join(first.notices)
    before = file(tmp_path, "a.csv", IBKR, trade("2024-01-06", 100, "-900", "-1", "901", "0", "O"))
    run(tmp_path, before, into=first.output)
    assert "a basis of 951.00" in "".join(said(run(tmp_path, sale, into=first.output)))
