"""`capgain harvest LEDGER --sell LOT=UNITS`, `--ticked`: the year's return now and with the planned sales."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capgain.addin.cli.arguments import ALL, units

if TYPE_CHECKING:
    from capgain.addin.cli.ledger import LedgerRequest
    from capgain.engine.ledger import Ledger, Price
    from capgain.engine.planning.ticked import Planned, PlannedSale, ReturnLines, Tick

LINES = (
    ("7", "Net short-term gain or (loss) (line 7)"),
    ("15", "Net long-term gain or (loss) (line 15)"),
    ("16", "Net gain or (loss) (line 16)"),
    ("21", "Loss deducted from other income (line 21)"),
    ("carry_short", "Short-term loss carried into the next year"),
    ("carry_long", "Long-term loss carried into the next year"),
    ("taxable_income", "Taxable income"),
    ("tax", "Federal tax"),
)


def show_planned(
    request: LedgerRequest,
    as_of: date | None,
    sales: Sequence[tuple[str, str]],
    prices: Sequence[Price],
    price_files: Sequence[Path],
    *,
    ticked: bool,
) -> None:
    """Print what the sales would do; with `ticked` those of the sheet Harvest, compared with what it shows."""
    from capgain.engine.planning.ticked import planned
    from capgain.workbook.reading.ticks import read_ticks

    ledger = request.read_to_plan(price_files, prices).ledger
    shown: Mapping[str, Decimal] = {}
    ticks: Sequence[Tick]
    if ticked:
        sheet = read_ticks(request.path)
        day, ticks, shown = as_of or sheet.as_of, sheet.ticks, sheet.shown
    else:
        day = as_of or date.today()
        ticks = _ticks(ledger, day, sales)
    found = planned(ledger, day, ticks)
    difference = _difference(found, shown) if ticked else None
    if request.as_json:
        sys.stdout.write(json.dumps(planned_document(found, difference), indent=1) + "\n")
    else:
        _print(found, request.path.name, difference)


def _ticks(ledger: Ledger, day: date, sales: Sequence[tuple[str, str]]) -> list[Tick]:
    from capgain.engine.compute import compute
    from capgain.engine.planning.contracts_at_price import at_prices
    from capgain.engine.planning.copies import booked_by
    from capgain.engine.planning.prices import prices_on
    from capgain.engine.planning.refused import PlanRefused
    from capgain.engine.planning.ticked import LotKey, Tick, lots_named
    from capgain.engine.problems import InvalidLedger

    report = compute(at_prices(booked_by(ledger, day), day.year, day), through=day.year, lots_as_of=day)
    if report.has_errors:
        raise InvalidLedger(report.problems)
    known = prices_on(ledger.prices, day)
    ticks: dict[LotKey, Tick] = {}
    for name, amount in sales:
        lot = lots_named(report.open_lots, name)[0]
        price = known.get(lot.asset.casefold())
        if price is None:
            raise PlanRefused(
                f"{lot.asset} has no price on or before {day:%m/%d/%Y}. Add it to the sheet Prices, or say it: --price "
                f"{lot.asset}=90."
            )
        key = LotKey.of(lot)
        if key in ticks:
            raise PlanRefused(f"{name!r} is named twice. Say its units once.")
        ticks[key] = Tick(key, lot.asset, price.price, None if amount.casefold() == ALL else units(amount))
    return list(ticks.values())


def _by_key(lines: ReturnLines) -> Mapping[str, Decimal | None]:
    return {
        "7": lines.line_7,
        "15": lines.line_15,
        "16": lines.line_16,
        "21": lines.line_21,
        "carry_short": lines.carry_short,
        "carry_long": lines.carry_long,
        "taxable_income": lines.taxable_income,
        "tax": lines.tax,
    }


def _difference(found: Planned, shown: Mapping[str, Decimal]) -> Decimal:
    """The largest difference of a line that the sheet shows to the engine's."""
    then = _by_key(found.then)
    gaps = [abs(abs(shown[key]) - abs(value)) for key, value in then.items() if value is not None and key in shown]
    return max(gaps, default=Decimal(0))


def planned_document(found: Planned, difference: Decimal | None) -> Mapping[str, Any]:
    """The JSON document; amounts that cannot be told are null, and `missing` says why."""
    from capgain.addin.cli.figures import amount_or_null

    document = {
        "as_of": found.as_of.isoformat(),
        "year": found.at_hand.year,
        "filing_status": found.at_hand.status.value,
        "sold": [_sold_object(sale) for sale in found.sold],
        "now": {key: amount_or_null(value) for key, value in _by_key(found.now).items()},
        "then": {key: amount_or_null(value) for key, value in _by_key(found.then).items()},
        "tax_saved": amount_or_null(found.tax_saved),
        "missing": found.at_hand.missing,
        "notes": list(found.notes),
    }
    return document if difference is None else document | {"difference": amount_or_null(difference)}


def _sold_object(sale: PlannedSale) -> Mapping[str, Any]:
    from capgain.addin.cli.figures import amount_text, decimal_text

    key = sale.tick.key
    return {
        "asset": sale.tick.asset,
        "account": key.account,
        "row": key.row,
        "lot": key.lot,
        "acquired": key.acquired.isoformat(),
        "units": decimal_text(sale.units),
        "price": decimal_text(sale.tick.price),
        "result": amount_text(sale.result),
        "not_allowed": amount_text(sale.not_allowed),
        "short": amount_text(sale.short),
        "long": amount_text(sale.long),
        "term": sale.term.value,
    }


def _print(found: Planned, source: str, difference: Decimal | None) -> None:
    from capgain.addin.cli.figures import UNKNOWN, day_text, decimal_text, dollars_or_unknown
    from capgain.addin.cli.plan_screen import print_missing, print_notes
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.addin.cli.terminal import console, printable
    from capgain.engine.money import dollars

    screen = console(sys.stdout)
    title = f"Planned sales on {day_text(found.as_of)}  {found.at_hand.status.value}  {printable(source)}"
    screen.print(title, style="bold", end="\n\n")
    headings = [("Asset", LEFT), ("Account", LEFT), ("Row", RIGHT), ("Lot", LEFT), ("Units", RIGHT), ("Price", RIGHT)]
    headings += [("Result", RIGHT), ("Not allowed", RIGHT), ("Term", LEFT)]
    rows = []
    for sale in found.sold:
        key = sale.tick.key
        cells = [sale.tick.asset, key.account, str(key.row), key.lot, decimal_text(sale.units)]
        cells += [decimal_text(sale.tick.price), dollars(sale.result)]
        rows.append([*cells, dollars(sale.not_allowed) if sale.not_allowed else "", sale.term.value])
    if rows:
        print_table(screen, headings, rows)
    else:
        screen.print("Nothing is ticked.")
    screen.print()
    now, then = _by_key(found.now), _by_key(found.then)
    compared = []
    for line, words in LINES:
        before, after = now[line], then[line]
        change = UNKNOWN if before is None or after is None else dollars(after - before)
        compared.append([words, dollars_or_unknown(before), dollars_or_unknown(after), change])
    print_table(screen, [("", LEFT), ("Now", RIGHT), ("With the sales", RIGHT), ("Change", RIGHT)], compared)
    screen.print()
    if found.tax_saved is not None:
        screen.print(f"Federal tax saved this year: {dollars(found.tax_saved)}", style="bold")
    if difference is not None:
        screen.print(f"difference {dollars(difference)}")
        if difference:
            screen.print(
                "The sheet shows other figures: open it, let it recalculate, and save it.", style="bold yellow"
            )
    print_missing(screen, found.at_hand)
    print_notes(screen, found.notes)
