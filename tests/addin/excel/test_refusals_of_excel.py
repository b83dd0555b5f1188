"""What a person is told when Excel itself, or the file system, refuses what a button wants."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw

from addin.example_ledger import ROWS
from addin.stand_in_book import StandIn, stand_in
from capgain.addin.excel.ribbon import saved_file
from capgain.addin.excel.ribbon.pressed import BUSY, perform

SHEETS = {"Ledger": ROWS, "Settings": [["Name", "Value"], ["Tax Year", 2025], ["Filing Status", "single"]]}


class com_error(Exception):
    """As pywin32 raises it: HRESULT, its words, what Excel says beside it, and an argument."""


PROTECTED = com_error(
    -2147352567, "Exception occurred.", (0, "Microsoft Excel", "The workbook is protected.", "", 0, 0), 1
)


@pytest.fixture(autouse=True)
def _engine() -> Iterator[None]:
    """No stand-in is left as xlwings' active engine."""
    yield
    xw.engines.active = None


@pytest.fixture
def live() -> tuple[xw.Book, StandIn]:
    return stand_in(SHEETS)


def contents(impl: StandIn) -> dict[str, list[tuple[object, ...]]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in impl.wb.worksheets}


@pytest.mark.parametrize("call", [1, 7, 60])
@pytest.mark.parametrize("action", ["refresh", "check", "new_ledger"])
def test_a_protected_workbook_is_said_to_be_one_and_stays_as_it_was(
    live: tuple[xw.Book, StandIn], action: str, call: int
) -> None:
    book, impl = live
    if action == "check":
        impl.wb["Ledger"]["D3"] = "many"
    before = contents(impl)
    impl.failure, impl.fail_at = PROTECTED, call
    perform(action, book)
    if impl.fail_at is None:
        assert impl.app.alerts == [
            "Excel did not do it: The workbook is protected. If the workbook or the sheet is protected (Review, "
            "Unprotect) or read-only, allow changes and click again."
        ]
        assert contents(impl) == before


@pytest.mark.parametrize("code", [-2147418111, -2147417846, -2146777998])
def test_a_busy_excel_shows_no_message_so_the_program_ends_with_it(live: tuple[xw.Book, StandIn], code: int) -> None:
    book, impl = live
    impl.failure, impl.fail_at = com_error(code, "Call was rejected by callee.", None, None), 3
    with pytest.raises(SystemExit, match="Finish the cell you are typing in"):
        perform("refresh", book)
    assert impl.app.alerts == []
    assert BUSY.startswith("CapGain: Excel was busy")


def test_any_other_error_is_not_hidden(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    impl.failure, impl.fail_at = ZeroDivisionError("a fault of ours"), 3
    with pytest.raises(ZeroDivisionError):
        perform("refresh", book)


def test_a_workbook_in_the_cloud_is_told_to_be_copied_to_this_computer(live: tuple[xw.Book, StandIn]) -> None:
    book, impl = live
    impl.fullname = "https://d.docs.live.net/1a2b3c/mine.xlsx"
    perform("accountant_copy", book)
    assert impl.app.alerts == [saved_file.IN_THE_CLOUD]


def test_a_folder_that_may_not_be_written_to_is_named(live: tuple[xw.Book, StandIn], tmp_path: Path) -> None:
    book, impl = live
    impl.fullname = str(tmp_path / "nowhere" / "mine.xlsx")
    perform("accountant_copy", book)
    assert len(impl.app.alerts) == 2
    assert "nowhere" in impl.app.alerts[-1]
    assert "Check the path, its permissions and the room left." in impl.app.alerts[-1]
