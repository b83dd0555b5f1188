"""The rates and amounts in force in a tax year, as one table: what articles of other years get wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from capgain.engine.classes import FilingStatus
from capgain.engine.years import tax_year
from capgain.engine.years.tax_year import Basis, TaxYear

COLUMNS = ("Item", "From", "To", "Rate", "Base")

NET_CAPITAL_GAIN = (Decimal(0), Decimal("0.15"), Decimal("0.2"))
"""26 USC 1(h)(1)(B) to (D)."""

AMT_RATES = (Decimal("0.26"), Decimal("0.28"))
"""26 USC 55(b)(1)(A)."""

NIIT_RATE = Decimal("0.038")
"""26 USC 1411(a)(1)."""

OF_OTHER_GAIN = "26 USC 1(h)(1)(E), (F), 1(h)(4), (6): at most 25% and 28%"

TABLES = (
    *("brackets", "zero_rate_limit", "fifteen_rate_limit", "niit_threshold", "loss_limit"),
    *("standard_deduction", "additional_standard_deduction", "senior_deduction"),
    *("amt", "amt_exemption", "amt_phase_out_starts", "amt_rate_28_above"),
)
"""The tables of a year's file that are behind the rows."""

_WRONG_YEAR = 2023
_YEARS_MISTAKEN = (2024, 2025)


class Rate(NamedTuple):
    """A row: an amount or a range of dollars, the rate as a fraction, and what the rate comes on top of.

    `base` of an ordinary rate is the tax at `start`; of the senior deduction the income from which it is cut.
    """

    item: str
    start: Decimal | None = None
    end: Decimal | None = None
    rate: Decimal | None = None
    base: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RatesInForce:
    """The rows of one year and status, the documents they were read in, and what is to be known of them."""

    year: int
    status: FilingStatus
    rates: tuple[Rate, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...]


def rates_in_force(of_year: int, status: FilingStatus) -> RatesInForce:
    """What holds in a year; figures that are not published are left out, and the last note says so.

    Raises UnknownYear for a year before all that have data.
    """
    year = tax_year(of_year)
    rates = tuple(_rates(year, status))
    documents = [year.sources[name].document for name in TABLES if _stands(year, name, status)]
    return RatesInForce(
        year=year.year,
        status=status,
        rates=rates,
        sources=tuple(dict.fromkeys([*documents, OF_OTHER_GAIN])),
        notes=tuple(_notes(year)),
    )


def _stands(year: TaxYear, table: str, status: FilingStatus) -> bool:
    """Whether a table of the file is behind a row: in a year that rests on the law those not published are not."""
    if table == "senior_deduction":
        return year.senior_deduction is not None and status in year.senior_deduction.over
    if table in ("niit_threshold", "loss_limit"):
        return True
    name = "form_6251" if table.startswith("amt") else table
    return getattr(year.published, name) is not None


def _rates(year: TaxYear, status: FilingStatus) -> Iterator[Rate]:
    published = year.published
    if published.brackets is not None:
        yield from _ordinary(year, status)
    if published.zero_rate_limit is not None and published.fifteen_rate_limit is not None:
        limits = (Decimal(0), published.zero_rate_limit[status], published.fifteen_rate_limit[status], None)
        for rate, start, end in zip(NET_CAPITAL_GAIN, limits, limits[1:], strict=False):
            yield Rate("Net capital gain", start, end, rate)
    yield Rate("Unrecaptured section 1250 gain", rate=Decimal("0.25"))
    yield Rate("Collectibles and section 1202 gain", rate=Decimal("0.28"))
    yield Rate("Net investment income tax, MAGI over", year.niit_threshold[status], rate=NIIT_RATE)
    yield Rate("Capital loss limit", year.loss_limit[status])
    if published.standard_deduction is not None:
        yield Rate("Standard deduction", published.standard_deduction[status])
    if published.additional_standard_deduction is not None:
        yield Rate("... 65 or older or blind, each", published.additional_standard_deduction[status])
    senior = year.senior_deduction
    if senior is not None and status in senior.over:
        yield Rate("Senior deduction, each", senior.each, rate=senior.reduced_by, base=senior.over[status])
    if published.form_6251 is not None:
        law = published.form_6251
        yield Rate("AMT exemption", law.exemption[status])
        start, end = law.phase_out_starts[status], law.exemption_gone_at(status)
        yield Rate("AMT exemption phase-out", start, end, law.phase_out_rate)
        beyond = law.rate_28_above[status]
        yield Rate("AMT rate", Decimal(0), beyond, AMT_RATES[0])
        yield Rate("AMT rate", beyond, None, AMT_RATES[1])


def _ordinary(year: TaxYear, status: FilingStatus) -> Iterator[Rate]:
    start = base = Decimal(0)
    for rate, upper in year.brackets[status]:
        yield Rate("Ordinary rate", start, upper, rate, base)
        if upper is not None:
            base += rate * (upper - start)
            start = upper


def _notes(year: TaxYear) -> Iterator[str]:
    if year.year in _YEARS_MISTAKEN:
        then = tax_year(_WRONG_YEAR)
        single, joint = (
            f"{then.zero_rate_limit[status]:,} and {then.fifteen_rate_limit[status]:,}"
            for status in (FilingStatus.SINGLE, FilingStatus.MFJ)
        )
        yield (
            f"Articles that give {single} ({joint} if joint) as the limits of the 0% and 15% rates give those of "
            f"{_WRONG_YEAR}."
        )
    if year.basis is Basis.FORMS and year.provisional:
        yield year.provisional
    if year.unpublished:
        yield f"Not known for {year.year}: {', '.join(year.unpublished)}. What stands here holds by statute."
