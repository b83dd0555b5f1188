"""What is checked of the sheets that only the package has: boxes of Form 8949, adjustments, next year's opening."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from capgain.engine.forms.form_8949 import Form8949
from capgain.engine.forms.printed_words import VARIOUS
from capgain.engine.money import CENT, ZERO, from_cents, to_the_cent
from capgain.engine.report import YearReport
from capgain.engine.transactions import ISOExercise
from capgain.workbook.handoff.workpapers.box_sheets import FIRST_ROW, BoxSheet
from capgain.workbook.handoff.workpapers.opening_rows import AMOUNT, OpeningRow, OpeningSheet
from capgain.workbook.report.checks import A_BILLIONTH, DOUBLE, HALF, Check
from capgain.workbook.report.form_8949 import ADJUSTMENT, BASIS, CODES, GAIN, PROCEEDS
from capgain.workbook.report.list_checks import text_checks
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.lot_proof import open_units
from capgain.workbook.report.printed_rows import PrintedForm, PrintedRow, amounts, printed_totals
from capgain.workbook.report.tie_outs import UNITS_STYLE
from capgain.workbook.sheets import COUNT, MONEY, Formula, criterion, reference
from capgain.workbook.written.serials import day_number

_COLUMNS = {"d": "Proceeds", "e": "Basis", "g": "Adjustment", "h": "Gain"}
_ACQUIRED, _SOLD = "B", "C"
MOST_ASSETS = 100
"""Assets up to which each has a check of its opening."""


def box_checks(
    year: YearReport, boxes: Mapping[str, BoxSheet], printed: PrintedForm, realized: Listing
) -> Iterator[Check]:
    """The pages of each box add up to the same rows on Gains, each gain is its formula, codes and dates are theirs."""
    for box, one in boxes.items():
        rows = printed.rows[box]
        for letter, expected in amounts(printed_totals(rows, in_whole_dollars=False)).items():
            heading, cell = _COLUMNS[letter], f"{letter.upper()}{one.total}"
            gains_of_box = f'=SUMIFS({realized.cells(heading)},{realized.cells("Form line")},"{box}")'
            yield Check(
                str(year.year),
                f"Form 8949 box {box}, column ({letter}): all pages add up to the same rows on Gains",
                Formula(f"={reference(one.sheet.name, cell)}", expected),
                Formula(gains_of_box, expected),
                (one.sheet.name, cell),
            )
        yield _gain_formula(year.year, box, one, rows)
        yield from _codes(year, box, one, rows, realized)
        yield from _dates(year, box, one, rows, realized)
        words = "descriptions, and words in place of dates and amounts, are the engine's"
        yield from text_checks(str(year.year), words, one.sheet, range(FIRST_ROW, one.total), "ABCDE")


def _column(one: BoxSheet, letter: str) -> str:
    """A column of a box from its first row to the last before its totals."""
    return reference(one.sheet.name, f"${letter}${FIRST_ROW}:${letter}${one.total - 1}")


def _gain_formula(year: int, box: str, one: BoxSheet, rows: tuple[PrintedRow, ...]) -> Check:
    d, e, g, h = (_column(one, letter) for letter in (PROCEEDS, BASIS, ADJUSTMENT, GAIN))
    text = f"=SUMPRODUCT(ABS({d}-{e}+{g}-{h}))"
    if any(row.words for row in rows):
        text = f"=ROUND(SUM({d})-SUM({e})+SUM({g})-SUM({h}),2)"
    return Check(
        str(year),
        f"Form 8949 box {box}, column (h): every row is (d) less (e), plus (g)",
        Formula(text, ZERO),
        ZERO,
        (one.sheet.name, f"{GAIN}{one.total}"),
    )


def _codes(
    year: YearReport, box: str, one: BoxSheet, rows: tuple[PrintedRow, ...], realized: Listing
) -> Iterator[Check]:
    """Each letter of column (f), and the rows with any, as often as on Gains."""
    cells = _column(one, CODES)
    behind = [row for printed in rows for row in printed.behind]
    for code in sorted({letter for row in rows for letter in row.codes}):
        here = sum(code in row.codes for row in rows)
        there = sum(code in row.codes for row in behind)
        yield _counted(
            year.year,
            f"Form 8949 box {box}: codes {code} in column (f) are those of Gains",
            Formula(f'=COUNTIF({cells},"*{code}*")', Decimal(here)),
            f'COUNTIFS({realized.cells("Code")},"*{code}*",{realized.cells("Form line")},"{box}")',
            there,
            one,
        )
    here, there = sum(bool(row.codes) for row in rows), sum(bool(row.codes) for row in behind)
    yield _counted(
        year.year,
        f"Form 8949 box {box}: rows with a code in column (f) are those of Gains",
        Formula(f'=COUNTIF({cells},"?*")', Decimal(here)),
        f'COUNTIFS({realized.cells("Code")},"?*",{realized.cells("Form line")},"{box}")',
        there,
        one,
    )


def _counted(year: int, words: str, here: Formula, there: str, count: int, one: BoxSheet) -> Check:
    """A count of the form beside that of Gains; what rows that stand for several have more or less is added."""
    assert isinstance(here.expected, Decimal)
    more = here.expected - count
    beside = f"+({more})" if more else ""
    text = f"{words}; {more} for rows that stand for several (value)" if more else words
    side = Formula(f"={there}{beside}", here.expected)
    return Check(str(year), text, here, side, (one.sheet.name, f"{CODES}{FIRST_ROW}"), COUNT, HALF)


def _dates(
    year: YearReport, box: str, one: BoxSheet, rows: tuple[PrintedRow, ...], realized: Listing
) -> Iterator[Check]:
    """The days of columns (b) and (c) add up to those on Gains, and each sale is of the year."""
    shown = [row for row in rows if row.sold]
    behind = [row for printed in rows for row in printed.behind]
    days = _column(one, _SOLD)
    first, last = f"DATE({year.year},1,1)", f"DATE({year.year},12,31)"
    yield Check(
        str(year.year),
        f"Form 8949 box {box}: dates in column (c) are of {year.year}",
        Formula(f'=COUNTIFS({days},">="&{first},{days},"<="&{last})', Decimal(len(shown))),
        Decimal(len(shown)),
        (one.sheet.name, f"{_SOLD}{FIRST_ROW}"),
        COUNT,
        HALF,
    )
    for letter, heading, here, there in (
        (_SOLD, "Sold", [row.behind[0].sold for row in shown], [row.sold for row in behind]),
        (
            _ACQUIRED,
            "Acquired",
            [row.behind[0].acquired for row in rows if row.acquired[:1].isdigit()],
            [row.acquired for row in behind if row.acquired_text != VARIOUS],
        ),
    ):
        here_sum, there_sum = _serials(here), _serials(there)
        beside = f"+({here_sum - there_sum})" if here_sum != there_sum else ""
        added = f'=SUMIFS({realized.cells(heading)},{realized.cells("Form line")},"{box}"){beside}'
        words = "; rows of words or for several count apart (value)" if beside else ""
        yield Check(
            str(year.year),
            f"Form 8949 box {box}: dates in column ({letter.lower()}) are those of Gains{words}",
            Formula(f"=SUM({_column(one, letter)})", here_sum),
            Formula(added, here_sum),
            (one.sheet.name, f"{letter}{FIRST_ROW}"),
            COUNT,
            HALF,
        )


def _serials(days: list[date]) -> Decimal:
    return Decimal(sum(day_number(day) for day in days))


def adjustment_checks(year: YearReport, adjusted: Listing, realized: Listing, form: Form8949) -> Iterator[Check]:
    """Column (g) of each line on Adjustments is that of Gains."""
    direct = form.direct_lines()
    by_box: defaultdict[str, int] = defaultdict(int)
    of_box: defaultdict[str, int] = defaultdict(int)
    for row in year.dispositions:
        if row.codes or row.adjustment_cents:
            of_box[row.box] += row.adjustment_cents
            by_box[direct.get(id(row), row.box)] += row.adjustment_cents
    if dict(of_box) != dict(by_box):
        return
    for box, amount in sorted(of_box.items()):
        total = from_cents(amount)
        gains = f'=SUMIFS({realized.cells("Adjustment")},{realized.cells("Form line")},"{box}")'
        yield Check(
            str(year.year),
            f"Adjustments, box {box}: column (g) is that of Gains",
            Formula(f'=SUMIFS({adjusted.cells("Adjustment (g)")},{adjusted.cells("Box")},"{box}")', total),
            Formula(gains, total),
            (adjusted.sheet.name, f"{adjusted.letter('Adjustment (g)')}1"),
        )
    coded = sum(bool(row.codes) for row in year.dispositions)
    for code in (
        "?*",
        *(f"*{letter}*" for letter in sorted({letter for row in year.dispositions for letter in row.codes})),
    ):
        here = coded if code == "?*" else sum(code.strip("*") in row.codes for row in year.dispositions)
        if adjusted.total:
            yield Check(
                str(year.year),
                f"Adjustments: rows with {'a code' if code == '?*' else f'code {code[1]}'} are those of Gains",
                Formula(f'=COUNTIF({adjusted.cells("Code (f)")},"{code}")', Decimal(here)),
                Formula(f'=COUNTIF({realized.cells("Code")},"{code}")', Decimal(here)),
                (adjusted.sheet.name, f"{adjusted.letter('Code (f)')}1"),
                COUNT,
                HALF,
            )


def opening_checks(year: YearReport, opening: OpeningSheet, lots: Listing) -> Iterator[Check]:
    """Units and basis of each asset that next year begins with are those of Open Lots."""
    label, following = str(year.year), year.year + 1
    for heading, days in (
        ("Date", [row.day for row in opening.rows]),
        ("Acquired", [row.acquired for row in opening.rows if isinstance(row.acquired, date)]),
    ):
        if opening.rows:
            yield Check(
                label,
                f"Opening {following}: column {heading} adds up to the engine's",
                Formula(f"=SUM({opening.cells(heading)})", _serials(days)),
                _serials(days),
                (opening.sheet.name, "A1"),
                COUNT,
                HALF,
            )
    of_options = f'{opening.cells("Type")},"{ISOExercise.type_name}"'
    options = [row for row in opening.rows if row.is_of_an_option]
    for words, column, figures in (
        ("column Amount", AMOUNT, [row.amount for row in opening.rows if row.amount is not None]),
        ("basis for the minimum tax", "Basis", [row.basis for row in options]),
    ):
        if figures:
            total = sum(figures, ZERO)
            cells = opening.cells(column)
            added = f"SUM({cells})" if column == AMOUNT else f"SUMIFS({cells},{of_options})"
            yield Check(
                label,
                f"Opening {following}: {words} adds up to the engine's",
                Formula(f"={added}", total),
                total,
                (opening.sheet.name, "A1"),
                MONEY,
                max(CENT, abs(total) * DOUBLE).normalize(),
            )
    by_asset: defaultdict[str, list[OpeningRow]] = defaultdict(list)
    for row in opening.rows:
        by_asset[row.lot.asset].append(row)
    many = len(by_asset) > MOST_ASSETS
    groups: dict[str, Sequence[OpeningRow]] = {"": opening.rows} if many else dict(by_asset)
    for asset, rows in groups.items():
        held_lots = [row.lot for row in rows]
        units = sum((lot.quantity for lot in held_lots), ZERO)
        basis = sum((lot.basis for lot in held_lots), ZERO)
        cents = sum((to_the_cent(lot.basis) for lot in held_lots), ZERO)
        count = len(held_lots)
        for words, heading, there, amount, other, style, tolerance in (
            ("units", "Quantity", open_units(lots), units, units, UNITS_STYLE, A_BILLIONTH * (count + 1)),
            ("basis", "Basis", "Basis", basis, cents, MONEY, CENT * (count + 1)),
        ):
            mine, theirs = opening.cells(heading), lots.cells(there)
            are_held = f'{lots.cells(open_units(lots))},">0"'
            if asset:
                here = f"SUMIFS({mine},{opening.cells('Asset')},{criterion(asset)})"
                held = f"SUMIFS({theirs},{lots.cells('Asset')},{criterion(asset)},{are_held})"
            else:
                here, held = f"SUM({mine})", f"SUMIFS({theirs},{are_held})"
            if heading == "Basis" and any(row.is_of_an_option for row in rows):
                one = f",{opening.cells('Asset')},{criterion(asset)}" if asset else ""
                here += f"-SUMIFS({mine},{of_options}{one})+SUMIFS({opening.cells(AMOUNT)},{of_options}{one})"
            yield Check(
                label,
                f"Opening {following}: {words} of {asset or 'all assets'} are those of Open Lots",
                Formula(f"={here}", amount),
                Formula(f"={held}", other),
                (opening.sheet.name, "A1"),
                style,
                max(tolerance, abs(amount) * DOUBLE).normalize(),
            )
