"""Workbook files made to exhaust a reader are refused by name, within bounds of memory and time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hostile_books
from capgain.workbook.reading import UnreadableFile, read_ledger_file
from capgain.workbook.sheets import column_letter
from capgain.workbook.xlsx.filled_area import filled_cells, reach
from capgain.workbook.xlsx.text_sizes import bytes_of_cells, text_sizes
from capgain.workbook.xlsx.values import workbook_values
from command_line import PATIENCE, SOURCES
from hostile_books import BOMBS, FAR, SHEET, TEXTS, packed, parts, row, sheet, with_cells, written_to


def refusal(folder: Path, data: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_ledger_file(written_to(folder, data))
    return str(refused.value)


@pytest.mark.parametrize(("make", "place"), FAR.values(), ids=FAR)
def test_a_value_far_from_all_others_is_named_and_nothing_is_read(
    make: Callable[[], bytes], place: str, tmp_path: Path
) -> None:
    said = refusal(tmp_path, make())
    assert "in sheet Ledger something stands in " in said
    assert f"{place}, far from all else." in said


READ_ALL = """
import sys
from pathlib import Path
sys.path[:0] = {folders!r}
import hostile_books
from capgain.workbook.reading import UnreadableFile, read_ledger_file
for path in sorted(Path({folder!r}).iterdir()):
    try:
        read_ledger_file(path)
    except UnreadableFile as refusal:
        print(path.stem, str(refusal).partition(str(path))[2].strip())
"""


def test_under_a_ceiling_of_memory_every_bomb_is_refused(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="limits of memory are set with the system's own")
    for number, make in enumerate(BOMBS.values()):
        (tmp_path / f"{number:02}.xlsx").write_bytes(make())

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    program = READ_ALL.format(folders=[str(Path(hostile_books.__file__).parent)], folder=str(tmp_path))
    found = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": SOURCES},
        capture_output=True,
        text=True,
        preexec_fn=limited,
        timeout=PATIENCE,
    )
    assert found.returncode == 0, found.stderr[-2000:]
    assert [line[:2] for line in found.stdout.splitlines()] == [f"{number:02}" for number in range(len(BOMBS))]
    assert not found.stderr


def test_what_only_looks_far_is_read(tmp_path: Path) -> None:
    formats_alone = '<row r="900000" s="1"/><row r="1048576"><c r="XFD1048576" s="1"/><c r="A1048576" s="1"></c></row>'
    below = "".join(row(number) for number in range(3, 40)) + row(60_000)
    for further in (formats_alone, below):
        file = read_ledger_file(written_to(tmp_path, with_cells(further)))
        assert {entry.type_name for entry in file.ledger.transactions} == {"Buy"}
        assert not [problem for problem in file.ledger.problems if problem.is_error]


def test_a_text_that_stands_in_so_many_cells_that_copies_of_it_fill_memory_is_refused(tmp_path: Path) -> None:
    cells = "".join(f'<row r="{number}"><c r="A{number}" t="s"><v>0</v></c></row>' for number in range(3, 20_003))
    texts = parts()[TEXTS].replace("<t>a</t>", f"<t>{'x' * 1_000_000}</t>")
    for written in (cells, cells.replace("<c ", "<c z='>' "), cells.replace("<c ", "<x:c ").replace("</c>", "</x:c>")):
        assert "as a long one stands in many cells" in refusal(
            tmp_path, packed({**parts(sheet(written)), TEXTS: texts})
        )
    few = packed(
        {
            **parts(sheet(cells.replace("<v>0</v>", "<v>1</v>"))),
            TEXTS: texts.replace("</sst>", "<si><t>b</t></si></sst>"),
        }
    )
    read_ledger_file(written_to(tmp_path, few))


def test_the_bytes_of_texts_are_those_of_each_cell_wherever_the_parts_are_cut() -> None:
    table = b"<sst><si><t>ab</t></si><x:si><r><t>c</t></r></x:si><si/></sst>"
    whole = text_sizes([table])
    assert whole == [len(b"<si><t>ab</t></si>"), len(b"<x:si><r><t>c</t></r></x:si>"), len(b"<si/></sst>")]
    rows = (
        b'<row><c r="A1" t="s"><v>0</v></c><c t=\'s\' r="B1"><f>A1</f><v> 1 </v></c><c r="C1"><v>0</v></c>'
        b'<c r="D1" t="inlineStr"><is><t>0</t></is></c><c r="E1" s="1"/></row>'
    )
    for at in [place for place, byte in enumerate(table) if byte == ord("<")][1:]:
        assert text_sizes([table[:at], table[at:]]) == whole
    for at in [place for place, byte in enumerate(rows) if byte == ord("<")][1:]:
        assert bytes_of_cells([rows[:at], rows[at:]], [10, 100], 4) == 110
    assert bytes_of_cells([rows], [10, 100], 6) == 310


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", TEXTS])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_a_part_in_utf_16_is_refused_and_no_empty_sheet(part: str, encoding: str, tmp_path: Path) -> None:
    content = parts()[part].replace("UTF-8", "UTF-16").encode(encoding)
    said = refusal(tmp_path, packed({**parts(), part: content}))
    assert f"{part} is written in UTF-16, which no spreadsheet writes." in said


def test_a_day_before_all_time_is_the_problem_of_its_cell(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for number in ("-1e12", "-999999999999", "-1E+300"):
        day = f'<row r="3"><c r="A3" s="1"><v>{number}</v></c><c r="B3" t="str"><v>Buy</v></c></row>'
        found = read_ledger_file(written_to(tmp_path, with_cells(day))).ledger.problems
        assert [(one.sheet, one.row, one.column) for one in found if "is not a date" in one.message] == [
            ("Ledger", 3, "Date")
        ]
    assert capfd.readouterr().err == ""


def test_a_low_number_in_a_cell_that_is_no_date_stays_the_number(tmp_path: Path) -> None:
    cells = '<row r="3"><c r="A3"><v>-4E15</v></c><c r="B3"><v>-1e-13</v></c><c r="C3" t="e"><v>#BUSY!</v></c></row>'
    path = written_to(tmp_path, with_cells(cells))
    with workbook_values(path, path.read_bytes()) as values:
        low, *others = values.rows("Ledger")[2]
    assert low in ("-4000000000000000", -4e15)  # python-calamine before 0.5 takes such text for the number
    assert others == [-1e-13, "#BUSY!", "", "", "", ""]


def test_whatever_ends_the_reader_of_values_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    panic = type("PanicException", (BaseException,), {})

    class Panicking:
        @staticmethod
        def from_filelike(_: object) -> object:
            raise panic("index out of bounds")

    monkeypatch.setattr("python_calamine.CalamineWorkbook", Panicking)
    assert "is damaged or incomplete." in refusal(tmp_path, packed(parts()))


def test_an_error_stays_an_error_however_its_cell_is_written(tmp_path: Path) -> None:
    for written in (
        "<c r='D3' t='e'><v>#N/A</v></c>",
        '<c t = "e" r="D3"><f>1/0</f><v>#N/A</v></c>',
        '<x:c r="D3" t="e"><x:v>#N/A</x:v></x:c>',
    ):
        path = written_to(tmp_path, with_cells(f'<row r="3">{written}</row>'))
        with workbook_values(path, path.read_bytes()) as values:
            assert values.rows("Ledger")[2][3] == "#N/A", written


@given(st.data())
@settings(max_examples=60)
def test_the_quick_look_never_says_less_than_is_there(data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(1, 1_100_000), max_size=6, unique=True))
    xml = [sheet().removesuffix("</sheetData></worksheet>")]
    for number in rows:
        cells = data.draw(st.lists(st.integers(1, 800), max_size=4))
        own = data.draw(st.sampled_from([number, number, number + 1, 7]))
        xml.append(f'<row r="{own}">')
        xml += [f'<c r="{column_letter(column)}{number}"><v>1</v></c>' for column in cells]
        xml.append("</row>")
    text = "".join([*xml, "</sheetData></worksheet>"]).encode()
    at = data.draw(st.integers(0, len(text)))
    cut = text.find(b"<", at)
    pieces = [text] if cut < 0 else [text[:cut], text[cut:]]
    quick, exact = reach(iter(pieces)), filled_cells(iter(pieces)).reach
    assert quick is not None
    assert quick.rows >= exact.rows
    assert quick.columns >= exact.columns
    assert quick.filled >= exact.filled
    assert filled_cells(iter([text])).reach == exact


def seconds(work: Callable[[], object]) -> float:
    best = 1e9
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def doubled() -> Iterator[tuple[str, str]]:
    yield "cells", '<c r="A3"><v>1</v></c>'
    yield "cells in another way", "<c r='A3'><v>1</v></c>"
    yield "cells that never end", '<c r="A3" t="e">'
    yield "tags that never end", "<c "
    yield "formulas that never end", '<c r="A3"><f>'
    yield "blanks", " "


@pytest.mark.parametrize("written", [one for _, one in doubled()], ids=[name for name, _ in doubled()])
def test_four_times_the_cells_take_four_times_the_time(written: str, tmp_path: Path) -> None:
    times = []
    for length in (50_000, 200_000):
        path = written_to(tmp_path, with_cells(written * (length // len(written))))

        def read(path: Path = path) -> None:
            try:
                read_ledger_file(path)
            except UnreadableFile:
                return

        times.append(seconds(read))
    assert times[1] < 8 * times[0] + 0.05
