"""One worksheet by itself, from inputs named as the form names them: `1040-15`, `D16`, `4952-4g`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar, assert_never

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.arithmetic import Entry, Given, TaxOn
from capgain.engine.forms.form import Form, line
from capgain.engine.forms.worksheets.carryover import CarryoverWorksheet
from capgain.engine.forms.worksheets.form_6251 import Form6251
from capgain.engine.forms.worksheets.inputs import TAXABLE_INCOME
from capgain.engine.forms.worksheets.niit import NetInvestmentIncomeTax
from capgain.engine.forms.worksheets.qdcgt import QDCGTWorksheet
from capgain.engine.forms.worksheets.rate_28 import Rate28GainWorksheet
from capgain.engine.forms.worksheets.schedule_d_tax import ScheduleDTaxWorksheet
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
    kind = _kind(name)
    year_data, filing_status = tax_year(year), _status(status)
    form = _fill(kind, _by_field(name, inputs or {}), year_data, filing_status)
    lines, texts = form.amounts(), {filled.number: filled.text for filled in form.filled() if filled.value is not None}
    notes = [year_data.provisional] if year_data.is_provisional else []
    if isinstance(form, Form6251) and year_data.form_6251.unpublished:
        notes.append(year_data.form_6251.unpublished)
    _, last = _WORKSHEETS[name]
    if year < FIRST_YEAR_OF_PRINTED_LINES and last:
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
    return {given.key: given.meaning for given in _kind(name).inputs().values()}


def _kind(name: str) -> type[Form]:
    if name not in _WORKSHEETS:
        raise WorksheetRefused(f"There is no worksheet {name!r}. The worksheets are {', '.join(_WORKSHEETS)}.")
    return _WORKSHEETS[name][0]


def _status(status: FilingStatus | str) -> FilingStatus:
    try:
        return FilingStatus(status)
    except ValueError:
        known = ", ".join(known.value for known in FilingStatus)
        raise WorksheetRefused(f"There is no filing status {status!r}. The filing statuses are {known}.") from None


def _by_field(name: str, stated: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The amounts by the worksheet's fields; they are stated by the form's own names in any case."""
    inputs = _kind(name).inputs()
    fields = {given.key.casefold(): field for field, given in inputs.items()}
    unknown = [key for key in stated if key.strip().casefold() not in fields]
    if unknown:
        raise WorksheetRefused(
            f"The worksheet {name} takes no {', '.join(map(repr, unknown))}. It takes "
            + "; ".join(f"{given.key} ({given.meaning})" for given in inputs.values())
            + "."
        )
    if name == "6251" and {"12e", "a-7"} <= {key.strip().casefold() for key in stated}:
        raise WorksheetRefused(
            "12e and A-7 are both given: line 2a takes the standard deduction or the taxes itemized."
        )
    amounts = {fields[key.strip().casefold()]: amount for key, amount in stated.items()}
    return {field: _as_entered(given, amounts[field]) for field, given in inputs.items() if field in amounts}


def _as_entered(given: Given, amount: Decimal) -> Decimal:
    """A line printed in parentheses is a loss, whether or not it was given with a minus sign."""
    match given.entry:
        case Entry.SIGNED:
            return amount
        case Entry.POSITIVE:
            if amount < ZERO:
                raise WorksheetRefused(f"{given.key} is an amount of zero or more, not {amount}.")
            return amount
        case Entry.LOSS:
            return -abs(amount)
        case _:
            assert_never(given.entry)


def _fill(kind: type[Form], amounts: dict[str, Decimal], year: TaxYear, status: FilingStatus) -> Form:
    """The form with what was given; a field that was not is 0, or what the form itself puts in its place."""
    if kind is CarryoverWorksheet:
        amounts = _with_line_16(amounts)
    given: dict[str, Any] = {"year": year, "into_year": year.year, "status": status, **amounts}
    wanted = {field.name: field.default for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: given.get(name, ZERO if default is MISSING else default) for name, default in wanted.items()})


def _with_line_16(amounts: dict[str, Decimal]) -> dict[str, Decimal]:
    """Last year's Schedule D, line 16, where it was left out; refused where it contradicts lines 7, 15 and 21."""
    d7, d15 = (amounts.get(field, ZERO) for field in ("d7", "d15"))
    d16 = amounts.get("d16", d7 + d15)
    if abs(d7 + d15 - d16) > 1:
        raise WorksheetRefused(f"D16 is {d16}, but D7 and D15 make {d7 + d15}: line 16 of Schedule D combines them.")
    if d16 < ZERO and not amounts.get("d21"):
        raise WorksheetRefused(f"D16 is a loss of {-d16}, so Schedule D has a loss on line 21 too: D21 is missing.")
    return {**amounts, "d16": d16}


@dataclass(frozen=True)
class _Tax(Form):
    """Form 1040, line 16, by the Tax Table or the Tax Computation Worksheet."""

    title: ClassVar = "Tax Table and Tax Computation Worksheet"

    year: TaxYear
    status: FilingStatus
    taxable_income: Decimal

    line_16 = line("16", "Tax (see instructions)", TaxOn(TAXABLE_INCOME))


_WORKSHEETS: Mapping[str, tuple[type[Form], Mapping[str, str]]] = {
    "carryover": (CarryoverWorksheet, {"8": "8", "13": "13"}),
    "qdcgt": (QDCGTWorksheet, {"25": "27"}),
    "sdtw": (ScheduleDTaxWorksheet, {"47": "47"}),
    "28-rate": (Rate28GainWorksheet, {"7": "7"}),
    "unrecaptured-1250": (UnrecapturedSection1250GainWorksheet, {"18": "18"}),
    "tax": (_Tax, {"16": "16"}),
    "niit": (NetInvestmentIncomeTax, {"17": "17"}),
    "6251": (Form6251, {}),
}
"""By name: the worksheet, and the lines that are its result with their numbers in 2018 and 2019; none: all of them."""
