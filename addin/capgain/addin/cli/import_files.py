"""`capgain import FILE… -o BOOK.xlsx`: exchange and broker files into the ledger."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.output_file import check_output, check_workbook_name, keep_to_this_run
from capgain.addin.cli.refusal import LedgerCommand

if TYPE_CHECKING:
    from capgain.workbook.importing.import_files import ImportResult
    from capgain.workbook.importing.outcomes import Unsettled


def source_zone(text: str) -> tuple[str, str]:
    """`FORMAT=ZONE`, such as `Kraken=UTC`. Raises BadParameter."""
    name, equals, zone = (part.strip() for part in text.partition("="))
    if not (name and equals and zone):
        raise click.BadParameter(f"{text!r} has no format and zone; write it as --source-zone Kraken=UTC.")
    return name, zone


def symbol_of_name(text: str) -> tuple[str, str]:
    """`NAME=SYMBOL`, such as `EXAMPLE INC. COMMON STOCK=EXM`. Raises BadParameter."""
    name, _, symbol = (part.strip() for part in text.rpartition("="))
    if not (name and symbol):
        raise click.BadParameter(f'{text!r} has no name and symbol; write it as --symbol "EXAMPLE INC=EXM".')
    return name, symbol


@click.command("import", cls=LedgerCommand)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "-o",
    "--output",
    "book",
    type=click.Path(path_type=Path),
    help="The workbook: a new one is written; to the Ledger of one that exists rows are added.",
)
@click.option(
    "--undo",
    "undone",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="BOOK",
    help="Take the rows of the last import into BOOK out again, if they were not changed.",
)
@click.option("--format", "formats", type=click.Path(path_type=Path), multiple=True, help="A mapping file of your own.")
@click.option("--account", default="", help="The account of rows whose file names none.")
@click.option("--time-zone", help="Tax zone, such as America/New_York, where Settings name none.")
@click.option(
    "--source-zone",
    "source_zones",
    type=source_zone,
    metavar="FORMAT=ZONE",
    multiple=True,
    help="Zone of a format's times, instead of the format's own.",
)
@click.option(
    "--date-order",
    type=click.Choice(["mdy", "dmy", "ymd"]),
    help="Order of dates such as 03/04/2025, where a file leaves it open.",
)
@click.option(
    "--decimals",
    type=click.Choice(["comma", "point"]),
    help="What stands before decimals, where a file leaves open what its commas are.",
)
@click.option("--prices", type=click.Path(path_type=Path), multiple=True, help="A price file for values a file lacks.")
@click.option(
    "--stablecoins",
    multiple=True,
    metavar="yes|COIN",
    help="Take stablecoins at one dollar where no price is known: yes, or their names.",
)
@click.option(
    "--lots",
    is_flag=True,
    help="Enter closed lots and sales of Forms 1099 that the ledger does not have, as Opening and Sell.",
)
@click.option(
    "--symbol",
    "symbols",
    type=symbol_of_name,
    metavar="NAME=SYMBOL",
    multiple=True,
    help="The symbol of a security that a Form 1099 or a list of closed lots calls by its name.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(
    files: tuple[Path, ...],
    book: Path | None,
    undone: Path | None,
    formats: tuple[Path, ...],
    account: str,
    time_zone: str | None,
    source_zones: tuple[tuple[str, str], ...],
    date_order: str | None,
    decimals: str | None,
    prices: tuple[Path, ...],
    stablecoins: tuple[str, ...],
    lots: bool,
    symbols: tuple[tuple[str, str], ...],
    as_json: bool,
) -> None:
    """Bring files of exchanges, wallets and brokers into the Ledger of a workbook.

    Importing the same file twice changes nothing, overlapping files add only what is new, and every row read is
    either in the ledger, ignored for a stated reason, or listed on the sheet Open Items. docs/importing.md lists the
    sources that are known; for others a mapping is drafted, on a terminal with questions.
    """
    from capgain.addin.cli.mapping_questions import ask_what_is_open, show_first_rows
    from capgain.workbook.importing.decimal_commas import Decimals
    from capgain.workbook.importing.import_files import import_files
    from capgain.workbook.importing.reading_files import UnknownFiles
    from capgain.workbook.whole_file import write_whole
    from capgain.workbook.written.date_orders import DateOrder

    if undone is not None:
        if files or book is not None:
            raise click.UsageError("--undo takes the workbook alone.")
        _undo(undone, as_json)
        return
    if not files or book is None:
        raise click.UsageError("Give the files, and the workbook with -o BOOK.xlsx.")
    from capgain.workbook.importing.kept_import import written_with

    check_workbook_name(book)
    if any(file.exists() and book.exists() and file.samefile(book) for file in files):
        raise click.UsageError(f"{book} is the workbook itself. Name the files to bring into it.")
    for written in written_with(book):
        keep_to_this_run(written)
    exists = book.exists()
    if not exists:
        check_output(book)
    bring_in = partial(
        import_files,
        files,
        into=book if exists else None,
        account=account,
        time_zone=time_zone,
        source_zones=dict(source_zones),
        prices=prices,
        lots=lots,
        stablecoins=stablecoins,
        symbols=dict(symbols),
        order=None if date_order is None else DateOrder(date_order),
        decimals=None if decimals is None else Decimals(decimals),
    )
    try:
        result = bring_in(output=book, formats=formats)
    except UnknownFiles as unknown:
        mappings = {
            book.parent / f"{Path(name).stem}.format.toml": draft for name, draft in unknown.open_drafts.items()
        }
        if as_json or not _is_a_person_there() or any(path.exists() for path in mappings):
            for path, draft in mappings.items():
                _keep_draft(path, draft.text())
            raise
        for path, draft in mappings.items():
            ask_what_is_open(path.name, draft)
            keep_to_this_run(path)
            write_whole(path, draft.text().encode("utf-8"))
        formats = (*formats, *mappings)
        show_first_rows(partial(bring_in, formats=formats))
        result = bring_in(output=book, formats=formats)
    if as_json:
        sys.stdout.write(import_document(result))
    else:
        _print(result)


def _undo(book: Path, as_json: bool) -> None:
    from capgain.addin.cli.terminal import console, printable
    from capgain.workbook.importing.kept_import import written_with
    from capgain.workbook.importing.undo import undo
    from capgain.workbook.written.words import counted

    for written in written_with(book):
        keep_to_this_run(written)
    done = undo(book)
    for sentence in done.told:
        console(sys.stderr).print(printable(sentence))
    if as_json:
        sys.stdout.write(json.dumps({"output": str(book), "rows_taken_out": done.rows, "whole": done.is_whole}) + "\n")
        return
    how = "; the workbook is what it was before it" if done.is_whole else "; everything else in the workbook stays"
    rows = counted(done.rows, "row")
    console(sys.stdout).print(f"{rows} of the last import taken out of {printable(str(book))}{how}.")


def _is_a_person_there() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _keep_draft(path: Path, draft: str) -> None:
    """Write a mapping file to fill in, unless there is one of that name already."""
    from capgain.addin.cli.terminal import console, printable
    from capgain.workbook.whole_file import write_whole

    errors = console(sys.stderr)
    keep_to_this_run(path)
    if path.exists():
        errors.print(f"{printable(str(path))} is there already; give it with --format once it is filled in.")
        return
    write_whole(path, draft.encode("utf-8"))
    errors.print(f"Wrote a draft of its mapping to {printable(str(path))}: fill it in and add --format {path.name}.")


def import_document(result: ImportResult) -> str:
    """The JSON document of an import: what each file came to, and what is left to settle."""
    document = {
        "output": str(result.output),
        "rows_added": result.rows_added,
        "duplicates": result.duplicates,
        "types": dict(result.types),
        "files": [
            {
                "name": file.name,
                "format": file.format,
                "rows_read": file.rows_read,
                "ledger": file.ledger,
                "ignored": file.ignored,
                "problems": file.problems,
                "kinds": [
                    {"kind": kind, "became": became, "rows": rows} for (kind, became), rows in file.kinds.items()
                ],
                "reasons": dict(file.reasons),
            }
            for file in result.files
        ],
        "unmatched": [_open_item(item) for item in result.unmatched],
        "problems": [_open_item(item) for item in result.problems],
        "notices": list(result.notices),
    }
    return json.dumps(document, indent=1) + "\n"


def _open_item(item: Unsettled) -> dict[str, object]:
    return {
        "file": item.places[0].file,
        "row": item.places[0].line,
        "kind": item.kind,
        "message": item.message,
        "remedy": item.remedy,
        "partner": item.partner,
    }


def _without_places(reasons: Mapping[str, int]) -> Counter[str]:
    """The reasons counted, those of duplicates without the row that each is in already."""
    counted: Counter[str] = Counter()
    for reason, rows in reasons.items():
        counted[reason.partition(", ")[0] if reason.startswith("already in ") else reason] += rows
    return counted


def _print(result: ImportResult) -> None:
    from capgain.addin.cli.tables import plain_table
    from capgain.addin.cli.terminal import console, printable
    from capgain.workbook.written.words import counted

    screen = console(sys.stdout)
    table = plain_table()
    table.add_column("File")
    table.add_column("Format")
    for heading in ("Rows", "Ledger", "Ignored", "To settle"):
        table.add_column(heading, justify="right")
    for file in result.files:
        counts = (file.rows_read, file.ledger, file.ignored, file.problems)
        table.add_row(printable(file.name), file.format, *(f"{count:,}" for count in counts))
    screen.print(table)
    for file in result.files:
        for reason, rows in _without_places(file.reasons).items():
            screen.print(f"  {printable(file.name)}: {counted(rows, 'row')} ignored: {printable(reason)}")
    for notice in result.notices:
        screen.print(printable(notice))
    for heading, items in (("Transfers without a partner", result.unmatched), ("To settle", result.problems)):
        if items:
            screen.print(f"{heading} (sheet Open Items):")
            for item in items:
                screen.print(f"  {printable(str(item))}")
                if item.partner:
                    screen.print(f"    Likely partner: {printable(item.partner)}")
    screen.print(f"{counted(result.rows_added, 'row')} added to the Ledger of {printable(str(result.output))}")
