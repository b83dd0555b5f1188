"""A tax year read from its TOML file; what is missing, unknown or without a source is refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from capgain.engine.classes import FilingStatus
from capgain.engine.problems import CapgainError
from capgain.engine.years.tax_year import (
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

_STATUSES = tuple(status.value for status in FilingStatus)


class InvalidYearData(CapgainError):
    """The data of a tax year is incomplete, has an unknown key, or a table without a source."""


def parse_tax_year(toml: str) -> TaxYear:
    """A TaxYear from the text of its file; raises InvalidYearData naming the table and key."""
    reader = _Reader(tomllib.loads(toml))
    form_8949 = reader.table("form_8949", "rows_per_page", *_LETTERS, "boxes")
    year = TaxYear(
        year=reader.root(int, "year"),
        provisional=reader.root(str, "provisional"),
        loss_limit=reader.by_status("loss_limit"),
        published=reader.published(),
        senior_deduction=reader.senior_deduction(),
        niit_threshold=reader.by_status("niit_threshold"),
        gift_exclusion=reader.gift_exclusion(),
        form_1040=Form1040Lines(
            **reader.words("form_1040", "gain", "taxable_income", "tax", "qualified_dividends", "deduction")
        ),
        form_8949=Form8949Layout(
            rows_per_page=form_8949["rows_per_page"],
            boxes=reader.box_words(form_8949["boxes"]),
            **{name: BoxLetters(*form_8949[name]) for name in _LETTERS},
        ),
        schedule_d=ScheduleDWords(
            **reader.words("schedule_d", "broker_statement", "form_4952_question", "tax_instructions")
        ),
        sources=MappingProxyType(reader.sources),
    )
    reader.nothing_left()
    if year.unpublished and not year.is_provisional:
        raise InvalidYearData(f"{year.year}: {', '.join(year.unpublished)} missing, and provisional does not say so.")
    letters = {letter for name in _LETTERS for letter in form_8949[name]}
    if letters != set(year.form_8949.boxes):
        raise InvalidYearData(
            f"{year.year}, [form_8949.boxes]: must have words for exactly the boxes {sorted(letters)}."
        )
    return year


_LETTERS = ("short_term", "long_term", "digital_short_term", "digital_long_term")


class _Reader:
    """Takes tables from a file one by one, so that what nobody asked for is noticed."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._left = dict(data)
        self._year = data.get("year", "a year")
        self.sources: dict[str, Source] = {}

    def root(self, kind: type[Any], key: str) -> Any:
        value = self._left.pop(key, None)
        if not isinstance(value, kind):
            raise InvalidYearData(f"{self._year}: {key} is missing or not {kind.__name__}.")
        return value

    def table(self, name: str, *keys: str) -> dict[str, Any]:
        table = self._left.pop(name, None)
        if not isinstance(table, dict):
            raise InvalidYearData(f"{self._year}: table [{name}] is missing.")
        return self._checked(name, table, keys)

    def by_status(self, name: str) -> ByStatus:
        table = self.table(name, *_STATUSES)
        return MappingProxyType({status: Decimal(table[status.value]) for status in FilingStatus})

    def gift_exclusion(self) -> Decimal | None:
        """The figure of the year; None where the table is not there."""
        return Decimal(self.table("gift_exclusion", "amount")["amount"]) if "gift_exclusion" in self._left else None

    def published(self) -> PublishedFigures:
        """The figures of the year; a table that is not there is not published."""

        def of(name: str) -> ByStatus | None:
            return self.by_status(name) if name in self._left else None

        return PublishedFigures(
            brackets=self.brackets() if "brackets" in self._left else None,
            zero_rate_limit=of("zero_rate_limit"),
            fifteen_rate_limit=of("fifteen_rate_limit"),
            top_of_24_percent=of("top_of_24_percent"),
            standard_deduction=of("standard_deduction"),
            additional_standard_deduction=of("additional_standard_deduction"),
            form_6251=self.form_6251() if any(name.startswith("amt") for name in self._left) else None,
            tax_table_below=(Decimal(self.table("tax_table", "below")["below"]) if "tax_table" in self._left else None),
        )

    def senior_deduction(self) -> SeniorDeduction | None:
        """The table of 26 USC 151(d)(5)(C), in the years that have it; mfs has no part in it."""
        if "senior_deduction" not in self._left:
            return None
        statuses = [status for status in FilingStatus if status is not FilingStatus.MFS]
        names = [status.value for status in statuses]
        table = self.table("senior_deduction", "each", "reduced_by", "last_year", *names)
        return SeniorDeduction(
            each=Decimal(table["each"]),
            reduced_by=Decimal(table["reduced_by"]) / 100,
            over=MappingProxyType({status: Decimal(table[status.value]) for status in statuses}),
            last_year=table["last_year"],
        )

    def brackets(self) -> Mapping[FilingStatus, tuple[Bracket, ...]]:
        table = self.table("brackets", "rates", *_STATUSES)
        rates = [Decimal(rate) / 100 for rate in table["rates"]]
        schedules = {}
        for status in FilingStatus:
            uppers = [Decimal(upper) for upper in table[status.value]]
            if len(uppers) != len(rates) - 1 or uppers != sorted(set(uppers)) or rates != sorted(set(rates)):
                raise InvalidYearData(
                    f"{self._year}, [brackets] {status.value}: needs one rising limit fewer than rates."
                )
            schedules[status] = tuple(map(Bracket, rates, [*uppers, None]))
        return MappingProxyType(schedules)

    def form_6251(self) -> Form6251Figures:
        table = self.table("amt", "phase_out_rate", "schedule_2_line", "unpublished")
        return Form6251Figures(
            exemption=self.by_status("amt_exemption"),
            phase_out_starts=self.by_status("amt_phase_out_starts"),
            phase_out_rate=Decimal(table["phase_out_rate"]) / 100,
            rate_28_above=self.by_status("amt_rate_28_above"),
            schedule_2_line=str(table["schedule_2_line"]),
            unpublished=str(table["unpublished"]),
        )

    def words(self, name: str, *keys: str) -> dict[str, str]:
        return self._texts(name, self.table(name, *keys))

    def box_words(self, table: dict[str, Any]) -> Mapping[str, str]:
        letters = [key for key in table if key not in ("source", "url", "derived")]
        return MappingProxyType(self._texts("form_8949.boxes", self._checked("form_8949.boxes", table, letters)))

    def nothing_left(self) -> None:
        if self._left:
            raise InvalidYearData(f"{self._year}: unknown {', '.join(self._left)}.")

    def _texts(self, name: str, table: dict[str, Any]) -> dict[str, str]:
        for key, value in table.items():
            if not (isinstance(value, str) and value):
                raise InvalidYearData(f"{self._year}, [{name}]: {key} must be text.")
        return table

    def _checked(self, name: str, table: dict[str, Any], keys: tuple[str, ...] | list[str]) -> dict[str, Any]:
        table = dict(table)
        document, url, derived = table.pop("source", ""), table.pop("url", ""), table.pop("derived", False)
        if not document:
            raise InvalidYearData(f"{self._year}, [{name}]: has no source.")
        missing = [key for key in keys if key not in table]
        unknown = [key for key in table if key not in keys]
        if missing or unknown:
            wrong = [f"{key} is missing" for key in missing] + [f"{key} is unknown" for key in unknown]
            raise InvalidYearData(f"{self._year}, [{name}]: {', '.join(wrong)}.")
        self.sources[name] = Source(document, url, derived)
        return table
