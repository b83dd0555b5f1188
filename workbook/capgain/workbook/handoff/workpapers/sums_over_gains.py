"""Sums over sheet Gains by account, form line and asset, as live formulas wherever they pick exactly the right rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from capgain.engine.forms.form_8949 import Form8949
from capgain.engine.report import YearReport
from capgain.engine.results.dispositions import Disposition
from capgain.workbook.report.listing import Listing
from capgain.workbook.sheets import MONEY, Cell, Formula, criterion, text_literal


class SumsOverGains:
    """Knows on which line each disposition stands: its box, or 1a and 8a where Exception 1 skips Form 8949."""

    def __init__(self, gains: Listing, year: YearReport, form: Form8949) -> None:
        self._gains = gains
        self._direct = form.direct_lines()
        self._picked: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        self._of_form: defaultdict[int, set[int]] = defaultdict(set)
        for row in year.dispositions:
            key = self._key(row)
            self._picked[key].add(id(row))
            self._picked[*key, row.asset.casefold()].add(id(row))
            if row.on_1099 is not None and row.on_1099.row:
                self._of_form[row.on_1099.row].add(id(row))

    def cell(self, heading: str, rows: Sequence[Disposition], amount: Decimal, asset: str = "") -> Cell:
        """The total of `rows`, expected to be `amount`; a plain value where no criteria pick exactly these rows."""
        keys = dict.fromkeys(self._key(row) for row in rows)
        of_asset = (asset.casefold(),) if asset else ()
        if set().union(*(self._picked[*key, *of_asset] for key in keys)) != {id(row) for row in rows}:
            return Cell(amount, MONEY)
        terms = [self._sum(heading, account, line, asset) for account, line in keys]
        return Cell(Formula("=" + ("+".join(terms) if terms else "0"), amount), MONEY)

    def of_form(self, heading: str, form_row: int, rows: Sequence[Disposition], amount: Decimal) -> Cell:
        """The total of the rows that a row of sheet 1099 is about, picked by its number."""
        if self._of_form[form_row] != {id(row) for row in rows}:
            return Cell(amount, MONEY)
        cells = self._gains.cells
        return Cell(Formula(f"=SUMIFS({cells(heading)},{cells('1099 row')},{form_row})", amount), MONEY)

    def _key(self, row: Disposition) -> tuple[str, str]:
        return row.account, self._direct.get(id(row), row.box)

    def _sum(self, heading: str, account: str, line: str, asset: str) -> str:
        cells = self._gains.cells
        criteria = [cells("Account"), criterion(account), cells("Form line"), text_literal(line)]
        if asset:
            criteria += [cells("Asset"), criterion(asset)]
        return f"SUMIFS({cells(heading)},{','.join(criteria)})"
