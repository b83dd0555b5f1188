"""Import files, parsed back: every row arrives, and what a format cannot say is named."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import openpyxl
import pytest

from capgain.engine.classes import AssetClass, Term
from capgain.engine.forms.form_8949 import Form8949
from capgain.engine.results.dispositions import Disposition
from capgain.engine.units import UNITS
from capgain.engine.years import tax_year
from capgain.workbook.handoff.tax_software.drake import CHECK_BOX, drake
from capgain.workbook.handoff.tax_software.export_file import ImportFile, Owners
from capgain.workbook.handoff.tax_software.export_files import every_row, import_files, limits_text
from capgain.workbook.handoff.tax_software.olt import olt
from capgain.workbook.handoff.tax_software.taxact import MOST_ROWS, taxact
from capgain.workbook.handoff.tax_software.txf import REFERENCE, txf
from capgain.workbook.report.printed_rows import PrintedRow, printed_row
from contract_answers import capgain

Make = Callable[..., Disposition]
MADE_ON = date(2025, 2, 3)
NOBODY = Owners()
JOINT = Owners(frozenset({"=cmd|x"}), is_joint=True)


def of_name(files: Sequence[ImportFile], beginning: str) -> ImportFile:
    return next(file for file in files if file.name.startswith(beginning))


def records(content: bytes) -> Iterator[list[str]]:
    """TXF as the specification describes it: records end with a line `^`."""
    record: list[str] = []
    for line in content.decode("ascii").splitlines():
        if line == "^":
            yield record
            record = []
        else:
            record.append(line)
    assert not record


def table(file: ImportFile) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(file.content.decode("utf-8"), newline="")))


@pytest.fixture
def rows(disposition: Make) -> tuple[PrintedRow, ...]:
    found = [
        disposition("A", proceeds=100_000, basis=150_000, codes="W", adjustment=30_000, wash=30_000),
        disposition("B", row=6, acquired_text="VARIOUS"),
        disposition("C", row=7, asset="=HYPERLINK(1)", account="=cmd|x"),
        disposition("D", row=8, acquired_text="INHERITED", proceeds=1_234_567_89),
        disposition("E", row=9, codes="BW", adjustment=25_000, wash=30_000),
        disposition("F", row=10, codes="T"),
        disposition("H", row=11, asset="BTC", asset_class=AssetClass.CRYPTO, units=UNITS // 8, proceeds=7, basis=0),
        disposition("L", row=12, asset="ETH", asset_class=AssetClass.CRYPTO),
    ]
    return tuple(printed_row(row) for row in found)


def test_txf_says_the_copy_of_form_8949_and_the_wash_sale(rows: tuple[PrintedRow, ...]) -> None:
    header, *sales = records(txf(rows, 2025, MADE_ON).content)
    assert header == ["V042", "ACapGain", "D02/03/2025"]
    assert sales[0] == [
        "TD",
        "N321",
        "C1",
        "L1",
        "P10 sh. XYZ",
        "D03/01/2023",
        "D06/03/2024",
        "$1500.00",
        "$1000.00",
        "$300.00",
    ]
    assert [record[1] for record in sales] == ["N321", "N711", "N712", "N323"]
    assert [len(record) for record in sales] == [10, 9, 9, 9]
    assert sales[1][5] == sales[3][5] == "D"
    assert sales[3][8] == "$1234567.89"


def test_txf_names_what_it_cannot_say_with_its_amounts(rows: tuple[PrintedRow, ...]) -> None:
    file = txf(rows, 2025, MADE_ON)
    boxes, codes = file.left_out
    assert [row.box for row in boxes.rows] == ["H", "L"]
    assert [row.codes for row in codes.rows] == ["BW", "T"]
    assert {*file.rows, *boxes.rows, *codes.rows} == set(rows)
    text = limits_text([file], 2025)
    assert "NOT IN THIS FILE: 2 row(s) of box H, L: proceeds 1,000.07, basis 800.00" in text
    assert "no reference number for boxes G to L" in text


def test_txf_totals_are_the_engines_for_every_box_it_knows(disposition: Make) -> None:
    found = [printed_row(disposition(box, row=n, proceeds=n * 137)) for n, box in enumerate(REFERENCE, start=5)]
    _, *sales = records(txf(found, 2024, MADE_ON).content)
    assert sum(Decimal(record[8][1:]) for record in sales) == sum(row.proceeds for row in found)
    assert sum(Decimal(record[7][1:]) for record in sales) == sum(row.basis for row in found)


def test_taxact_has_a_line_for_each_row_with_code_amount_and_category(rows: tuple[PrintedRow, ...]) -> None:
    file = taxact(rows, 2025, NOBODY)
    lines = table(file)
    assert [line["Reporting Category"] for line in lines] == list("ABCDEFHL")
    assert lines[0]["Wash Sale"] == "W"
    assert (lines[4]["Adjustment Code"], lines[4]["Adjustment Amount"]) == ("BW", "250.00")
    assert lines[3]["Date Acquired"] == "INHERITED"
    for line, row in zip(lines, rows, strict=True):
        assert Decimal(line["Sales Proceeds"]) == row.proceeds
        assert Decimal(line["Cost or Other Basis"]) == row.basis
    assert any("list of reporting categories ends with F" in limit for limit in file.limits)


@pytest.mark.parametrize("count", [MOST_ROWS, MOST_ROWS + 1])
def test_above_taxacts_row_limit_each_broker_and_box_is_one_row_with_a_statement(disposition: Make, count: int) -> None:
    found = [
        printed_row(disposition("A" if n % 2 else "D", row=n, account=f"Broker {n % 3}", proceeds=n))
        for n in range(count - 1)
    ]
    found.append(printed_row(disposition("B", row=9999, codes="W", adjustment=5, wash=5)))
    file = taxact(found, 2024, NOBODY)
    lines = table(file)
    assert sum(Decimal(line["Sales Proceeds"]) for line in lines) == sum(row.proceeds for row in found)
    if count <= MOST_ROWS:
        assert len(lines) == count
        assert not file.statements
        return
    assert len(lines) == 7
    assert "Broker 1 see attached statement" in {line["Description"] for line in lines}
    assert {line["Adjustment Code"] for line in lines} == {"M", "W"}
    assert len(file.statements) == 6
    assert sum(len(statement.rows) for statement in file.statements) == count - 1
    assert "ATTACH: statement of Broker 1, box A" in limits_text([file], 2024)


def test_drake_has_its_own_dates_boxes_and_wash_column(rows: tuple[PrintedRow, ...]) -> None:
    drake_file = of_name(import_files(rows, 2025, MADE_ON, JOINT), "drake")
    lines = table(drake_file)
    assert [line["Form 8949 Check Box"] for line in lines] == [CHECK_BOX[row.box] for row in rows]
    assert [line["Form 8949 Check Box"] for line in lines] == ["1", "2", "3", "1", "2", "3", "5", "6"]
    assert lines[0]["Date Sold"] == "06032024"
    assert lines[3]["Date Acquired"] == "INHERIT"
    assert lines[0]["Wash Sale Loss Disallowed"] == "300.00"
    assert (lines[4]["Wash Sale Loss Disallowed"], lines[4]["Adjustment 1 Code"]) == ("300.00", "B")
    assert lines[4]["Adjustment 1"] == "-50.00"
    assert (lines[5]["Adjustment 1 Code"], lines[5]["Adjustment 1"]) == ("T", "")
    assert [line["TSJ"] for line in lines] == ["T", "T", "S", "T", "T", "T", "T", "T"]
    alone = table(of_name(import_files(rows, 2025, MADE_ON), "drake"))
    assert {line["TSJ"] for line in alone} == {""}


def test_drakes_columns_are_thirty_in_the_order_of_its_manual(rows: tuple[PrintedRow, ...]) -> None:
    header, first, *_ = csv.reader(
        StringIO(of_name(import_files(rows, 2025, MADE_ON), "drake").content.decode("utf-8"))
    )
    assert (len(header), len(first)) == (30, 30)
    assert header[5:11] == ["Date Sold", "Date Acquired", "Type of Gain or Loss", "Symbol", "Quantity", "Proceeds"]
    assert header[12] == "Cost or Other Basis"
    assert header[14:16] == ["Wash Sale Loss Disallowed", "Description of Property"]
    assert first[8:10] == ["XYZ", "10"]


def test_owners_stand_on_a_joint_return_alone(rows: tuple[PrintedRow, ...]) -> None:
    joint, alone = import_files(rows, 2025, MADE_ON, JOINT), import_files(rows, 2025, MADE_ON)
    for name, column, words in (
        ("taxact", "Owner", ("T", "S")),
        ("olt", "Whose Capital Assets ", ("P", "S")),
        ("dispositions", "Owner", ("T", "S")),
    ):
        mine, hers = words
        assert [line[column] for line in table(of_name(joint, name))] == [mine, mine, hers, *[mine] * 5]
        assert {line[column] for line in table(of_name(alone, name))} == {""}


def test_turbotax_online_has_a_line_a_lot_whose_gain_is_that_of_the_form(disposition: Make) -> None:
    coin = {"asset": "BTC", "asset_class": AssetClass.CRYPTO, "units": UNITS // 8}
    found = [
        disposition("K", row=9, proceeds=500_000, basis=100_000, **coin),
        disposition("J", row=7, proceeds=50_000, basis=90_000, codes="B", adjustment=30_000, **coin),
        disposition("H", row=8, **coin),
        disposition("L", row=6, acquired_text="VARIOUS", **coin),
        disposition("A", row=5),
    ]
    file = of_name(import_files([printed_row(one) for one in found], 2025, MADE_ON), "turbotax-online")
    assert [(line["Currency Name"], line["Purchase Date"], line["Date Sold"]) for line in table(file)] == [
        ("BTC", "03/01/2023", "06/03/2024")
    ] * 2
    gains = [Decimal(line["Proceeds"]) - Decimal(line["Cost Basis"]) for line in table(file)]
    assert gains == [found[1].gain, found[0].gain]
    undated, tacked = file.left_out
    assert [row.behind[0].row for row in undated.rows] == [6]
    assert [row.behind[0].row for row in tacked.rows] == [8]


def test_a_year_without_coins_has_no_file_for_turbotax_online(disposition: Make) -> None:
    assert not [file for file in import_files([printed_row(disposition("A"))], 2025, MADE_ON) if "turbo" in file.name]


def test_olt_has_29_columns_and_its_own_words(rows: tuple[PrintedRow, ...]) -> None:
    file = of_name(import_files(rows, 2025, MADE_ON), "olt")
    lines = table(file)
    assert {len(line) for line in csv.reader(StringIO(file.content.decode("utf-8"), newline=""))} == {29}
    assert [line["Date acquired "] for line in lines[:4]] == ["03/01/2023", "Various", "03/01/2023", "Inherit"]
    assert [line["Reported to IRS"] for line in lines] == [
        *("NET PROCEEDS", "NET PROCEEDS", "NONE", "NET PROCEEDS", "NET PROCEEDS", "NONE", "NET PROCEEDS", "NONE")
    ]
    assert [line["Form Type "] for line in lines] == ["1099-B", "1099-B", "", "1099-B", "1099-B", "", "1099-DA", ""]
    assert [line["Noncovered Security"] for line in lines] == ["No", "Yes", "Yes", "No", "Yes", "Yes", "Yes", "Yes"]
    assert lines[0]["Wash sale loss disallowed ($)"] == "300.00"
    assert sum(Decimal(line["Proceeds or Sales Price ($)"]) for line in lines) == sum(row.proceeds for row in rows)


def test_open_tax_solver_has_a_file_for_each_pair_of_boxes_in_use(rows: tuple[PrintedRow, ...]) -> None:
    files = [file for file in import_files(rows, 2025, MADE_ON) if file.name.startswith("ots")]
    assert [file.name[-6:-4] for file in files] == ["AD", "BE", "CF", "HK", "IL"]
    assert sum(len(table(file)) for file in files) == len(rows)
    dates = [line["Date_Acquired"] for file in files for line in table(file)]
    assert dates[:4] == ["3-1-2023", "various-long", "various-short", "3-1-2023"]
    assert all("lines 1b to 3" in " ".join(file.limits) for file in files if file.name[-6:-4] in ("HK", "IL"))


def test_the_grid_names_rows_whose_term_does_not_follow_from_their_dates(disposition: Make) -> None:
    found = [printed_row(disposition("A")), printed_row(disposition("D", row=6))]
    file = of_name(import_files(found, 2025, MADE_ON), "dispositions")
    assert [line["Short/long"] for line in table(file)] == ["Short", "Long"]
    assert [limit for limit in file.limits if "enter 03/01/2023 as the date acquired" in limit]


def test_a_list_of_gains_adds_up_without_codes(rows: tuple[PrintedRow, ...]) -> None:
    for line, row in zip(table(of_name(import_files(rows, 2025, MADE_ON), "capital")), rows, strict=True):
        assert Decimal(line["Proceeds (USD)"]) - Decimal(line["Cost (USD)"]) == Decimal(line["Gain / loss"]) == row.gain
        assert line["Amount"] == ("0.125" if row.box == "H" else "10")


def test_the_readme_has_totals_by_broker_and_box_for_programs_without_an_import(rows: tuple[PrintedRow, ...]) -> None:
    text = limits_text(import_files(rows, 2025, MADE_ON), 2025)
    assert "Box A, Schwab: proceeds 1,000.00, basis 1,500.00, adjustment 300.00, gain or loss -200.00, code W" in text


def test_drakes_wash_and_adjustments_add_up_to_column_g(disposition: Make) -> None:
    codes = ["W", "BW", "BELOW", "H", "", "T"]
    found = [
        printed_row(disposition("B", row=n, codes=code, adjustment=-500 * n, wash=700 if "W" in code else 0))
        for n, code in enumerate(codes)
    ]
    drake_file = of_name(import_files(found, 2024, MADE_ON), "drake")
    for line, row in zip(table(drake_file), found, strict=True):
        amounts = [line["Wash Sale Loss Disallowed"], *(line[f"Adjustment {n}"] for n in (1, 2, 3))]
        if row.codes:
            assert sum(Decimal(amount or "0") for amount in amounts) == row.adjustment
        assert set(row.codes) <= {*"".join(line[f"Adjustment {n} Code"] for n in (1, 2, 3)), "W"}


def test_the_plain_csv_carries_all_columns_and_their_ledger_rows(rows: tuple[PrintedRow, ...]) -> None:
    *_, plain = import_files(rows, 2025, MADE_ON)
    lines = table(plain)
    assert [line["Box"] for line in lines] == list("ABCDEFHL")
    for line, row in zip(lines, rows, strict=True):
        gain = Decimal(line["Proceeds (d)"]) - Decimal(line["Cost or other basis (e)"])
        assert gain + Decimal(line["Adjustment (g)"]) == Decimal(line["Gain or loss (h)"]) == row.gain
        assert line["Ledger row of sale"] == str(row.behind[0].row)
    assert lines[6]["Quantity"] == "0.125"


def test_no_cell_of_an_import_file_can_become_a_formula(rows: tuple[PrintedRow, ...]) -> None:
    for file in import_files(rows, 2025, MADE_ON):
        if file.name.endswith(".csv"):
            for line in csv.reader(StringIO(file.content.decode("utf-8"), newline="")):
                for cell in line:
                    assert cell[:1] not in ("=", "+", "@")
                    assert not cell.startswith("-") or Decimal(cell) < 0


def test_import_files_hold_the_rows_that_exception_1_keeps_off_form_8949(disposition: Make) -> None:
    found = [disposition("A"), disposition("D", row=6), disposition("A", row=7, codes="W", adjustment=1, wash=1)]
    form = Form8949.of(found, tax_year(2024), exception_1=True)
    assert form.direct[Term.SHORT].rows == 1
    assert [row.behind[0].row for row in every_row(form, {}, {}, ())] == [5, 7, 6]
    assert import_files(every_row(Form8949.of([], tax_year(2024)), {}, {}, ()), 2024, MADE_ON) == ()


def test_tax_withheld_from_a_sale_stands_in_the_columns_of_drake_and_olt(disposition: Make) -> None:
    sales = [disposition("A", row=5), disposition("A", row=6)]
    rows = every_row(Form8949.of(sales, tax_year(2024)), {}, {id(sales[1]): Decimal("240.5")}, ())
    for file, column in (
        (drake(rows, 2024, Owners()), "Federal Tax Withheld"),
        (olt(rows, 2024, Owners()), "Federal Income Tax Withheld ($)"),
    ):
        assert [line[column] for line in table(file)] == ["", "240.50"]


def test_each_form_of_a_sale_adds_the_tax_it_withheld(tmp_path: Path) -> None:
    ledger, form = tmp_path / "ledger.csv", tmp_path / "1099.csv"
    ledger.write_text(
        "Date,Type,Asset,Quantity,Amount,Account,Class\n2023-01-05,Buy,XYZ,10,1000,Schwab,stock\n"
        "2024-06-03,Sell,XYZ,10,1500,Schwab,\n",
        encoding="utf-8",
    )
    form.write_text(
        "Broker,Box,Asset,Quantity,Acquired,Sold,Proceeds,Basis,Withheld\n"
        "Schwab,D,XYZ,4,2023-01-05,2024-06-03,600,400,100\nSchwab,D,XYZ,6,2023-01-05,2024-06-03,900,600,44.5\n",
        encoding="utf-8",
    )
    more = ("--set", "Account Schwab=brokerage", "--set", "Filing Status=single", "--as-of", "2025-02-01")
    result = capgain("handoff", ledger, "--1099", form, "-o", tmp_path / "out", *more)
    assert result.exit_code == 0, result.output
    (row,) = csv.DictReader(StringIO((tmp_path / "out" / "import" / "olt-2024.csv").read_text(), newline=""))
    assert row["Federal Income Tax Withheld ($)"] == "144.50"
    cover = openpyxl.load_workbook(tmp_path / "out" / "workpapers.xlsx", data_only=True)["Cover"]
    shown = [line[1] for line in cover.iter_rows(values_only=True) if str(line[0]).startswith("Tax withheld")]
    assert shown == [144.5], "the form is a CSV, in which every cell is text"
    read_me = (tmp_path / "out" / "import" / "READ ME FIRST.txt").read_text()
    assert "Box D, Schwab: proceeds 1,500.00, basis 1,000.00, adjustment 0.00, gain or loss 500.00 (1 lot)" in read_me


def test_a_loss_that_a_form_does_not_allow_is_marked_for_drake_and_olt(tmp_path: Path) -> None:
    ledger, form = tmp_path / "ledger.csv", tmp_path / "1099.csv"
    ledger.write_text(
        "Date,Type,Asset,Quantity,Amount,Account,Class,Code,Adjustment\n2023-01-05,Buy,XYZ,10,1000,Schwab,stock,,\n"
        "2024-06-03,Sell,XYZ,4,300,Schwab,,L,100\n2024-06-04,Sell,XYZ,6,500,Schwab,,,\n",
        encoding="utf-8",
    )
    form.write_text(
        "Broker,Box,Asset,Quantity,Acquired,Sold,Proceeds,Basis,Loss Not Allowed\n"
        "Schwab,D,XYZ,4,2023-01-05,2024-06-03,300,400,yes\nSchwab,D,XYZ,6,2023-01-05,2024-06-04,500,600,\n",
        encoding="utf-8",
    )
    more = ("--set", "Account Schwab=brokerage", "--set", "Filing Status=single", "--as-of", "2025-02-01")
    result = capgain("handoff", ledger, "--1099", form, "-o", tmp_path / "out", *more)
    assert result.exit_code == 0, result.output
    for name, column, mark in (
        ("olt-2024.csv", "Loss not allowed based on amount in 1d ", "Yes"),
        ("drake-8949-2024.csv", "Loss Not Allowed", "X"),
    ):
        text = (tmp_path / "out" / "import" / name).read_text(encoding="utf-8")
        assert [row[column] for row in csv.DictReader(StringIO(text, newline=""))] == [mark, ""]
