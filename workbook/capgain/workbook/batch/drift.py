"""Years that were filed or signed off, against what the ledger gives for them now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from capgain.engine.compute import compute
from capgain.engine.money import cents_text, to_cents
from capgain.engine.report import TaxReport
from capgain.engine.stated_figures import filed_otherwise
from capgain.workbook.batch.figures import amounts_of
from capgain.workbook.batch.private import without_persons
from capgain.workbook.batch.record import Drift, SignedOff
from capgain.workbook.handoff.closing import Closing, HeldThen
from capgain.workbook.handoff.manifest import NAME as MANIFEST
from capgain.workbook.handoff.staging import WORKPAPERS
from capgain.workbook.report.kept_entries import CHANGED
from capgain.workbook.xlsx.unreadable import UnreadableFile, read_bytes
from capgain.workbook.xlsx.values import workbook_values

_COMPARED = {
    "6": "Schedule D line 6",
    "7": "Schedule D line 7",
    "14": "Schedule D line 14",
    "15": "Schedule D line 15",
    "16": "Schedule D line 16",
    "21": "Schedule D line 21",
    "carryover_short": "Carryover short",
    "carryover_long": "Carryover long",
    "wash": "Wash sales disallowed",
}
"""Amounts of a package's manifest, and what each is called."""

_NOTHING = HeldThen(Decimal(0), Decimal(0))


def drift_from_filed(report: TaxReport, before: int) -> Iterator[Drift]:
    """Settings `Filed ...` of years before `before` that the ledger does not give."""
    for year, found in report.years.items():
        if year < before:
            for name, filed, now in filed_otherwise(report.ledger.settings, found):
                yield Drift(year, name, cents_text(to_cents(filed)), cents_text(to_cents(now)))


def signed_off(folder: Path, before: Mapping[int, SignedOff]) -> dict[int, SignedOff]:
    """By year, what was last signed off: `before`, with the package in `folder` as it was left by its reviewer.

    A signature that is still the one of `before`, or has the mark of figures that moved, tells of what was signed
    then. One that was taken away withdraws it.
    """
    known = dict(before)
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        year = int(manifest["tax_year"])
        numbers = {name: str(amount) for name, amount in manifest["numbers"].items() if name in _COMPARED}
        closing = Closing.read(year, manifest["closing"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return known
    signature = signature_in(folder / WORKPAPERS)
    if not signature:
        known.pop(year, None)
    elif signature[0].endswith(CHANGED) or closing is None or (year in known and known[year].signature == signature):
        return known
    else:
        known[year] = SignedOff(signature, numbers, closing.document())
    return known


def with_signature(signed: Mapping[int, SignedOff], year: int, signature: tuple[str, ...]) -> dict[int, SignedOff]:
    """What was signed off, with the reviewer's entry as the package of `year` has it that was made since."""
    found = dict(signed)
    if year in found:
        found[year] = replace(found[year], signature=signature)
    return found


def drift_from_signed(report: TaxReport, signed: Mapping[int, SignedOff]) -> Iterator[Drift]:
    """Where the ledger now gives other figures, or other lots at the end of a year, than were signed off."""
    for year, told in sorted(signed.items()):
        found = report.years.get(year)
        if found is None:
            continue
        now = amounts_of(report, found)
        for key, name in _COMPARED.items():
            if key in told.numbers and key in now and told.numbers[key] != now[key]:
                yield Drift(year, f"Signed off: {name}", told.numbers[key], now[key])
        yield from _lots_drift(report, year, told)


def _lots_drift(report: TaxReport, year: int, told: SignedOff) -> Iterator[Drift]:
    then = Closing.read(year, told.closing)
    assert then is not None
    at_its_end = compute(report.ledger, through=year, lots_as_of=date(year, 12, 31))
    now = Closing.of(at_its_end, year)
    for place in sorted({*then.held, *now.held}):
        before, after = then.held.get(place, _NOTHING), now.held.get(place, _NOTHING)
        named = without_persons("{} in {}".format(*place), report.ledger.settings)
        if before.units != after.units:
            yield Drift(year, f"Signed off: units of {named}", _plain(before.units), _plain(after.units))
        filed, gives = cents_text(to_cents(before.basis)), cents_text(to_cents(after.basis))
        if filed != gives:
            yield Drift(year, f"Signed off: basis of {named}", filed, gives)


def _plain(units: Decimal) -> str:
    return format(units.normalize(), "f")


def signature_in(workpapers: Path) -> tuple[str, ...]:
    """What stands beside `Reviewed by`: who signed a package's workbook, and when; nothing where nobody did."""
    try:
        with workbook_values(workpapers, read_bytes(workpapers)) as values:
            for sheet in list(values.parts.sheets)[:2]:
                for row in values.rows(sheet):
                    texts = ["" if cell is None else str(cell).strip() for cell in row]
                    if "Reviewed by" in texts:
                        return tuple(filter(None, texts[texts.index("Reviewed by") + 1 :]))
    except UnreadableFile:
        return ()
    return ()
