"""The printed examples of rows of Form 8949, from a ledger through the engine to the form."""

from __future__ import annotations

import pytest

from capgain.engine.classes import Term
from capgain.engine.forms.form_8949 import Totals
from engine.forms.cases import Case, cases, dollars, row, schedule_d
from law.tables import table
from law.test_cases import Run, check_dispositions, check_open_lots


@pytest.mark.parametrize("case", cases("form_8949_rows"))
def test_a_ledger_makes_the_row_of_the_example(case: Case) -> None:
    run = Run(case)
    assert not run.report.has_errors, run.report.problems
    if "dispositions" in case:
        check_dispositions(run, table(case["dispositions"]))
    if "open_lots" in case:
        check_open_lots(run, table(case["open_lots"]), no_other_lots=True)
    year = run.report.years[2025]
    assert year.form_8949 is not None
    assert year.schedule_d is not None
    for number, columns in case.get("lines", {}).items():
        totals: Totals = getattr(year.schedule_d, f"line_{number}")
        assert [totals.proceeds, totals.basis, totals.adjustment, totals.gain] == [*map(dollars, columns.values())]
    if "gains" in case:
        for term in Term:
            gain = sum(row.gain for row in year.dispositions if row.term is term)
            assert gain == dollars(case["gains"][term.value])
    if "ordinary_income" in case:
        assert sum(item.amount for item in year.income) == dollars(case["ordinary_income"])


def test_a_deferral_into_an_opportunity_fund_is_a_row_with_the_deferred_gain_in_column_g_alone() -> None:
    """Case R28, code Z: Instructions for Form 8949 (2025), page 12."""
    deferral = row("F", 0, 0, f="Z", g=-40000)
    form = schedule_d([deferral])
    assert deferral.gain == -40000
    assert form.line_10.gain == form.line_15 == -40000
