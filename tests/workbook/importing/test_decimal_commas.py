"""Numbers with a comma before their decimals: a file is read one way, and asked about once."""

from __future__ import annotations

from pathlib import Path

import pytest

from capgain.workbook.importing.decimal_commas import Decimals
from capgain.workbook.importing.source_files import UnreadableImport

from .builders import KRAKEN, file, ledger, run

HEADER = KRAKEN.replace(",", ";")


def legs(dollars: str, coins: str, fee: str = "0") -> tuple[str, str]:
    return (
        f"L1;T1;2024-01-03 15:00:00;trade;;currency;ZUSD;{dollars};{fee};",
        f"L2;T1;2024-01-03 15:00:00;trade;;currency;XXBT;{coins};0;",
    )


@pytest.mark.parametrize(
    ("dollars", "coins", "fee", "row"),
    [
        ("-1000,50", "0,02", "2,60", ("Buy", "0.02", "1000.5", "2.6")),
        ("-1.000,50", "1,234", "2", ("Buy", "1.234", "1000.5", "2")),
        ("-1.000", "0,5", "0", ("Buy", "0.5", "1000", "")),
    ],
)
def test_a_number_that_can_be_read_in_one_way_decides_for_the_file(
    tmp_path: Path, dollars: str, coins: str, fee: str, row: tuple[str, ...]
) -> None:
    path = file(tmp_path, "k.csv", HEADER, *legs(dollars, coins, fee))
    result = run(tmp_path, path)
    assert [tuple(_plain(cell) for cell in one) for one in ledger(result, "Type", "Quantity", "Amount", "Fee")] == [row]
    assert any("writes decimals with a comma" in notice for notice in result.notices)
    assert run(tmp_path, path, into=result.output).rows == ()


def _plain(cell: str) -> str:
    return cell.rstrip("0").rstrip(".") if "." in cell else cell


def test_cells_in_quotation_marks_between_commas_are_read_so_as_well(tmp_path: Path) -> None:
    rows = ('"L1","T1","2024-01-03 15:00:00","trade","","currency","ZUSD","-1000,50","2,60",""',)
    rows += ('"L2","T1","2024-01-03 15:00:00","trade","","currency","XXBT","0,02","0",""',)
    result = run(tmp_path, file(tmp_path, "k.csv", KRAKEN, *rows))
    assert ledger(result, "Quantity", "Amount") == [("0.02", "1000.5")]


def test_a_file_whose_commas_may_be_either_is_asked_about_once(tmp_path: Path) -> None:
    decided = file(tmp_path, "k.csv", HEADER, *legs("-1,234", "1", "0,5"))
    assert ledger(run(tmp_path, decided), "Amount", "Fee") == [("1.234", "0.5")]
    path = file(tmp_path, "k.csv", HEADER, *legs("-1,234", "1"))
    with pytest.raises(UnreadableImport, match=r"-1,234 may be -1234 or -1\.234.*--decimals comma or --decimals point"):
        run(tmp_path, path)
    assert ledger(run(tmp_path, path, decimals=Decimals.COMMA), "Amount") == [("1.234",)]
    assert ledger(run(tmp_path, path, decimals=Decimals.POINT), "Amount") == [("1234",)]


def test_where_numbers_contradict_each_other_it_is_asked_about_once(tmp_path: Path) -> None:
    path = file(tmp_path, "k.csv", HEADER, *legs("-1000,50", "0,02", "2.60"))
    with pytest.raises(
        UnreadableImport, match=r"in two ways: -1000,50 with a comma, 2\.60 with a point.*--decimals comma"
    ):
        run(tmp_path, path)
    assert not (tmp_path / "book.xlsx").exists()
    assert len(run(tmp_path, path, decimals=Decimals.POINT).problems) == 2


def test_a_file_in_two_ways_is_read_as_each_number_must_be_once_that_is_said(tmp_path: Path) -> None:
    path = file(tmp_path, "k.csv", HEADER, *legs("-1000,50", "0,02", "2.60"))
    result = run(tmp_path, path, decimals=Decimals.COMMA)
    assert ledger(result, "Quantity", "Amount", "Fee") == [("0.02", "1000.5", "2.60")]
    assert any("some decimals with a comma and some with a point" in notice for notice in result.notices)


@pytest.mark.parametrize("doubtful", ["1.234", "1,234"])
def test_in_a_file_in_two_ways_a_number_that_may_be_either_is_refused(tmp_path: Path, doubtful: str) -> None:
    path = file(tmp_path, "k.csv", HEADER, *legs("-1000,50", doubtful, "2.60"))
    with pytest.raises(UnreadableImport, match=f"{doubtful} may be 1.234 or 1234"):
        run(tmp_path, path, decimals=Decimals.COMMA)


def test_commas_between_thousands_stay_what_they_are(tmp_path: Path) -> None:
    rows = ('"L1","T1","2024-01-03 15:00:00","trade","","currency","ZUSD","-1,234","0",""',)
    rows += ('"L2","T1","2024-01-03 15:00:00","trade","","currency","XXBT","1","0",""',)
    result = run(tmp_path, file(tmp_path, "k.csv", KRAKEN, *rows))
    assert ledger(result, "Amount") == [("1234",)]
