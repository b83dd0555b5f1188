"""A report workbook is itself a ledger file and gives the same numbers."""

from pathlib import Path

from capgain.engine.compute import compute
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.report import report_book
from capgain.workbook.template import write_template
from capgain.workbook.xlsx.writer import write_book

CSV = """My trades,,,,,,,
Date,Type,Asset,Quantity,Price,Amount,Fee,Account,Class,Note,Lot
2023-01-05 10:00,Buy,BTC,0.123456789012345678,,2000.00,1.5,Kraken,crypto,=1+1,L1

2024-02-01,Buy,AAPL,10,"$1,234.56",,,Fidelity,stock,-5,L2
03/01/2025,Sell,AAPL,4,"1,300.10",,,Fidelity,,"two
lines",L2:4
2025-06-01,Sell,BTC,0.1,,9000,,Kraken,,,
"""


def test_a_report_made_from_a_text_file_reads_back_the_same(tmp_path: Path) -> None:
    source = tmp_path / "ledger.csv"
    source.write_text(CSV)
    check_round_trip(tmp_path, source, ("Filing Status=mfj", "Account Kraken=exchange", "Account Fidelity=brokerage"))


def test_a_report_made_from_a_workbook_reads_back_the_same(tmp_path: Path) -> None:
    write_template(tmp_path / "book.xlsx")
    check_round_trip(tmp_path, tmp_path / "book.xlsx", ())


def check_round_trip(folder: Path, source: Path, overrides: tuple[str, ...]) -> None:
    file = read_ledger_file(source, overrides=overrides)
    assert not file.ledger.problems
    report = compute(file.ledger)
    written = folder / "report.xlsx"
    write_book(report_book(report, file, None), written)
    again = read_ledger_file(written)
    assert again.ledger.transactions == file.ledger.transactions
    assert again.ledger.settings == file.ledger.settings
    assert again.ledger.accounts == file.ledger.accounts
    assert again.ledger.prices == file.ledger.prices
    assert again.ledger.problems == file.ledger.problems
    assert compute(again.ledger).years == report.years
