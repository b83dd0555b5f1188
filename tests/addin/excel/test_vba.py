"""The add-in's VBA, run in an interpreter against a stand-in for xlwings' server that is the real Python side."""

from __future__ import annotations

import pytest
from pyopenvba.interpreter import VBAErrorValue

from addin.example_ledger import LONG, NET, ROWS
from addin.stand_in_excel import StandInExcel, new_process
from capgain.addin.excel.com_values import excel_looks

LEDGER = 'Range("A1:J7")'


@pytest.fixture
def excel() -> StandInExcel:
    excel = StandInExcel()
    excel.fill(ROWS)
    return excel


def blocks_sent(excel: StandInExcel) -> list[bool]:
    """For each call, whether the cells of the ledger crossed."""
    return [arguments[4][0][-1] is not None for name, arguments in excel.server.calls if name == "answer"]


def test_a_number_comes_back_as_a_double(excel: StandInExcel) -> None:
    assert excel.run(f'Result = CAPGAIN({LEDGER}, 2025, "long")') == float(LONG)


def test_whole_columns_cost_no_more_than_their_used_cells(excel: StandInExcel) -> None:
    assert excel.run('Result = CAPGAIN(Range("A:J"), 2025)') == float(NET)
    assert len(excel.server.calls[-1][1][4][0][-1]) == len(ROWS)


@pytest.mark.parametrize(
    ("formula", "number"),
    [
        (f'CAPGAIN({LEDGER}, 2025, "nett")', 2015),
        (f'CAPGAIN({LEDGER}, 2025, "unrealized")', 2042),
        (f"CAPGAIN({LEDGER}, 25)", 2036),
        ('CAPGAIN(Range("A2:J7"), 2025)', 2015),
    ],
)
def test_an_error_is_a_real_one_by_meaning(excel: StandInExcel, formula: str, number: int) -> None:
    assert excel.run(f"Result = {formula}") == VBAErrorValue(number)


def test_why_tells_the_reason_of_the_cell_pointed_to(excel: StandInExcel) -> None:
    excel.caller = "M5"
    excel.run(f'Result = CAPGAIN({LEDGER}, 2025, "nett")')
    excel.caller = "N5"
    assert "nett" in str(excel.run('Result = CAPGAIN_WHY(Range("M5"))'))
    assert excel.run('Result = CAPGAIN_WHY(Range("M6"))') == "That cell shows no CapGain error."


def test_a_range_crosses_once_until_a_cell_changes(excel: StandInExcel) -> None:
    for _ in range(3):
        excel.run(f"Result = CAPGAIN({LEDGER}, 2025)")
    excel.app.sheet(1).set_value("F4", 60000.0)
    changed = excel.run(f"Result = CAPGAIN({LEDGER}, 2025)")
    assert changed == float(NET) + 10000
    assert blocks_sent(excel) == [True, False, False, True]


def test_a_number_that_becomes_the_same_text_is_a_change(excel: StandInExcel) -> None:
    excel.run(f"Result = CAPGAIN({LEDGER}, 2025)")
    excel.run('Range("D4").NumberFormat = "@"')
    excel.app.sheet(1).set_value("D4", "0.5")
    excel.run(f"Result = CAPGAIN({LEDGER}, 2025)")
    assert blocks_sent(excel) == [True, True]
    assert excel.server.calls[-1][1][4][0][-1][3][3] == "0.5"


EURO = '"[$" & ChrW(8364) & "-407]#,##0.00"'


def test_a_format_that_shows_another_currency_makes_the_ledger_wrong_until_it_is_changed(excel: StandInExcel) -> None:
    formula = f"Result = CAPGAIN({LEDGER}, 2025)"
    excel.run('Range("A2:A7").NumberFormat = "yyyy-mm-dd"\nRange("E2:J7").NumberFormat = "$#,##0.00"')
    assert excel.run(formula) == float(NET)
    excel.run(f'Range("E3").NumberFormat = {EURO}')
    assert getattr(excel.run(formula), "number", None) == 2015
    why = str(excel.run('Result = CAPGAIN_WHY(Range("Z99"))'))
    assert "Ledger row 3, Price" in why.replace("Sheet1", "Ledger")
    assert "EUR" in why
    excel.run('Range("E3").NumberFormat = "0.00"')
    assert excel.run(formula) == float(NET)
    assert excel.run(formula) == float(NET)
    assert blocks_sent(excel)[-2:] == [True, False]


@pytest.mark.parametrize("area", ["A1:J7", "A:J", "1:7"])
def test_a_row_that_is_struck_out_is_told_however_the_range_is_given(excel: StandInExcel, area: str) -> None:
    excel.run('Range("A4:D4").Font.Strikethrough = True')
    found = excel.run(f'Dim Rows\nRows = CAPGAIN_CHECK(Range("{area}"))\nResult = Rows(1, 2) & Rows(1, 4)')
    assert str(found).startswith("4This row is struck out")


@pytest.mark.parametrize("area", ["Ledger[#All]", "A1:J8", "A:J"])
def test_a_tables_row_of_totals_is_no_row_of_the_ledger(excel: StandInExcel, area: str) -> None:
    excel.run(
        'ActiveSheet.ListObjects.Add(xlSrcRange, Range("A1:J7"), , xlYes).Name = "Ledger"\n'
        'ActiveSheet.ListObjects("Ledger").ShowTotals = True'
    )
    excel.fill([["Total", None, None, 153.5, None, 70000.0, 7.0]], top=8)
    assert excel.run(f'Result = CAPGAIN(Range("{area}"), 2025)') == float(NET)
    assert excel.run(f'Result = CAPGAIN_CHECK(Range("{area}"))') == "OK"


def test_areas_of_one_format_are_found_wherever_they_begin_and_end(excel: StandInExcel) -> None:
    excel.run('Range("E3:F5").NumberFormat = "0%"\nRange("H2").NumberFormat = "0%"')
    excel.run('Range("B7:C7").Font.Strikethrough = True')
    looks = excel_looks(str(excel.run('Result = CapGainFormatsOf(Range("A1:J7"))')))
    assert set(looks.words) == {(3, 5), (4, 5), (5, 5), (3, 6), (4, 6), (5, 6), (2, 8)}
    assert looks.struck == {(7, 2), (7, 3)}


def test_a_server_that_lost_its_blocks_is_sent_them_again(excel: StandInExcel) -> None:
    first = excel.run(f"Result = CAPGAIN({LEDGER}, 2025)")
    new_process()
    assert excel.run(f"Result = CAPGAIN({LEDGER}, 2025)") == first
    assert blocks_sent(excel) == [True, False, True]


def test_without_python_the_cell_shows_value_and_why_says_what_to_do(excel: StandInExcel) -> None:
    excel.server.is_down = True
    assert excel.run(f"Result = CAPGAIN({LEDGER}, 2025)") == VBAErrorValue(2015)
    assert "capgain addin doctor" in str(excel.run('Result = CAPGAIN_WHY(Range("M5"))'))
    excel.server.is_down = False
    assert excel.run(f"Result = CAPGAIN({LEDGER}, 2025)") == float(NET)


def test_a_handle_crosses_as_text_alone(excel: StandInExcel) -> None:
    handle = excel.run(f"Result = CAPGAIN_LEDGER({LEDGER})")
    assert excel.run(f'Result = CAPGAIN("{handle}", 2025)') == float(NET)
    assert excel.server.calls[-1][1][4][0] == ("value", handle)


def test_a_table_comes_back_as_an_array_with_dates_as_serial_numbers(excel: StandInExcel) -> None:
    assert excel.run(f'Dim Rows\nRows = CAPGAIN_8949({LEDGER}, 2025, "D")\nResult = Rows(1, 1)') == 45296.0
    assert excel.run(f'Dim Rows\nRows = CAPGAIN_8949({LEDGER}, 2025, "D")\nResult = Rows(1, 7)') == -2501.5
    assert excel.run(f'Dim Rows\nRows = CAPGAIN_8949({LEDGER}, 2025, "D")\nResult = Rows(1, 5)') == ""


def test_a_row_of_numbers_comes_back_in_one_dimension(excel: StandInExcel) -> None:
    assert excel.run("Dim Row\nRow = CAPGAIN_NET(5000, -8000)\nResult = Row(0) + Row(1)") == 0


def test_serial_dates_follow_the_workbooks_date_system(excel: StandInExcel) -> None:
    sheet = excel.app.sheet(1)
    for row, serial in enumerate((44931, 45296, 45689, 45717, 45992, 46011), start=2):
        sheet.set_value(f"A{row}", float(serial))
    assert excel.run(f"Result = CAPGAIN({LEDGER}, 2025)") == float(NET)
    excel.is_1904 = True
    for row, serial in enumerate((44931, 45296, 45689, 45717, 45992, 46011), start=2):
        sheet.set_value(f"A{row}", float(serial - 1462))
    assert excel.run(f"Result = CAPGAIN({LEDGER}, 2025)") == float(NET)


def test_the_settings_sheet_of_the_calling_workbook_counts(excel: StandInExcel) -> None:
    assert excel.run('Result = CAPGAIN(Range("A1:J3"), 2024, "deductible")') == 0
    excel.run('Worksheets.Add().Name = "Settings"')
    excel.fill([["Name", "Value"], ["Filing Status", "mfs"], ["Carryover Short", 9000.0]], "Settings")
    formula = 'Result = CAPGAIN(Worksheets("Sheet1").Range("A1:J3"), 2024, "deductible")'
    assert excel.run(formula) == 1500.0


def test_an_error_in_a_cell_is_a_problem_with_its_row(excel: StandInExcel) -> None:
    excel.run('Range("D4").Value = CVErr(2042)')
    found = excel.run(f"Dim Rows\nRows = CAPGAIN_CHECK({LEDGER})\nResult = Rows(1, 2) & Rows(1, 4)")
    assert str(found).startswith("4")
    assert "#N/A" in str(found)


@pytest.mark.parametrize(
    ("link", "is_old"),
    [
        (r"C:\Users\other\AppData\Roaming\Microsoft\Excel\XLSTART\capgain.xlam", True),
        ("/Users/other/Library/CAPGAIN.XLAM", True),
        (r"C:\here\capgain.xlam", False),
        (r"C:\other\budget.xlsx", False),
        (r"C:\other\mycapgain.xlam", False),
    ],
)
def test_links_to_another_users_add_in_are_recognised(excel: StandInExcel, link: str, is_old: bool) -> None:
    assert excel.run(rf'Result = CapGainIsOldLink("{link}", "C:\here\capgain.xlam")') is is_old


def test_the_drop_downs_read_and_write_the_settings_sheet(excel: StandInExcel) -> None:
    write = 'CapGainWriteSetting ActiveWorkbook, "Tax Year", 2025\n'
    assert excel.run(write + 'Result = CapGainSetting(ActiveWorkbook, "taxyear")') == "2025"
    again = 'CapGainWriteSetting ActiveWorkbook, "Tax Year", 2024\nResult = Worksheets("Settings").UsedRange.Rows.Count'
    assert excel.run(again) == 2
    assert excel.run('Result = CapGainChoices("CapGainFilingStatus")(1)') == "mfj"


@pytest.mark.parametrize(
    ("name", "is_plain"),
    [
        ("taxes 2025 (final).xlsx", True),
        ("O'Neil & Söhne.xlsx", True),
        ("$(touch pwned).xlsx", False),
        ("`id`.xlsx", False),
        ("a|b.xlsx", False),
        ("%COMSPEC%.xlsx", False),
    ],
)
def test_a_workbooks_name_cannot_become_a_command(excel: StandInExcel, name: str, is_plain: bool) -> None:
    assert excel.run(f'Result = CapGainIsPlainName("{name}")') is is_plain
