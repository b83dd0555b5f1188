"""Cells never stay stale: Settings, Accounts and Prices changed, added, renamed; Python gone; code stopped."""

from __future__ import annotations

import itertools

import pytest
from pyopenvba.interpreter import VBAErrorValue

from addin.example_ledger import NET, ROWS
from addin.stand_in_excel import StandInExcel, new_process
from capgain.addin.functions.registry import FUNCTIONS

LOSS = [*ROWS[:3], ["2025-03-01", "Sell", "AAPL", 100.0, 50.0, None, 1.0, "Schwab", "stock", "basis"]]
LEDGER = 'Worksheets("Ledger").Range("A1:J4")'
DEDUCTIBLE = f'CAPGAIN({LEDGER}, 2025, "deductible")'
SETTINGS: list[list[object]] = [["Name", "Value"], ["Filing Status", "single"]]


@pytest.fixture
def excel() -> StandInExcel:
    excel = StandInExcel()
    for sheet, rows in {"Ledger": LOSS, "Settings": SETTINGS}.items():
        excel.sheet(sheet)
        excel.fill(rows, sheet)
    excel.sheet("Mine")
    return excel


def test_the_stand_in_ignores_dirty_on_a_sheet_that_is_not_in_front(excel: StandInExcel) -> None:
    cell = excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.bring_to_front("Settings")
    excel.run('Worksheets("Mine").Range("A1").Dirty\nApplication.Calculate')
    assert cell.times == 1
    excel.bring_to_front("Mine")
    excel.run('Worksheets("Mine").Range("A1").Dirty\nApplication.Calculate')
    assert cell.times == 2


def test_a_status_typed_on_settings_changes_a_cell_on_another_sheet_once(excel: StandInExcel) -> None:
    cell = excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    assert excel.shown("Mine", "A1") == 3000.0
    excel.type("Settings", "B2", "mfs")
    assert excel.shown("Mine", "A1") == 1500.0
    assert cell.times == 2


def test_the_same_status_typed_again_calculates_nothing(excel: StandInExcel) -> None:
    cell = excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.type("Settings", "B2", "single")
    assert cell.times == 1


def test_what_depends_on_our_cells_on_other_sheets_is_calculated_too(excel: StandInExcel) -> None:
    excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.depends("Sum", "A1", lambda: excel.shown("Mine", "A1") * 2, ("Mine",))
    assert excel.shown("Sum", "A1") == 6000.0
    excel.type("Settings", "B2", "mfs")
    assert excel.shown("Sum", "A1") == 3000.0


def test_a_sheet_whose_calculation_the_person_turned_off_stays_off(excel: StandInExcel) -> None:
    cell = excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.run('Worksheets("Mine").EnableCalculation = False')
    excel.type("Settings", "B2", "mfs")
    assert cell.times == 1
    assert excel.run('Result = Worksheets("Mine").EnableCalculation') is False
    assert excel.run('Result = Worksheets("Ledger").EnableCalculation') is True


def test_with_manual_calculation_the_next_f9_gives_the_new_number(excel: StandInExcel) -> None:
    excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.run("Application.Calculation = -4135")
    excel.type("Settings", "B2", "mfs")
    assert excel.shown("Mine", "A1") == 3000.0
    excel.calculate()
    assert excel.shown("Mine", "A1") == 1500.0


def test_semiautomatic_calculation_is_automatic_for_our_cells(excel: StandInExcel) -> None:
    excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.run("Application.Calculation = 2")
    excel.type("Settings", "B2", "mfs")
    assert excel.shown("Mine", "A1") == 1500.0


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("Settings", SETTINGS),
        ("Accounts", [["Account", "Kind"], ["Schwab", "taxable"]]),
        ("Prices", [["Asset", "Price"], ["AAPL", 100.0]]),
    ],
)
def test_a_cell_that_changes_at_every_calculation_ends(
    excel: StandInExcel, where: str, rows: list[list[object]]
) -> None:
    excel.sheet(where)
    excel.fill(rows, where)
    cell = excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    clock = itertools.count(1)
    excel.volatile(where, "F1", lambda: f"as of {next(clock)}")
    before = cell.times
    excel.calculate()
    assert 1 <= cell.times - before <= 2
    assert excel.shown("Mine", "A1") == 3000.0


def test_a_price_that_is_a_formula_changes_the_cells(excel: StandInExcel) -> None:
    feed = [100.0]
    excel.fill([["Asset", "Price"], ["AAPL", None], ["BTC", 50000.0]], excel.sheet("Prices").name)
    excel.volatile("Prices", "B2", lambda: feed[0])
    excel.formula("Mine", "A1", f'CAPGAIN({LEDGER.replace("J4", "J3")}, 2025, "unrealized")', ("Ledger",))
    before = excel.shown("Mine", "A1")
    feed[0] = 200.0
    excel.calculate()
    assert excel.shown("Mine", "A1") - before == 100.0 * 100


def test_a_sheet_renamed_to_settings_counts_and_renamed_away_counts_no_more(excel: StandInExcel) -> None:
    excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.fill([["Name", "Value"], ["Filing Status", "mfs"]], excel.sheet("Draft").name)
    excel.rename("Settings", "Old")
    excel.rename("Draft", "Settings")
    assert excel.shown("Mine", "A1") == 1500.0
    excel.rename("Settings", "Draft")
    assert excel.shown("Mine", "A1") == 3000.0


def test_a_deleted_settings_sheet_counts_no_more(excel: StandInExcel) -> None:
    excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.type("Settings", "B2", "mfs")
    excel.delete("Settings")
    assert excel.shown("Mine", "A1") == 3000.0


def test_a_workbook_opened_with_saved_numbers_is_calculated_when_its_settings_change(excel: StandInExcel) -> None:
    cell = excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.fire("WorkbookOpen", excel.book)
    excel.type("Settings", "B2", "mfs")
    assert (excel.shown("Mine", "A1"), cell.times) == (1500.0, 2)


def test_a_workbook_without_our_functions_is_left_alone(excel: StandInExcel) -> None:
    other = excel.depends("Mine", "A1", lambda: 1.0, ("Ledger",))
    for value in ("mfs", "single"):
        excel.type("Settings", "B2", value)
    assert other.times == 1


def test_the_settings_of_the_find_dialog_stay_as_the_user_left_them(excel: StandInExcel) -> None:
    excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.run('Worksheets("Ledger").Cells.Find "AAPL", , -4163, 1')
    before = repr(excel.app.application.find_state)
    excel.type("Settings", "B2", "mfs")
    assert repr(excel.app.application.find_state) == before


def test_after_code_was_stopped_the_next_function_listens_again(excel: StandInExcel) -> None:
    excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.stop_code()
    excel.formula("Mine", "A2", DEDUCTIBLE, ("Ledger",))
    excel.type("Settings", "B2", "mfs")
    assert [excel.shown("Mine", cell) for cell in ("A1", "A2")] == [1500.0, 1500.0]


def test_a_python_that_died_is_started_once_more_within_the_same_call(excel: StandInExcel) -> None:
    cell = excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.server.dies_before = {excel.server.tried + 1}
    excel.type("Ledger", "E4", 40.0)
    assert excel.shown("Mine", "A1") == 3000.0
    assert cell.times == 3, "the edit, and once more since Python is another one"


def test_cells_that_asked_in_vain_are_asked_again_once_python_answers(excel: StandInExcel) -> None:
    excel.server.is_down = True
    excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.formula("Mine", "A2", DEDUCTIBLE, ("Ledger",))
    assert excel.shown("Mine", "A1") == VBAErrorValue(2015)
    excel.server.is_down = False
    excel.formula("Mine", "A3", "CAPGAIN_NET(5000, -8000)")
    assert [excel.shown("Mine", cell) for cell in ("A1", "A2")] == [3000.0, 3000.0]


def test_after_python_died_cells_with_handles_answer_without_being_asked(excel: StandInExcel) -> None:
    excel.formula("Handle", "A1", f"CAPGAIN_LEDGER({LEDGER})", ("Ledger",))
    excel.formula("Mine", "A1", 'CAPGAIN(Worksheets("Handle").Range("A1"), 2025, "deductible")', ("Handle",))
    excel.formula("Mine", "A2", "CAPGAIN_NET(5000, -8000)", ("Other",))
    excel.server.dies_before = {excel.server.tried + 1}
    excel.type("Other", "A1", 1.0)
    assert excel.shown("Mine", "A1") == 3000.0


def test_a_handle_of_an_earlier_session_is_made_anew(excel: StandInExcel) -> None:
    excel.sheet("Handle")
    excel.formula("Mine", "A1", 'CAPGAIN(Worksheets("Handle").Range("A1"), 2025, "deductible")', ("Handle",))
    excel.formula("Handle", "A1", f"CAPGAIN_LEDGER({LEDGER})", ("Ledger",))
    new_process()
    excel.type("Handle", "C1", 1.0)
    assert excel.shown("Mine", "A1") == 3000.0


def test_a_typed_text_that_looks_like_a_stale_handle_calculates_once_and_shows_na(excel: StandInExcel) -> None:
    handle = "CapGain ledger " + "0" * 32 + " (4 rows)"
    cell = excel.formula("Mine", "A1", f'CAPGAIN("{handle}", 2025)', ("Other",))
    assert excel.shown("Mine", "A1") == VBAErrorValue(2042)
    times = cell.times
    excel.type("Other", "A1", 1.0)
    assert cell.times == times + 1
    assert "stale" in str(excel.run('Result = CAPGAIN_WHY(Worksheets("Mine").Range("A1"))'))


def test_a_button_forgets_ranges_and_keeps_handles(excel: StandInExcel) -> None:
    handle = excel.run(f"Result = CAPGAIN_LEDGER({LEDGER})")
    excel.run("CapGainForget")
    assert excel.run(f'Result = CAPGAIN("{handle}", 2025, "deductible")') == 3000.0


def test_why_tells_the_reason_of_each_cell_that_could_not_ask_python(excel: StandInExcel) -> None:
    excel.server.is_down = True
    excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.formula("Mine", "A2", f'CAPGAIN(Union({LEDGER}, Worksheets("Ledger").Range("L1")), 2025)', ("Ledger",))
    excel.server.is_down = False
    assert "could not reach Python" in str(excel.run('Result = CAPGAIN_WHY(Worksheets("Mine").Range("A1"))'))
    why = str(excel.run('Result = CAPGAIN_WHY(Worksheets("Mine").Range("A2"))'))
    assert "several areas" in why
    assert "Python" not in why
    excel.type("Ledger", "E4", 40.0)
    assert "no CapGain error" in str(excel.run('Result = CAPGAIN_WHY(Worksheets("Mine").Range("A1"))'))


def test_why_does_not_deny_an_error_that_was_saved_with_the_workbook(excel: StandInExcel) -> None:
    cell = excel.formula("Mine", "A1", f'CAPGAIN({LEDGER}, 2025, "nett")', ("Ledger",))
    assert cell.times == 1
    new_process()
    assert "Ctrl+Alt+F9" in str(excel.run('Result = CAPGAIN_WHY(Worksheets("Mine").Range("A1"))'))


def test_a_number_asked_for_before_its_ledger_is_calculated_is_asked_for_again(excel: StandInExcel) -> None:
    excel.volatile("Ledger", "E4", lambda: 40.0)
    excel.formula("Mine", "A1", f"CAPGAIN({LEDGER}, 2025)", ("Ledger",))
    assert isinstance(excel.shown("Mine", "A1"), float)


def test_a_button_that_cannot_start_python_says_so_and_excel_goes_on(excel: StandInExcel) -> None:
    excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.server.is_down = True
    (said,) = excel.press("CapGainButtonPressed", "CapGainRefresh")
    assert "does not know its Python" in said
    assert "capgain addin doctor" in said
    excel.server.is_down = False
    assert excel.press("CapGainButtonPressed", "CapGainRefresh") == []
    assert "pressed('refresh')" in excel.server.commands[-1]
    excel.type("Settings", "B2", "mfs")
    assert excel.shown("Mine", "A1") == 1500.0


def test_a_drop_down_writes_the_setting_and_the_cell_changes_once(excel: StandInExcel) -> None:
    cell = excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    assert excel.press("CapGainChoiceMade", "CapGainFilingStatus", "", 2) == []
    assert excel.shown("Settings", "B2") == "mfs"
    assert (excel.shown("Mine", "A1"), cell.times) == (1500.0, 2)


def test_a_drop_down_that_cannot_write_says_so(excel: StandInExcel) -> None:
    excel.run('Worksheets("Settings").Protect')
    (said,) = excel.press("CapGainChoiceMade", "CapGainFilingStatus", "", 2)
    assert "protect" in said.casefold()


@pytest.mark.parametrize("call_back", ["CapGainHasLedger", "CapGainChoiceCount", "CapGainChoiceSelected"])
def test_a_call_back_of_an_unknown_control_leaves_no_error(excel: StandInExcel, call_back: str) -> None:
    assert excel.press(call_back, "CapGainNoSuchControl", 0) == []


def test_after_code_was_stopped_a_button_listens_again(excel: StandInExcel) -> None:
    excel.formula("Mine", "A1", DEDUCTIBLE, ("Ledger",))
    excel.stop_code()
    excel.press("CapGainButtonPressed", "CapGainHelp")
    excel.type("Settings", "B2", "mfs")
    assert excel.shown("Mine", "A1") == 1500.0


def test_the_texts_of_the_function_wizard_come_once_a_workbook_is_there() -> None:
    excel = StandInExcel(is_started=False)
    excel.start()
    assert excel.described == {}
    excel.book = excel.new_book()
    assert excel.described == {function.name: "CapGain" for function in FUNCTIONS}


def test_an_array_in_a_workbook_from_1904_has_that_workbooks_dates(excel: StandInExcel) -> None:
    serials = (44931, 45296, 45689, 45717, 45992, 46011)
    rows = [ROWS[0], *([float(serial - 1462), *row[1:]] for serial, row in zip(serials, ROWS[1:], strict=True))]
    excel.fill(rows, excel.sheet("Old").name)
    excel.is_1904 = True
    for argument in ('Worksheets("Old").Range("A1:J7")', 'Worksheets("Old").Range("A1:J7").Value2'):
        assert excel.run(f"Result = CAPGAIN({argument}, 2025)") == float(NET), argument
