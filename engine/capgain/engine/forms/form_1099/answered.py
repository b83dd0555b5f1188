"""Form 8949 as the IRS will match it: every row with what Forms 1099, on their sheet or in the ledger, say of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from capgain.engine.broker_rows import BrokerRow
from capgain.engine.forms.form_1099.brokers_view import BrokersView
from capgain.engine.forms.form_1099.derived_basis import with_derived_basis
from capgain.engine.forms.form_1099.ledger_columns import with_ledger_figures
from capgain.engine.forms.form_1099.outcome import Difference
from capgain.engine.ledger import Ledger
from capgain.engine.problems import Problem
from capgain.engine.results.dispositions import Disposition
from capgain.engine.results.income import IncomeItem
from capgain.engine.results.wash_sales import WashSale

if TYPE_CHECKING:
    from capgain.engine.forms.form_1099.sheet_rows import SheetRows


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A row of the sheet 1099 with the rows of Form 8949 it is about, as printed, and its differences.

    A row with neither rows nor differences is of a sale that the ledger has not, or of no sale at all.
    """

    form: BrokerRow
    rows: tuple[Disposition, ...]
    differences: tuple[Difference, ...]
    is_unmatched: bool

    @property
    def open(self) -> str:
        """What of it is not settled, in a sentence; "" where all is."""
        if self.is_unmatched:
            return "not matched"
        return "; ".join(one.open for one in self.differences if one.open)


@dataclass(frozen=True, slots=True)
class AnsweredForms:
    """The rows of the sheet 1099 in its order; `other_years` counts those of other years, which drive nothing."""

    year: int
    rows: tuple[AnsweredRow, ...]
    other_years: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The rows of Form 8949 as they are printed, in the order given, and what is open or wrong about the forms.

    `income` is what of a gain is interest. `forms` is None without a sheet 1099.
    """

    dispositions: tuple[Disposition, ...]
    problems: tuple[Problem, ...]
    income: tuple[IncomeItem, ...] = ()
    forms: AnsweredForms | None = None


def answered(
    ledger: Ledger,
    dispositions: Sequence[Disposition],
    across: Sequence[WashSale],
    year: int | None,
    replayed_by_brokers: Callable[[], Sequence[Disposition]],
) -> Answered:
    """What Forms 1099 make of the rows. The sheet 1099 is about `year`.

    `across` are the wash sales whose replacement lies in another account or is another security, `replayed_by_brokers`
    gives the rows with each broker's own wash sales alone.
    """
    brokers = BrokersView(across, replayed_by_brokers)
    if ledger.forms_1099 is None or year is None:
        rows, problems = with_ledger_figures(ledger, dispositions, frozenset())
        rows, more = with_derived_basis(ledger, rows, brokers, frozenset())
        return Answered(tuple(rows), (*problems, *more))
    from capgain.engine.forms.form_1099.sheet_rows import with_sheet_rows

    sheet = with_sheet_rows(ledger, dispositions, ledger.forms_1099, year, brokers)
    rows, more = with_derived_basis(ledger, sheet.rows, brokers, sheet.covered | sheet.by_lot)
    return Answered(tuple(rows), (*sheet.problems, *more), tuple(sheet.income), _forms(sheet, rows, year))


def _forms(sheet: SheetRows, rows: Sequence[Disposition], year: int) -> AnsweredForms:
    found = []
    for one in sheet.outcomes:
        theirs = tuple(rows[place] for place in one.places)
        lost = one.form.is_of_a_sale and not theirs
        found.append(AnsweredRow(one.form, theirs, one.differences, lost))
    return AnsweredForms(year, tuple(found), sheet.other_years)
