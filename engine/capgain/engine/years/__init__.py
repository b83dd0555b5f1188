"""The law that changes by year: one TOML file a tax year, every table with its source."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from capgain.engine.problems import UnknownYear
from capgain.engine.years.loading import InvalidYearData, parse_tax_year
from capgain.engine.years.tax_year import (
    BoxLetters,
    Bracket,
    ByStatus,
    Form1040Lines,
    Form6251Figures,
    Form8949Layout,
    ScheduleDWords,
    Source,
    TaxYear,
)

__all__ = [
    "BoxLetters",
    "Bracket",
    "ByStatus",
    "Form1040Lines",
    "Form6251Figures",
    "Form8949Layout",
    "InvalidYearData",
    "ScheduleDWords",
    "Source",
    "TaxYear",
    "UnknownYear",
    "has_tax_year",
    "nearest_tax_year",
    "tax_year",
    "tax_years",
]


@lru_cache(maxsize=1)
def tax_years() -> tuple[int, ...]:
    """The tax years that have data, in order."""
    names = (entry.name for entry in files(__package__).iterdir())
    return tuple(sorted(int(name.removesuffix(".toml")) for name in names if name.endswith(".toml")))


def has_tax_year(year: int) -> bool:
    """Whether a form, limit or bracket of `year` may be asked for."""
    return year in tax_years()


@lru_cache(maxsize=32)
def tax_year(year: int) -> TaxYear:
    """The law of one tax year; raises UnknownYear naming the years there are."""
    if not has_tax_year(year):
        years = tax_years()
        raise UnknownYear(
            f"There is no tax data for {year}: forms, limits and brackets are known for {years[0]} to {years[-1]}."
        )
    return parse_tax_year((files(__package__) / f"{year}.toml").read_text(encoding="utf-8"))


def nearest_tax_year(year: int) -> TaxYear:
    """`year` itself, or the closest one with data: for what every year has, such as the boxes of Form 8949."""
    years = tax_years()
    return tax_year(min(max(year, years[0]), years[-1]))
