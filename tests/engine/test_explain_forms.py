"""Lines of the forms behind the tax: each told with what it rests on, once, and refused by name where there is none."""

from __future__ import annotations

from datetime import date

import pytest

from capgain.engine.compute import compute
from capgain.engine.explain import Explanation, UnknownLine, explain
from capgain.engine.forms.tax_on_gains import MissingInputs
from capgain.engine.problems import UnknownYear
from capgain.workbook.reading.blocks import ledger_from_blocks

ROWS = (
    ("Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class"),
    ("2020-01-02", "Buy", "A", 1, 100000, "B", "stock"),
    ("2025-03-03", "Sell", "A", 1, 700000, "B", "stock"),
    ("2025-03-04", "Interest", None, None, 1200, "B", None),
)


def told(line: str, **stated: object) -> Explanation:
    settings = [("Name", "Value"), ("Filing Status", "single"), *((k.replace("_", " "), v) for k, v in stated.items())]
    ledger = ledger_from_blocks(ROWS, [("Account", "Kind"), ("B", "brokerage")], settings, today=date(2026, 3, 1))
    return explain(compute(ledger, today=date(2026, 3, 1)), 2025, line)


INCOME = {"AGI_Without_Gains_2025": 150000, "65_or_Older_2025": 1, "AMT_Adjustments_2025": 90000}


@pytest.mark.parametrize("words", ["6251 11", "Form 6251, line 11", "form 6251 11", "6251-11"])
def test_a_form_and_a_line_are_named_as_people_write_them(words: str) -> None:
    found = told(words, **INCOME)
    assert (found.form, found.line) == ("Form 6251", "11")


def test_a_line_is_told_with_all_it_rests_on_once() -> None:
    story = told("6251 11", **INCOME)
    texts = [step.text for step in story.steps]
    assert texts[0].startswith("Line 11 is $")
    assert any(text.startswith("Lines 2b to 3 as one signed sum: $90,000.00") for text in texts)
    assert any(text.startswith("Line 40 is") for text in texts)
    assert any(text.startswith("Line 1040-16 is") for text in texts)
    full = [text.split(":")[0] for text in texts if text.startswith("Line ") and "as above" not in text]
    assert len(set(full)) == len(full)
    assert max(step.depth for step in story.steps) > 4


def test_form_8960_leads_to_the_ledger_s_interest_and_line_15_to_the_deductions() -> None:
    assert "Taxable interest: $1,200.00." in str(told("8960 17", **INCOME))
    assert "Adjusted gross income apart from capital gains: $150,000.00." in str(told("1040 15", **INCOME))


def test_what_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(UnknownLine, match="Form 8960 has no line '99'"):
        told("8960 99", **INCOME)
    with pytest.raises(UnknownYear, match="no Form 6781 here: no section 1256 contract"):
        told("6781 7", **INCOME)
    with pytest.raises(UnknownYear, match="no Form 1040 here: line 15 is stated"):
        told("1040 15", Other_Income_2025=1)
    with pytest.raises(MissingInputs):
        told("6251 11")
