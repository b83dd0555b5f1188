"""Ledgers in text files: every encoding and delimiter people have, and no row lost."""

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from capgain.engine.classes import AccountKind, FilingStatus
from capgain.workbook.reading import NotASetting, UnreadableFile, read_ledger_file

HEADER = "Date,Type,Asset,Quantity,Amount,Account,Note"
ROW = "2025-01-02,Buy,BTC,0.123456789012345678,1000.50,Kraken,first"
TEXT = f"{HEADER}\n{ROW}\n2025-02-03,Sell,BTC,0.1,900,Kraken,second\n"


def written(folder: Path, content: str | bytes, name: str = "ledger.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        TEXT,
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "\r"),
        TEXT.rstrip("\n"),
        "\ufeff" + TEXT,
        TEXT.encode("utf-16"),
        TEXT.replace(",", ";"),
        TEXT.replace(",", "\t"),
        TEXT.replace(",", "|"),
        "sep=;\n" + TEXT.replace(",", ";"),
        "My trades\n\n" + TEXT,
        TEXT.replace("Kraken", '"Kraken"'),
    ],
    ids="plain,crlf,cr,no last line end,bom,utf-16,semicolon,tab,bar,sep,title,quoted".split(","),  # noqa: SIM905
)
def test_every_way_to_write_a_text_file_gives_the_same_ledger(tmp_path: Path, content: str | bytes) -> None:
    file = read_ledger_file(written(tmp_path, content))
    assert not file.ledger.problems
    assert [getattr(entry, "quantity") for entry in file.ledger.transactions] == [  # noqa: B009
        Decimal("0.123456789012345678"),
        Decimal("0.1"),
    ]
    assert [entry.note for entry in file.ledger.transactions] == ["first", "second"]


def test_text_from_excel_on_windows_keeps_its_letters(tmp_path: Path) -> None:
    file = read_ledger_file(written(tmp_path, TEXT.replace("first", "Zürich – “café”").encode("cp1252")))
    assert file.ledger.transactions[0].note == "Zürich – “café”"


def test_rows_are_counted_from_the_header_as_row_one(tmp_path: Path) -> None:
    ledger = read_ledger_file(written(tmp_path, TEXT)).ledger
    assert [entry.row for entry in ledger.transactions] == [2, 3]
    with_blank_lines = read_ledger_file(written(tmp_path, TEXT.replace("\n", "\n\n"), "other.csv")).ledger
    assert [entry.row for entry in with_blank_lines.transactions] == [3, 5]


def test_a_line_break_within_quotation_marks_is_one_cell(tmp_path: Path) -> None:
    ledger = read_ledger_file(written(tmp_path, TEXT.replace("first", '"two\nlines"'))).ledger
    assert [(entry.row, entry.note) for entry in ledger.transactions] == [(2, "two\nlines"), (3, "second")]


def test_the_file_is_hashed_and_not_changed(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    file = read_ledger_file(str(path))
    assert file.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert path.read_text() == TEXT
    assert file.path == path
    assert not file.date_1904


def test_what_was_read_is_kept_as_it_stood(tmp_path: Path) -> None:
    file = read_ledger_file(written(tmp_path, TEXT), overrides=["Filing Status=mfj", "Account Kraken = exchange"])
    ledger, settings = file.raw
    assert (ledger.name, ledger.first_row, list(ledger.rows[1])) == ("Ledger", 1, ROW.split(","))
    assert (settings.name, [list(row) for row in settings.rows]) == (
        "Settings",
        [["Name", "Value"], ["Filing Status", "mfj"], ["Account Kraken", "exchange"]],
    )
    assert file.ledger.settings.filing_status.default is FilingStatus.MFJ
    assert file.ledger.accounts["Kraken"].kind is AccountKind.EXCHANGE


def test_an_override_that_sets_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotASetting):
        read_ledger_file(written(tmp_path, TEXT), overrides=["mfj"])


def test_a_comma_that_shifts_the_cells_of_a_row_is_an_error(tmp_path: Path) -> None:
    ledger = read_ledger_file(written(tmp_path, TEXT.replace("1000.50", "1,000.50"))).ledger
    assert "Ledger row 2: The row has 8 cells, but the header has 7. " in str(ledger.problems[0])
    assert ledger.problems[0].is_error
    assert not read_ledger_file(written(tmp_path, TEXT.replace("first", "first,,"), "b.csv")).ledger.problems


def test_a_comma_in_a_number_of_a_semicolon_file_is_not_guessed(tmp_path: Path) -> None:
    text = TEXT.replace(",", ";").replace("1000.50", "1000,50")
    ledger = read_ledger_file(written(tmp_path, text)).ledger
    assert [(problem.row, problem.column, problem.code) for problem in ledger.problems] == [
        (2, "Amount", "AMBIGUOUS_NUMBER")
    ]
    thousands = read_ledger_file(written(tmp_path, TEXT.replace(",", ";").replace("1000.50", "1,000"), "b.csv")).ledger
    assert [problem.code for problem in thousands.problems] == ["AMBIGUOUS_NUMBER"]


def test_a_file_that_was_cut_off_says_so(tmp_path: Path) -> None:
    ledger = read_ledger_file(written(tmp_path, TEXT[:-12])).ledger
    (problem,) = ledger.problems
    assert (problem.code, problem.row, problem.is_error, problem.blocks_filing) == ("FILE_CUT_SHORT", 3, False, True)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (TEXT.replace("first", '"first'), 3, "a quotation mark opens that is not closed"),
        (TEXT.replace("first", '"fi"rst'), 2, "',' expected after '\"'"),
    ],
)
def test_broken_quotation_marks_never_swallow_rows(tmp_path: Path, content: str, line: int, reason: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(UnreadableFile) as refusal:
        read_ledger_file(path)
    assert str(refusal.value) == (
        f"{path} breaks the rules of CSV at line {line}: {reason}. "
        "Mend that line, or save the file again from the program it came from."
    )


def test_a_header_alone_is_an_empty_ledger(tmp_path: Path) -> None:
    ledger = read_ledger_file(written(tmp_path, HEADER)).ledger
    assert [str(problem) for problem in ledger.problems] == [
        "Ledger row 1: The ledger holds no transactions. Enter one row for each transaction under the header "
        "Date, Type, Asset, Quantity, Price, Amount, Account."
    ]


@pytest.mark.parametrize("suffix", [".CSV", ".tsv", ".txt"])
def test_text_files_go_by_several_endings(tmp_path: Path, suffix: str) -> None:
    assert not read_ledger_file(written(tmp_path, TEXT, f"ledger{suffix}")).ledger.problems
