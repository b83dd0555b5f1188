"""Rows about gains invested in qualified opportunity funds, one small function for each type."""

from __future__ import annotations

import re
from decimal import Decimal

from capgain.engine.classes import Term
from capgain.engine.money import ZERO
from capgain.engine.transactions import QOFDeferral, QOFInclusion
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.reading.row_terms import day
from capgain.workbook.written.misread import Misread, is_blank
from capgain.workbook.written.words import TERMS, plain

_EIN = re.compile(r"\d{2}-\d{7}")


def qof_deferral(cells: LedgerCells, i: int) -> QOFDeferral:
    """Kind is the term of the gain, Acquired its day (blank: Date), Amount what was invested of it."""
    _check_ein(cells, i)
    stated = None if is_blank(cells.raw("Acquired")[i]) else day(cells, i, "Acquired")
    return QOFDeferral(
        **cells.entry(i),
        amount=_needed(cells, i),
        lot=cells.lot[i] or cells.id[i],
        term=_term(cells, i),
        gain_day=stated or cells.at(i).date(),
    )


def qof_inclusion(cells: LedgerCells, i: int) -> QOFInclusion:
    """Amount is the gain recognised now; Basis, where stated, the deferred gain that the event settles."""
    _check_ein(cells, i)
    return QOFInclusion(
        **cells.entry(i), amount=_needed(cells, i), lot=cells.lot[i], deferred=cells.dollars(i, "Basis")
    )


def _needed(cells: LedgerCells, i: int) -> Decimal:
    amount = cells.dollars(i, "Amount")
    if amount is None and is_blank(cells.raw("Amount")[i]):
        cells.missing(i, "Amount", "the gain in dollars")
    return amount or ZERO


def _term(cells: LedgerCells, i: int) -> Term:
    text = cells.text(i, "Kind")
    if not text:
        cells.missing(i, "Kind", "long or short, as the gain was")
        return Term.LONG
    if "1231" in text:
        cells.wrong(
            i,
            "Kind",
            Misread(
                "A gain of section 1231 takes two rows of Form 8949 with codes O and Z, which are not supported.",
                "Enter it on Forms 4797 and 8949 outside this workbook, and leave the row out.",
                "UNSUPPORTED_KIND",
            ),
        )
        return Term.LONG
    term = TERMS.find(plain(text))
    if term is None:
        cells.wrong(i, "Kind", Misread(f"{text} is no term of a gain.", "Use long or short.", "UNKNOWN_KIND"))
    return term or Term.LONG


def _check_ein(cells: LedgerCells, i: int) -> None:
    if cells.asset[i] and not _EIN.fullmatch(cells.asset[i]):
        cells.wrong(
            i,
            "Asset",
            Misread(
                f"{cells.asset[i]} is not the employer identification number of a fund.",
                "Enter the EIN alone, such as 12-3456789: column (a) of Form 8949 takes nothing else.",
                "QOF_EIN",
            ),
        )
