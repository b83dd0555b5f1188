"""LEDGER and the options that every command on a ledger shares."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import click

from capgain.addin.cli.arguments import day, method_option, tax_year, word_option
from capgain.workbook.written.words import STATUSES

if TYPE_CHECKING:
    from capgain.addin.cli.terminal import Stages
    from capgain.engine.ledger import Price
    from capgain.engine.report import TaxReport
    from capgain.engine.settings import Settings
    from capgain.workbook.reading import LedgerFile

P = ParamSpec("P")
R = TypeVar("R")

ALL_YEARS = 0


def year_or_all(text: str) -> int:
    """A tax year of four digits, or ALL_YEARS for `all`. Raises BadParameter."""
    return ALL_YEARS if text.strip().lower() == "all" else tax_year(text)


def setting_pair(text: str) -> str:
    """`NAME=VALUE`, as a row of the Settings or Accounts sheet would say it. Raises BadParameter."""
    name, equals, _ = text.partition("=")
    if not equals or not name.strip():
        raise click.BadParameter(f'{text!r} has no name and value; write it as --set "NAME=VALUE".')
    return text


@dataclass(frozen=True, slots=True)
class LedgerRequest:
    """What was asked of a ledger. `year` None: not said; ALL_YEARS: every year. `today` None: this machine's date."""

    path: Path
    year: int | None
    status: str | None
    method: str | None
    settings: tuple[str, ...]
    as_json: bool
    forms_1099: Path | None = None
    today: date | None = None

    @property
    def single_year(self) -> int | None:
        """The one year asked for on the command line."""
        return self.year or None

    @property
    def is_long(self) -> bool:
        """Whether the file takes long enough for progress to be shown."""
        from capgain.addin.cli.terminal import LONG_FILE

        return self.path.is_file() and self.path.stat().st_size > LONG_FILE

    def read(self, today: date | None = None) -> LedgerFile:
        """The ledger file with `--set`, `--status` and `--method` in force; dates after `today` are warned of.

        Raises UnreadableFile.
        """
        from capgain.workbook.balances import with_balances_compared
        from capgain.workbook.reading import read_ledger_file

        named = [f"{name}={value}" for name, value in self._named().items()]
        read = functools.partial(read_ledger_file, self.path, today=today or self.today, forms_1099=self.forms_1099)
        file = read(overrides=(*named, *self.settings))
        more_specific = self._more_specific(file.ledger.settings)
        if more_specific:
            file = read(overrides=(*named, *more_specific, *self.settings))
        return with_balances_compared(file)

    def _named(self) -> dict[str, str]:
        named = {}
        if self.status:
            named["Filing Status"] = self.status
        if self.method:
            named["Method"] = self.method
        return named

    def _more_specific(self, settings: Settings) -> list[str]:
        """Settings by year or class that would otherwise win over `--status` and `--method`."""
        found = []
        if self.status:
            found += [f"Filing Status {year}={self.status}" for year in settings.filing_status.years]
        if self.method:
            found += [f"Method {year}={self.method}" for year in settings.method.years]
            for asset_class, by_year in settings.method_by_class.items():
                name = f"Method {asset_class.value.title()}"
                found += [f"{name}={self.method}", *(f"{name} {year}={self.method}" for year in by_year.years)]
        return found

    def read_with(self, price_files: Sequence[Path]) -> LedgerFile:
        """As `read`, with the prices of these files beside those of the sheet Prices."""
        from capgain.workbook.importing.price_files.beside_a_ledger import with_price_files

        return with_price_files(self.read(), price_files)

    def read_to_plan(self, price_files: Sequence[Path], prices: Sequence[Price] = ()) -> LedgerFile:
        """As `read_with`, for a command that shows no list of problems: those of prices go to standard error.

        `prices` are those of the command line, which stand after the ledger's.
        """
        from capgain.addin.cli.problem_list import print_problems
        from capgain.addin.cli.terminal import console

        file = self.read_with(price_files)
        print_problems(
            console(sys.stderr),
            [one for one in file.ledger.problems if one.sheet.casefold() == "prices" and not one.is_error],
        )
        return replace(file, ledger=replace(file.ledger, prices=(*file.ledger.prices, *prices)))

    def compute(self, file: LedgerFile, advance: Stages | None = None) -> TaxReport:
        """The report, through the year asked for; open lots stand at its end."""
        from capgain.engine.compute import compute

        year = self.single_year
        as_of = date(year, 12, 31) if year else None
        progress = functools.partial(advance, "Matching lots") if advance else None
        return compute(file.ledger, through=year, lots_as_of=as_of, today=self.today, progress=progress)

    def read_and_compute(self, price_files: Sequence[Path] = ()) -> tuple[LedgerFile, TaxReport]:
        """Both, with progress on a terminal where the ledger is long. Raises UnreadableFile."""
        from capgain.addin.cli.terminal import stages

        with stages(wanted=self.is_long) as advance:
            advance("Reading", 0, 0)
            file = self.read_with(price_files) if price_files else self.read()
            return file, self.compute(file, advance)

    def year_shown(self, report: TaxReport) -> int | None:
        """The year that people are shown: asked for, else the report's default year. None means every year."""
        return self.single_year if self.year is not None else report.default_year(self.today)


def ledger_options(function: Callable[Concatenate[LedgerRequest, P], R]) -> Callable[..., R]:
    """Give a command the argument LEDGER, the settings and --json, packed into a LedgerRequest."""

    @click.argument("ledger", type=click.Path(path_type=Path))
    @word_option("--status", STATUSES, help="Filing status of every year.")
    @method_option
    @click.option(
        "--set",
        "settings",
        type=setting_pair,
        metavar="NAME=VALUE",
        multiple=True,
        help="A setting or an account: 'Taxable Income 2025=84000', 'Account IRA1=ira'. May be repeated.",
    )
    @click.option(
        "--1099",
        "forms_1099",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="What brokers reported, with the columns of sheet 1099 (a CSV file beside a CSV ledger).",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    @functools.wraps(function)
    def packed(
        ledger: Path,
        status: str | None,
        method: str | None,
        settings: tuple[str, ...],
        forms_1099: Path | None,
        as_json: bool,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        year, today = kwargs.pop("year", None), kwargs.pop("today", None)
        assert year is None or isinstance(year, int)
        assert today is None or isinstance(today, date)
        request = LedgerRequest(ledger, year, status, method, settings, as_json, forms_1099, today)
        return function(request, *args, **kwargs)

    return packed


year_option = click.option("--year", type=year_or_all, metavar="YEAR|all", help="Tax year, or 'all'.")
"""`--year` for a command with `ledger_options`: it becomes `LedgerRequest.year`."""

as_of_option = click.option(
    "--as-of", "today", type=day, metavar="DATE", help="The day that tells whether the year is over; else today."
)
"""`--as-of` for a command with `ledger_options`: it becomes `LedgerRequest.today`."""
