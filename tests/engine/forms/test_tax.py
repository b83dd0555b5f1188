"""The tax itself: worked cases, printed Tax Table cells, and what must hold of every return."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.tax import Gains, ReturnWithoutGains, TaxMethod
from capgain.engine.forms.tax_table import rate_schedule_tax, tax_on, tax_table_row
from capgain.engine.forms.worksheets.by_name import worksheet
from capgain.engine.forms.worksheets.qdcgt import QDCGTWorksheet
from capgain.engine.forms.worksheets.schedule_d_tax import ScheduleDTaxWorksheet
from capgain.engine.money import ZERO, from_cents
from capgain.engine.years import tax_year, tax_years
from engine.forms.cases import EVERY_STATUS, Case, cases, dollars, schedule_d

TAX_CASES = cases("tax")


def return_of(case: Case) -> tuple[ReturnWithoutGains, Gains]:
    """The return of a case apart from its gains, and the gains, through Schedule D."""
    status, year = FilingStatus(case["status"]), tax_year(case["year"])
    others = {name: case[name] for name in ("line_18", "line_19") if name in case}
    form = schedule_d(year=case["year"], status=status, short=case["short"], long=case["long"], **others)
    for number, amount in case.get("schedule_d", {}).items():
        assert getattr(form, f"line_{number}") == amount
    income = Decimal(case["wages"] + case.get("ordinary_dividends", 0) + case.get("interest", 0))
    return ReturnWithoutGains(
        year=year,
        status=status,
        taxable_income=income - year.standard_deduction[status],
        qualified_dividends=dollars(case.get("qualified_dividends", 0)),
        magi=income,
        net_investment_income=income - case["wages"],
    ), Gains.of(form)


@pytest.mark.parametrize("case", TAX_CASES)
def test_the_tax_of_the_case_comes_out_by_the_worksheet_that_applies(case: Case) -> None:
    rest, gains = return_of(case)
    tax, exact = rest.tax(gains), rest.tax(gains, exact=True)
    assert rest.magi is not None
    assert rest.magi + tax.gain == case["agi"]
    assert tax.taxable_income == case["taxable_income"]
    assert tax.method is TaxMethod[case["method"]]
    assert exact.income_tax == case["exact_tax"]
    if "tax" in case:
        assert tax.income_tax == case["tax"]
    else:
        assert tax_year(case["year"]).is_provisional
    assert tax.niit is not None
    assert tax.niit.tax == case["niit"]
    if "lines" in case:
        assert tax.worksheet is not None
        assert tax.worksheet.amounts() == case["lines"]


@pytest.mark.parametrize("case", [case for case in TAX_CASES if "lines" in case.values[0]])
def test_the_worksheet_by_name_prints_the_lines_of_the_case(case: Case) -> None:
    rest, gains = return_of(case)
    taxable_income = rest.tax(gains).taxable_income
    inputs = {"1040-15": taxable_income, "1040-3a": rest.qualified_dividends, "D15": gains.long, "D16": gains.net}
    if case["method"] == "SCHEDULE_D_TAX":
        inputs |= {"D18": gains.line_18, "D19": gains.line_19}
    name = "sdtw" if case["method"] == "SCHEDULE_D_TAX" else "qdcgt"
    result = worksheet(name, case["year"], case["status"], inputs)
    assert result.lines == case["lines"]
    assert list(result.lines) == sorted(result.lines, key=int)


@pytest.mark.parametrize("case", cases("niit"))
def test_the_net_investment_income_tax_of_the_case(case: Case) -> None:
    rest, gains = return_of(case)
    niit = rest.tax(gains).niit
    assert niit is not None
    assert (niit.line_13, niit.tax) == (case["magi"], case["niit"])


@pytest.mark.parametrize(
    ("year", "status", "at_least", "printed"),
    [
        *((2025, "hoh", least, tax) for least, tax in {3000: 303, 11900: 1193, 25300: 2699, 48450: 5477}.items()),
        *((2025, "hoh", least, tax) for least, tax in {64850: 7448, 98000: 14741, 99700: 15115}.items()),
        (2025, "mfj", 25300, 2562),
        (2024, "single", 15400, 1619),
        (2024, "mfj", 70800, 8035),
    ],
)
def test_printed_cells_of_the_tax_table(year: int, status: str, at_least: int, printed: int) -> None:
    """Case TT-2025-hoh, the table's own example ($25,300, joint: $2,562), and rows the worked cases use."""
    data = tax_year(year)
    for amount in (Decimal(at_least), Decimal(at_least) + Decimal("49.99")):
        assert tax_on(amount, FilingStatus(status), data) == printed
    assert tax_on(Decimal(at_least + 50), FilingStatus(status), data) != printed


@pytest.mark.parametrize(
    ("amount", "row", "tax"),
    [
        (0, (0, 5), 0),
        ("4.99", (0, 5), 0),
        (5, (5, 15), 1),
        (15, (15, 25), 2),
        (25, (25, 50), 4),
        (50, (50, 75), 6),
        ("2999.99", (2975, 3000), 299),
        (3000, (3000, 3050), 303),
        ("99999.99", (99950, 100000), None),
    ],
)
def test_rows_of_the_tax_table_widen_from_ten_to_fifty_dollars(
    amount: int | str, row: tuple[int, int], tax: int | None
) -> None:
    assert tax_table_row(Decimal(amount)) == row
    if tax is not None:
        assert tax_on(Decimal(amount), FilingStatus.SINGLE, tax_year(2025)) == tax


def test_the_table_ends_below_100_000_dollars() -> None:
    year = tax_year(2025)
    assert tax_on(Decimal("99999.99"), FilingStatus.SINGLE, year) == 16909
    assert tax_on(Decimal(100000), FilingStatus.SINGLE, year) == Decimal("16914.00")
    assert tax_on(Decimal("100000.10"), FilingStatus.SINGLE, year) == Decimal("16914.02")


@pytest.mark.parametrize(
    ("year", "status", "amount", "rate", "subtraction"),
    [
        (2024, "single", 200000, "0.32", "22313.50"),
        (2024, "hoh", 200000, "0.32", "24007.00"),
        (2025, "single", 150000, "0.24", "7153.00"),
        (2023, "mfs", 400000, "0.37", "35043.00"),
    ],
)
def test_the_tax_computation_worksheet_multiplies_and_subtracts(
    year: int, status: str, amount: int, rate: str, subtraction: str
) -> None:
    """The 2024 amounts are printed (Instructions for Form 1040); Rev. Proc. 2023-34 misprints their bracket."""
    data, filing = tax_year(year), FilingStatus(status)
    for income in (Decimal(amount), Decimal(amount - 1000)):
        assert income * Decimal(rate) - Decimal(subtraction) == tax_on(income, filing, data)


@EVERY_STATUS
@pytest.mark.parametrize("year", tax_years())
def test_no_tax_on_nothing_and_none_on_less(year: int, status: FilingStatus) -> None:
    rest = ReturnWithoutGains(tax_year(year), status, Decimal(-5000))
    assert rest.tax().method is TaxMethod.NO_TAX
    assert rest.tax().total == rest.tax(Gains(long=Decimal(5000))).total == 0
    assert rest.tax(Gains(long=Decimal(5000))).taxable_income == 0


def income(most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most * 100).map(from_cents)


YEARS = st.sampled_from(tax_years())
STATUSES = st.sampled_from(FilingStatus)


@settings(max_examples=150)
@given(year=YEARS, status=STATUSES, amount=income(900_000), more=st.integers(50, 10_000))
def test_tax_never_falls_when_taxable_income_rises_by_a_row_of_the_table(
    year: int, status: FilingStatus, amount: Decimal, more: int
) -> None:
    data = tax_year(year)
    assert tax_on(amount + more, status, data) >= tax_on(amount, status, data)
    assert abs(tax_on(amount, status, data) - rate_schedule_tax(amount, status, data)) <= Decimal("9.5")


@settings(max_examples=150)
@given(
    year=YEARS,
    status=STATUSES,
    other=income(700_000),
    dividends=income(40_000),
    short=st.integers(-30_000, 60_000),
    long=st.integers(-30_000, 400_000),
    line_18=st.integers(0, 50_000),
    line_19=st.integers(0, 50_000),
)
def test_a_worksheet_never_exceeds_the_regular_tax_nor_falls_below_its_lowest_rate(
    year: int,
    status: FilingStatus,
    other: Decimal,
    dividends: Decimal,
    short: int,
    long: int,
    line_18: int,
    line_19: int,
) -> None:
    data = tax_year(year)
    d15, d16 = Decimal(long), Decimal(short + long)
    gains = max(min(d15, d16), ZERO)
    taxable = max(other + dividends + d16, ZERO)
    for form in (
        QDCGTWorksheet(data, status, taxable, dividends, d15, d16, exact=True),
        ScheduleDTaxWorksheet(
            data, status, taxable, dividends, d15, d16, Decimal(line_18), Decimal(line_19), exact=True
        ),
    ):
        assert form.tax <= rate_schedule_tax(taxable, status, data)
        assert form.tax >= rate_schedule_tax(max(taxable - dividends - gains, ZERO), status, data)
    plain = QDCGTWorksheet(data, status, taxable, dividends, d15, d16)
    same = ScheduleDTaxWorksheet(data, status, taxable, dividends, d15, d16, ZERO, ZERO)
    assert same.tax == plain.tax


@settings(max_examples=100)
@given(
    year=YEARS,
    status=STATUSES,
    other=income(400_000),
    short=st.integers(-20_000, 40_000),
    long=st.integers(-20_000, 200_000),
    loss=st.integers(1, 60_000),
)
def test_a_further_loss_never_raises_the_tax_beyond_a_row_of_the_table(
    year: int, status: FilingStatus, other: Decimal, short: int, long: int, loss: int
) -> None:
    rest = ReturnWithoutGains(tax_year(year), status, other)
    gains = Gains(Decimal(short), Decimal(long))
    for realised in (gains.plus(short=Decimal(-loss)), gains.plus(long=Decimal(-loss))):
        assert rest.tax(realised, exact=True).income_tax <= rest.tax(gains, exact=True).income_tax
        assert rest.tax(realised).income_tax <= rest.tax(gains).income_tax + 19
