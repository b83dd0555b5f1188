"""The law that changes by year: one TOML file a tax year, every table with its source."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from capgain.engine.problems import UnknownYear
from capgain.engine.years.loading import InvalidYearData, parse_tax_year
from capgain.engine.years.tax_year import (
    Basis,
    BoxLetters,
    Bracket,
    ByStatus,
    Form1040Lines,
    Form6251Figures,
    Form8949Layout,
    PublishedFigures,
    ScheduleDWords,
    SeniorDeduction,
    Source,
    TaxYear,
)

__all__ = [
    "Basis",
    "BoxLetters",
    "Bracket",
    "ByStatus",
    "Form1040Lines",
    "Form6251Figures",
    "Form8949Layout",
    "InvalidYearData",
    "PublishedFigures",
    "ScheduleDWords",
    "SeniorDeduction",
    "Source",
    "TaxYear",
    "UnknownYear",
    "has_tax_year",
    "nearest_tax_year",
    "tax_year",
    "tax_years",
]

_FOLDER = Path(__file__).parent


@lru_cache(maxsize=1)
def tax_years() -> tuple[int, ...]:
    """The tax years that have data, in order."""
    return tuple(sorted(int(path.stem) for path in _FOLDER.glob("*.toml")))


def has_tax_year(year: int) -> bool:
    """Whether the forms of `year` may be asked for: it has data, or comes after all that have and rests on the law."""
    return year >= tax_years()[0]


@lru_cache(maxsize=64)
def tax_year(year: int) -> TaxYear:
    """The law of one tax year; raises UnknownYear naming the years there are.

    A year after the last with data is computed from the statute (DECISIONS.md, Y-1).
    """
    years = tax_years()
    if year > years[-1]:
        return _by_statute(tax_year(years[-1]), year)
    if not has_tax_year(year):
        raise UnknownYear(f"There is no tax data for {year}: forms, limits and brackets are known from {years[0]} on.")
    return parse_tax_year((_FOLDER / f"{year}.toml").read_text(encoding="utf-8"))


def _by_statute(newest: TaxYear, year: int) -> TaxYear:
    """What holds in `year` without a document of it: 26 USC 1211(b), 1222, 1212(b), 1411(b) and 151(d)(5)(C)."""
    senior = newest.senior_deduction
    return replace(
        newest,
        year=year,
        provisional=f"{year}: computed from the statute; forms and amounts of {year} are not in CapGain.",
        published=PublishedFigures(),
        gift_exclusion=None,
        senior_deduction=senior if senior is not None and year <= senior.last_year else None,
        basis=Basis.LAW,
    )


def nearest_tax_year(year: int) -> TaxYear:
    """`year` itself, or the first one with data: for what every year has, such as the boxes of Form 8949."""
    return tax_year(max(year, tax_years()[0]))
