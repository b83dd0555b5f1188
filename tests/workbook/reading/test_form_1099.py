"""The sheet 1099: what is read, and what is refused with its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from capgain.engine.broker_rows import BrokerRow
from capgain.engine.classes import Reported, Term
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.reading.form_1099 import COLUMNS, broker_rows, columns_of
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.moments import Calendar
from contract_answers import capgain

TOTALS = ("Broker", "Form", "Box", "Asset or total", "Proceeds", "Basis", "Wash", "Reported")
LOT = {
    "Broker": "Schwab",
    "Box": "A",
    "Asset": "XYZ",
    "Quantity": 10,
    "Acquired": "2025-01-06",
    "Sold": "2025-03-05",
    "Proceeds": 900,
    "Basis": 500,
}


def read(*lines: Sequence[object], first_row: int = 1) -> tuple[tuple[BrokerRow, ...], list[tuple[int, str, str]]]:
    rows, problems = broker_rows(RawSheet("1099", lines, first_row), Calendar())  # type: ignore[arg-type]
    assert all(problem.remedy and problem.blocks_filing and problem.sheet == "1099" for problem in problems)
    return rows, [(problem.row, problem.column, problem.code) for problem in problems]


def lot(**cells: object) -> tuple[tuple[BrokerRow, ...], list[tuple[int, str, str]]]:
    named = LOT | {name.replace("_", " "): value for name, value in cells.items()}
    return read(COLUMNS, [named.get(column) for column in COLUMNS])


def test_totals_and_lots_stand_on_one_sheet_under_headings_in_any_order_and_spelling() -> None:
    rows, problems = read(
        ("From the brokers' PDFs",),
        (),
        ("sold", "QUANTITY", "8949 Box", "asset/total", "Proceeds", "broker", "Our own column", "Market discount"),
        (datetime(2025, 3, 5), 2.5, "D", "XYZ", "$1,234.50", "Schwab", "x", 7),
        (None,) * 8,
        (None, None, "box a", "Total", 10, "Schwab", None, None),
        first_row=3,
    )
    assert not problems
    sale, total = rows
    assert (sale.row, sale.quantity, sale.sold) == (6, Decimal("2.5"), date(2025, 3, 5))
    assert (sale.box, sale.term, sale.reported, sale.discount) == ("D", Term.LONG, Reported.BASIS, Decimal(7))
    assert sale.is_of_a_sale
    assert (total.row, total.asset, total.box, total.basis, total.wash) == (8, "", "A", None, None)
    assert not total.is_of_a_sale


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"Quantity": None}, ("Quantity", "FORM_1099_SALE")),
        ({"Sold": None}, ("Sold", "FORM_1099_SALE")),
        ({"Quantity": 0}, ("Quantity", "FORM_1099_SALE")),
        ({"Asset": "total"}, ("Asset", "FORM_1099_SALE")),
        ({"Quantity": "ten"}, ("Quantity", "FORM_1099_AMOUNT")),
        ({"Proceeds": "abc"}, ("Proceeds", "FORM_1099_AMOUNT")),
        ({"Basis": -1}, ("Basis", "FORM_1099_AMOUNT")),
        ({"Wash": "-0.01"}, ("Wash", "FORM_1099_AMOUNT")),
        ({"Proceeds": None}, ("Proceeds", "FORM_1099_PROCEEDS")),
        ({"Sold": "soon"}, ("Sold", "FORM_1099_DATE")),
        ({"Acquired": "long ago"}, ("Acquired", "FORM_1099_DATE")),
        ({"Box": "Q"}, ("Box", "FORM_1099_BOX")),
        ({"Box": "C"}, ("Box", "FORM_1099_BOX")),
        ({"Box": "X"}, ("Box", "FORM_1099_BOX")),
        ({"Box": None}, ("Box", "FORM_1099_BOX")),
        ({"Term": "ordinary"}, ("Term", "FORM_1099_ORDINARY")),
        ({"Term": "medium"}, ("Term", "FORM_1099_TERM")),
        ({"Term": "long"}, ("Term", "FORM_1099_CONTRADICTION")),
        ({"Reported": "no basis"}, ("Reported", "FORM_1099_CONTRADICTION")),
        ({"Reported": "none"}, ("Reported", "FORM_1099_REPORTED")),
        ({"Form": "1099-K"}, ("Form", "FORM_1099_FORM")),
        ({"Broker": " "}, ("Broker", "FORM_1099_BROKER")),
        ({"Loss_Not_Allowed": "perhaps"}, ("Loss Not Allowed", "FORM_1099_WORD")),
    ],
)
def test_a_row_that_cannot_be_read_says_nothing_and_is_told_with_its_column(
    cells: dict[str, object], found: tuple[str, str]
) -> None:
    rows, problems = lot(**cells)
    assert rows == ()
    assert problems == [(2, *found)]


@pytest.mark.parametrize(
    ("cells", "box", "term", "reported"),
    [
        ({"Box": "X", "Reported": "basis"}, "X", None, Reported.BASIS),
        ({"Box": "Y", "Reported": "no", "Term": "long"}, "Y", Term.LONG, Reported.NO_BASIS),
        ({"Box": None, "Reported": "yes", "Term": "short"}, "", Term.SHORT, Reported.BASIS),
        ({"Box": "K", "Form": "1099-DA", "Term": "long"}, "K", Term.LONG, Reported.NO_BASIS),
    ],
)
def test_term_and_what_is_reported_follow_from_the_box_or_are_stated(
    cells: dict[str, object], box: str, term: Term | None, reported: Reported
) -> None:
    (row,), problems = lot(**cells)
    assert not problems
    assert (row.box, row.term, row.reported) == (box, term, reported)
    assert row.knows_term is (box not in ("X", "Y") and term is not None)


def test_words_for_dates_and_a_blank_are_three_things() -> None:
    acquired = [lot(Acquired=cell)[0][0] for cell in ("Various", "INHERITED", None, "2025-01-06")]
    assert [(row.acquired, row.acquired_text) for row in acquired] == [
        (None, "VARIOUS"),
        (None, "INHERITED"),
        (None, ""),
        (date(2025, 1, 6), ""),
    ]


def test_proceeds_of_an_option_written_may_be_negative() -> None:
    assert lot(Proceeds=-5)[0][0].proceeds == -5


def test_a_sheet_without_headings_is_told_and_a_blank_one_is_not() -> None:
    assert read(("Payer", "Gross"), ("Schwab", 1)) == ((), [(0, "", "FORM_1099_HEADER")])
    assert read((None, None)) == ((), [])
    assert columns_of(RawSheet("1099", [TOTALS]))["Proceeds"] == 4


def test_a_file_with_the_form_stands_beside_a_csv_ledger(tmp_path: Path) -> None:
    ledger, form = tmp_path / "ledger.csv", tmp_path / "1099.csv"
    ledger.write_text(
        "Date,Type,Asset,Quantity,Amount,Fee,Account,Class\n"
        "2025-01-06,Buy,XYZ,10,500,,Schwab,stock\n2025-03-05,Sell,XYZ,10,900,5,Schwab,stock\n"
    )
    form.write_text(
        "Broker,Box,Asset,Quantity,Acquired,Sold,Proceeds,Basis\nSchwab,A,XYZ,10,2025-01-06,2025-03-05,900,500\n"
    )
    assert read_ledger_file(ledger).ledger.forms_1099 is None
    assert len(read_ledger_file(ledger, forms_1099=form).ledger.forms_1099 or ()) == 1
    asked = ["--set", "Account Schwab=brokerage", "--status", "single", "--1099", form]
    result = capgain("compute", ledger, *asked, "--json")
    assert '"code": "E"' in result.stdout
    assert '"form_1099_row": 2' in result.stdout
    assert '"matched": [3], "open": "0.00"' in result.stdout
    lines = capgain("eval", ledger, "=CAPGAIN_8949(Ledger[#All], 2025)", *asked).stdout
    assert "900.00" in lines


def test_lots_of_one_row_of_a_form_are_one_row_in_cells_and_in_the_document(tmp_path: Path) -> None:
    ledger, form = tmp_path / "ledger.csv", tmp_path / "1099.csv"
    ledger.write_text(
        "Date,Type,Asset,Quantity,Amount,Account,Class\n2025-01-06,Buy,XYZ,4,500,Schwab,stock\n"
        "2025-01-07,Buy,XYZ,6,700,Schwab,stock\n2025-03-05,Sell,XYZ,10,1900,Schwab,stock\n"
    )
    form.write_text(
        "Broker,Box,Asset,Quantity,Acquired,Sold,Proceeds,Basis\nSchwab,A,XYZ,10,VARIOUS,2025-03-05,1900,1200\n"
    )
    asked = ["--set", "Account Schwab=brokerage", "--status", "single", "--1099", form]
    rows = capgain("eval", ledger, "=CAPGAIN_8949(Ledger[#All], 2025)", *asked).stdout.splitlines()[1:]
    assert [row.split("\t") for row in rows] == [
        ["10 sh. XYZ", "VARIOUS", "2025-03-05", "1900.00", "1200.00", "", "0.00", "700.00"]
    ]
    assert '"A": {"rows": 1, ' in capgain("compute", ledger, *asked, "--json").stdout


def test_a_file_of_1099s_shifted_by_a_thousands_comma_is_refused_by_its_row(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(
        "Date,Type,Asset,Quantity,Amount,Account,Class\n2024-01-10,Buy,XYZ,10,1800,Schwab,stock\n"
        "2025-03-05,Sell,XYZ,10,2500,Schwab,stock\n",
        encoding="utf-8",
    )
    heads = "Broker,Box,Asset,Quantity,Acquired,Sold,Proceeds,Basis,Note\n"
    (tmp_path / "f.csv").write_text(
        f"{heads}Schwab,D,XYZ,10,2024-01-10,2025-03-05,2,500,1800,mine\nSchwab,D,XYZ,1,,2025-03-06,5,5,,,\n",
        encoding="utf-8",
    )
    shifted = [
        (problem.sheet, problem.row, problem.message)
        for problem in read_ledger_file(tmp_path / "l.csv", forms_1099=tmp_path / "f.csv").ledger.problems
        if problem.code == "ROW_TOO_WIDE"
    ]
    assert shifted == [("1099", 2, "The row has 10 cells, but the header has 9.")]
