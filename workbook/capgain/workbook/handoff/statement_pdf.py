"""The statements that Exception 2 attaches to a return, as a PDF: the columns of Form 8949, a page per broker and box.

"A statement containing all the same information as Parts I and II and in a similar format" (Instructions for Form
8949, Exception 2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from textwrap import wrap

from pypdf import PageObject, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, IndirectObject, NameObject

from capgain.engine.forms.form_8949 import Totals
from capgain.workbook.handoff.explanations import Explanation
from capgain.workbook.handoff.official_forms.filled_forms import Taxpayer
from capgain.workbook.handoff.official_forms.text_in_box import Align, FieldText, text_operators
from capgain.workbook.report.printed_rows import PrintedRow, Statement, amount_text, amount_texts

WIDTH, HEIGHT, MARGIN = 792.0, 612.0, 36.0
"""US letter, landscape, in points."""

ROW_HEIGHT = 13.0
ROWS_PER_PAGE = 34
FIRST_ROW_TOP = HEIGHT - 118

COLUMNS: tuple[tuple[str, float, Align], ...] = (
    ("(a) Description of property", 196, "left"),
    ("(b) Date acquired", 66, "center"),
    ("(c) Date sold", 66, "center"),
    ("(d) Proceeds", 88, "right"),
    ("(e) Cost or other basis", 88, "right"),
    ("(f) Code", 46, "center"),
    ("(g) Adjustment", 82, "right"),
    ("(h) Gain or (loss)", 88, "right"),
)

EXPLAINED: tuple[tuple[str, float, Align], ...] = (
    ("Asset", 76, "left"),
    ("Date sold", 60, "center"),
    ("Account", 90, "left"),
    ("On Form 1099", 76, "right"),
    ("On Form 8949", 76, "right"),
    ("Explanation", 342, "left"),
)
LETTERS_A_LINE = 76
"""of an explanation, at the size of a row"""

_ASCII_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
HELVETICA = {chr(32 + place): int(width) for place, width in enumerate(_ASCII_WIDTHS.split())}
"""Widths of Helvetica's printable ASCII characters in thousandths of its size (Adobe font metrics)."""


def statements_pdf(
    statements: Sequence[Statement],
    year: int,
    taxpayer: Taxpayer,
    *,
    in_whole_dollars: bool,
    explanations: Sequence[Explanation] = (),
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """One PDF with every statement, and behind them what else has to be explained; `progress` hears of pages done."""
    writer = PdfWriter()
    writer.add_metadata(
        {
            "/Title": f"Form 8949 ({year}) statements",
            "/Author": "CapGain",
            "/Creator": "CapGain",
            "/Producer": "CapGain",
        }
    )
    fonts = DictionaryObject({NameObject(f"/{name}"): _font(writer, name) for name in ("Helvetica", "Helvetica-Bold")})
    pages = list(_pages(statements))
    for number, (statement, rows, page, of) in enumerate(pages, start=1):
        head = [
            (f"Form 8949 ({year}) - Statement to box {statement.box}", taxpayer.name),
            (f"Broker: {statement.account or 'no account named'}", taxpayer.ssn),
            (f'Transactions of the row "see attached statement" (code M), page {page} of {of}', ""),
        ]
        drawn = [*_head(head), *_table(rows, in_whole_dollars)]
        if page == of:
            drawn += _totals(statement.totals, len(rows), in_whole_dollars)
        _add_page(writer, fonts, b"\n".join(drawn))
        if progress is not None:
            progress(number, len(pages))
    explained = list(_pages_in_words(explanations))
    for number, lines in enumerate(explained, start=1):
        head = [
            (f"Form 8949 ({year}) - Explanations", taxpayer.name),
            (
                "Wash sales smaller than on Form 1099, bases other than cost, sales without a record of basis",
                taxpayer.ssn,
            ),
            (f"Page {number} of {len(explained)}", ""),
        ]
        _add_page(writer, fonts, b"\n".join([*_head(head, EXPLAINED), *_lines_in_words(lines)]))
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def _pages_in_words(explanations: Sequence[Explanation]) -> Iterator[list[tuple[str, ...]]]:
    """Lines of the explanations' columns, a page of them at a time; a long reason goes on over several lines."""
    page: list[tuple[str, ...]] = []
    for one in explanations:
        why = wrap(one.why, LETTERS_A_LINE) or [""]
        figures = (
            one.asset,
            f"{one.sold:%m/%d/%Y}",
            one.account,
            "" if one.on_the_1099 is None else amount_text(one.on_the_1099, in_whole_dollars=False),
            amount_text(one.on_form_8949, in_whole_dollars=False),
        )
        lines: list[tuple[str, ...]] = [(*figures, why[0]), *(("", "", "", "", "", more) for more in why[1:])]
        if page and len(page) + len(lines) > ROWS_PER_PAGE:
            yield page
            page = []
        while len(lines) > ROWS_PER_PAGE:
            yield lines[:ROWS_PER_PAGE]
            lines = lines[ROWS_PER_PAGE:]
        page += lines
    if page:
        yield page


def _lines_in_words(lines: Sequence[tuple[str, ...]]) -> Iterator[bytes]:
    for place, line in enumerate(lines):
        bottom = FIRST_ROW_TOP - (place + 1) * ROW_HEIGHT
        if line[0]:
            yield _rule(bottom + ROW_HEIGHT, 0.25)
        yield from _row(line, bottom, "/Helvetica", EXPLAINED)


def _pages(statements: Sequence[Statement]) -> Iterator[tuple[Statement, Sequence[PrintedRow], int, int]]:
    for statement in statements:
        of = -(-len(statement.rows) // ROWS_PER_PAGE)
        for page in range(of):
            yield statement, statement.rows[page * ROWS_PER_PAGE : (page + 1) * ROWS_PER_PAGE], page + 1, of


def _head(lines: Sequence[tuple[str, str]], columns: Sequence[tuple[str, float, Align]] = COLUMNS) -> Iterator[bytes]:
    top = HEIGHT - MARGIN
    for place, (left, right) in enumerate(lines):
        size, font = (13.0, "/Helvetica-Bold") if place == 0 else (9.0, "/Helvetica")
        yield _text(left, MARGIN, top - 16 - 15 * place, 480, 15, "left", size, font)
        yield _text(right, MARGIN + 480, top - 16 - 15 * place, WIDTH - 2 * MARGIN - 480, 15, "right", 9, "/Helvetica")
    x = MARGIN
    for words, width, align in columns:
        yield _text(words, x, FIRST_ROW_TOP + 4, width, ROW_HEIGHT, align, 8, "/Helvetica-Bold")
        x += width
    yield _rule(FIRST_ROW_TOP + 2, 1.0)


def _table(rows: Sequence[PrintedRow], in_whole_dollars: bool) -> Iterator[bytes]:
    for place, row in enumerate(rows):
        bottom = FIRST_ROW_TOP - (place + 1) * ROW_HEIGHT
        yield from _row(tuple(row.texts(in_whole_dollars).values()), bottom, "/Helvetica")
        yield _rule(bottom, 0.25)


def _totals(totals: Totals, rows: int, in_whole_dollars: bool) -> Iterator[bytes]:
    bottom = FIRST_ROW_TOP - (rows + 1) * ROW_HEIGHT - 2
    shown = {"a": f"Totals of {totals.rows:,} transactions", **amount_texts(totals, in_whole_dollars)}
    yield from _row([shown.get(letter, "") for letter in "abcdefgh"], bottom, "/Helvetica-Bold")
    yield _rule(bottom, 1.0)


def _row(
    cells: Sequence[str], bottom: float, font: str, columns: Sequence[tuple[str, float, Align]] = COLUMNS
) -> Iterator[bytes]:
    x = MARGIN
    for text, (_, width, align) in zip(cells, columns, strict=True):
        if text:
            yield _text(text, x, bottom, width, ROW_HEIGHT, align, 8, font)
        x += width


def _text(text: str, x: float, y: float, width: float, height: float, align: Align, size: float, font: str) -> bytes:
    field = FieldText(width=width, height=height, size=size, align=align, is_multiline=False, color="0 g")
    return b"q 1 0 0 1 %.2f %.2f cm\n%s\nQ" % (x, y, text_operators(text, field, HELVETICA, font))


def _rule(y: float, width: float) -> bytes:
    return b"%.2f w %.2f %.2f m %.2f %.2f l S" % (width, MARGIN, y, WIDTH - MARGIN, y)


def _font(writer: PdfWriter, name: str) -> IndirectObject:
    return writer._add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject(f"/{name}"),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
    )


def _add_page(writer: PdfWriter, fonts: DictionaryObject, operators: bytes) -> None:
    stream = DecodedStreamObject()
    stream.set_data(operators)
    page = PageObject(writer)
    page.update(
        {
            NameObject("/Type"): NameObject("/Page"),
            NameObject("/MediaBox"): ArrayObject(FloatObject(side) for side in (0, 0, WIDTH, HEIGHT)),
            NameObject("/Resources"): DictionaryObject({NameObject("/Font"): fonts}),
            NameObject("/Contents"): writer._add_object(stream.flate_encode()),
        }
    )
    writer.add_page(page)
