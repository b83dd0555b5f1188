"""One worksheet by itself, from inputs named as the form names them: `1040-15`, `D16`, `4952-4g`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.form import Form, line
from capgain.engine.forms.worksheets.carryover import CarryoverWorksheet
from capgain.engine.forms.worksheets.niit import NetInvestmentIncomeTax
from capgain.engine.forms.worksheets.qdcgt import QDCGTWorksheet
from capgain.engine.forms.worksheets.rate_28 import Rate28GainWorksheet
from capgain.engine.forms.worksheets.schedule_d_tax import ScheduleDTaxWorksheet
from capgain.engine.forms.worksheets.tax_table import tax_on
from capgain.engine.forms.worksheets.unrecaptured_1250 import UnrecapturedSection1250GainWorksheet
from capgain.engine.money import ZERO
from capgain.engine.problems import CapgainError
from capgain.engine.years import TaxYear, tax_year

FIRST_YEAR_OF_PRINTED_LINES = 2020
"""The worksheets of 2018 and 2019 differ in lines and were not seen: only their results are given."""


class WorksheetRefused(CapgainError):
    """A worksheet, input or filing status that there is not, or inputs that cannot be; the message says what can."""


@dataclass(frozen=True, slots=True)
class WorksheetResult:
    """A worksheet filled in: `lines` and `texts` by number in printed order, skipped lines left out.

    Amounts in dollars. `notes` say what is provisional, not needed or not printed in that year.
    """

    name: str
    title: str
    year: int
    status: FilingStatus
    lines: Mapping[str, Decimal]
    texts: Mapping[str, str]
    notes: tuple[str, ...]
    is_provisional: bool


def worksheet(
    name: str, year: int, status: FilingStatus | str, inputs: Mapping[str, Decimal] | None = None
) -> WorksheetResult:
    """Fill in one worksheet; inputs that are not given are 0.

    `carryover` takes the year the loss is carried into. Raises WorksheetRefused for a name, input or status there is
    not, and UnknownYear for a year without data.
    """
    kind = _WORKSHEETS.get(name)
    if kind is None:
        raise WorksheetRefused(f"There is no worksheet {name!r}. The worksheets are {', '.join(_WORKSHEETS)}.")
    year_data, filing_status = tax_year(year), _status(status)
    given = _Inputs(name, kind.inputs, inputs or {})
    form = kind.fill(given, year_data, filing_status)
    lines, texts = form.amounts(), {filled.number: filled.text for filled in form.filled() if filled.value is not None}
    notes = [year_data.provisional] if year_data.is_provisional else []
    if year < FIRST_YEAR_OF_PRINTED_LINES:
        last = kind.result_lines_before_2020
        lines = {last.get(number, number): amount for number, amount in lines.items() if number in last}
        texts = dict.fromkeys(lines, f"Result of the {kind.title}")
        notes.append(f"The lines printed in {year} were not checked: only the result is given.")
    if isinstance(form, CarryoverWorksheet) and not form.is_needed:
        notes.append("The worksheet is not needed: no loss is carried over.")
    return WorksheetResult(
        name=name,
        title=kind.title,
        year=year,
        status=filing_status,
        lines=MappingProxyType(lines),
        texts=MappingProxyType(texts),
        notes=tuple(notes),
        is_provisional=year_data.is_provisional,
    )


def worksheet_names() -> tuple[str, ...]:
    """The names that `worksheet` answers to."""
    return tuple(_WORKSHEETS)


def worksheet_inputs(name: str) -> Mapping[str, str]:
    """The inputs of a worksheet with what each is; raises WorksheetRefused for a name there is not."""
    if name not in _WORKSHEETS:
        raise WorksheetRefused(f"There is no worksheet {name!r}. The worksheets are {', '.join(_WORKSHEETS)}.")
    return _WORKSHEETS[name].inputs


class _Inputs:
    """What was given, by the form's own names in any case; everything else is 0."""

    def __init__(self, name: str, accepted: Mapping[str, str], given: Mapping[str, Decimal]) -> None:
        names = {accepted_name.casefold(): accepted_name for accepted_name in accepted}
        unknown = [key for key in given if key.strip().casefold() not in names]
        if unknown:
            raise WorksheetRefused(
                f"The worksheet {name} takes no {', '.join(map(repr, unknown))}. It takes "
                + "; ".join(f"{key} ({meaning})" for key, meaning in accepted.items())
                + "."
            )
        self._given = {names[key.strip().casefold()]: amount for key, amount in given.items()}

    def __getitem__(self, name: str) -> Decimal:
        return self.get(name, ZERO)

    def get(self, name: str, otherwise: Decimal) -> Decimal:
        return self._given.get(name, otherwise)

    def positive(self, name: str) -> Decimal:
        """An amount the form does not let be negative."""
        if self[name] < ZERO:
            raise WorksheetRefused(f"{name} is an amount of zero or more, not {self[name]}.")
        return self[name]

    def loss(self, name: str) -> Decimal:
        """A line printed in parentheses, always a loss, whether or not it was given with a minus sign."""
        return -abs(self[name])

    def loss_if_given(self, name: str) -> Decimal | None:
        return self.loss(name) if name in self._given else None


def _status(status: FilingStatus | str) -> FilingStatus:
    try:
        return FilingStatus(status)
    except ValueError:
        known = ", ".join(known.value for known in FilingStatus)
        raise WorksheetRefused(f"There is no filing status {status!r}. The filing statuses are {known}.") from None


@dataclass(frozen=True)
class _Tax(Form):
    """Form 1040, line 16, by the Tax Table or the Tax Computation Worksheet."""

    year: TaxYear
    status: FilingStatus
    taxable_income: Decimal

    @line("16", "Tax (see instructions)")
    def line_16(self) -> Decimal:
        return tax_on(self.taxable_income, self.status, self.year)


def _carryover(given: _Inputs, year: TaxYear, status: FilingStatus) -> Form:
    d7, d15, d21 = given["D7"], given["D15"], given.loss("D21")
    d16 = given.get("D16", d7 + d15)
    if abs(d7 + d15 - d16) > 1:
        raise WorksheetRefused(f"D16 is {d16}, but D7 and D15 make {d7 + d15}: line 16 of Schedule D combines them.")
    if d16 < ZERO and not d21:
        raise WorksheetRefused(f"D16 is a loss of {-d16}, so Schedule D has a loss on line 21 too: D21 is missing.")
    return CarryoverWorksheet(into_year=year.year, taxable_income=given["1040-15"], d7=d7, d15=d15, d16=d16, d21=d21)


def _qdcgt(given: _Inputs, year: TaxYear, status: FilingStatus) -> Form:
    return QDCGTWorksheet(
        year=year,
        status=status,
        taxable_income=given["1040-15"],
        qualified_dividends=given.positive("1040-3a"),
        d15=given["D15"],
        d16=given["D16"],
    )


def _sdtw(given: _Inputs, year: TaxYear, status: FilingStatus) -> Form:
    return ScheduleDTaxWorksheet(
        year=year,
        status=status,
        taxable_income=given["1040-15"],
        qualified_dividends=given.positive("1040-3a"),
        d15=given["D15"],
        d16=given["D16"],
        d18=given.positive("D18"),
        d19=given.positive("D19"),
        form_4952_line_4g=given.positive("4952-4g"),
        form_4952_line_4e=given.positive("4952-4e"),
    )


def _rate_28(given: _Inputs, year: TaxYear, status: FilingStatus) -> Form:
    return Rate28GainWorksheet(
        collectibles=given["1"],
        section_1202=given.positive("2"),
        other_forms=given["3"],
        reported_to_you=given["4"],
        d7=given["D7"],
        d14=given.loss("D14"),
        long_term_carryovers=given.loss_if_given("5"),
    )


def _unrecaptured_1250(given: _Inputs, year: TaxYear, status: FilingStatus) -> Form:
    return UnrecapturedSection1250GainWorksheet(
        form_4797_part_iii=given["1"],
        form_4797_line_26g=given["2"],
        installment_sales=given["4"],
        partnerships=given["5"],
        form_4797_line_7=given["7"],
        form_4797_line_8=given["8"],
        partnership_interests=given["10"],
        estates_trusts_and_funds=given["11"],
        other_sales=given["12"],
        rate_28_gain=given["14"],
        d7=given["D7"],
        d14=given.loss("D14"),
        long_term_carryovers=given.loss_if_given("16"),
    )


def _tax(given: _Inputs, year: TaxYear, status: FilingStatus) -> Form:
    return _Tax(year=year, status=status, taxable_income=given["1040-15"])


def _niit(given: _Inputs, year: TaxYear, status: FilingStatus) -> Form:
    return NetInvestmentIncomeTax(year=year, status=status, magi=given["MAGI"], net_investment_income=given["NII"])


@dataclass(frozen=True, slots=True)
class _Kind:
    """A worksheet by name: what it takes, how it is filled in, and which lines are its result before 2020."""

    title: str
    inputs: Mapping[str, str]
    fill: Callable[[_Inputs, TaxYear, FilingStatus], Form]
    result_lines_before_2020: Mapping[str, str]


_INCOME = {"1040-15": "Form 1040, line 15, taxable income"}
_DIVIDENDS = {"1040-3a": "Form 1040, line 3a, qualified dividends"}
_NET_LONG = {"D15": "Schedule D, line 15", "D16": "Schedule D, line 16"}
_LOSSES = {"D7": "Schedule D, line 7", "D14": "Schedule D, line 14, the long-term loss carryover"}

_WORKSHEETS: Mapping[str, _Kind] = {
    "carryover": _Kind(
        "Capital Loss Carryover Worksheet",
        {
            "1040-15": "last year's Form 1040, line 15, taxable income, negative where it would have been",
            "D7": "last year's Schedule D, line 7",
            "D15": "last year's Schedule D, line 15",
            "D16": "last year's Schedule D, line 16",
            "D21": "last year's Schedule D, line 21",
        },
        _carryover,
        {"8": "8", "13": "13"},
    ),
    "qdcgt": _Kind(
        "Qualified Dividends and Capital Gain Tax Worksheet",
        {**_INCOME, **_DIVIDENDS, **_NET_LONG},
        _qdcgt,
        {"25": "27"},
    ),
    "sdtw": _Kind(
        "Schedule D Tax Worksheet",
        {
            **_INCOME,
            **_DIVIDENDS,
            **_NET_LONG,
            "D18": "Schedule D, line 18",
            "D19": "Schedule D, line 19",
            "4952-4g": "Form 4952, line 4g",
            "4952-4e": "Form 4952, line 4e",
        },
        _sdtw,
        {"47": "47"},
    ),
    "28-rate": _Kind(
        "28% Rate Gain Worksheet",
        {
            "1": "collectibles gain or loss on Form 8949, Part II",
            "2": "section 1202 exclusions",
            "3": "collectibles on Forms 4684, 6252, 6781 and 8824",
            "4": "collectibles gain reported to you",
            "5": "long-term loss carryovers, where a Schedule K-1 adds to D14",
            **_LOSSES,
        },
        _rate_28,
        {"7": "7"},
    ),
    "unrecaptured-1250": _Kind(
        "Unrecaptured Section 1250 Gain Worksheet",
        {
            "1": "the smaller of line 22 or line 24 of Form 4797",
            "2": "Form 4797, line 26g",
            "4": "installment sales of business property",
            "5": "Schedule K-1 of a partnership or S corporation",
            "7": "the gain on Form 4797, line 7",
            "8": "Form 4797, line 8",
            "10": "sale of a partnership interest",
            "11": "Schedule K-1 of an estate or trust, Forms 1099-DIV and 2439",
            "12": "other sales of section 1250 property",
            "14": "lines 1 through 4 of the 28% Rate Gain Worksheet",
            "16": "long-term loss carryovers, where a Schedule K-1 adds to D14",
            **_LOSSES,
        },
        _unrecaptured_1250,
        {"18": "18"},
    ),
    "tax": _Kind("Tax Table and Tax Computation Worksheet", _INCOME, _tax, {"16": "16"}),
    "niit": _Kind(
        "Form 8960, Net Investment Income Tax",
        {"MAGI": "modified adjusted gross income", "NII": "Form 8960, line 12, net investment income"},
        _niit,
        {"17": "17"},
    ),
}
