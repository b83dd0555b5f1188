"""The rows of Form 8949 in the JSON document, one object a row, written directly.

A hundred thousand of them are most of a document: a row is taken apart once, each figure is put into words once, and
what the lots of a sale share is put into words once a sale.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from json.encoder import encode_basestring_ascii as in_json

from capgain.engine.classes import Term
from capgain.engine.forms.description import after_units, describe, describes_units, id_in_print
from capgain.engine.forms.printed_words import may_have_words, printed_day, printed_words
from capgain.engine.money import cents_text
from capgain.engine.results.dispositions import ADJUSTMENTS, Disposition, Kind
from capgain.engine.units import quantity_text

quoted = functools.cache(json.dumps)
"""Names of assets, accounts and lots recur on thousands of rows."""

_BEFORE_WASH, _AFTER_WASH = ", ".join(f'"{part}": "{"|" if part == "W" else "0.00"}"' for part in ADJUSTMENTS).split(
    "|"
)
"""The parts of column (g) around that of a wash sale, where it is the only one."""


def disposition_rows(rows: Iterable[Disposition], ids: Mapping[int, str]) -> Iterator[str]:
    """The objects in order. `ids` are the transaction ids of rows of the ledger that have one."""
    days: dict[date, tuple[str, str]] = {}
    short_ends: dict[str, str] = {}
    long_ends: dict[str, str] = {}
    sale: tuple[object, ...] = ()
    sold_before: date | None = None
    opening = sold_text = units_said = sold_printed = ""
    has_words = says_units = False
    for disposition in rows:
        (
            row, kind, asset, account, asset_class, units, acquired, acquired_text, _, sold,
            proceeds, basis, codes, adjustment, wash, term, box, lot_row, lot, form,
        ) = disposition  # fmt: skip
        if sold != sold_before or disposition[:5] != sale:
            sale, sold_before = disposition[:5], sold
            opening = f'{{"row": {row}, "asset": {quoted(asset)}, "account": {quoted(account)}, "quantity": "'
            sold_text = f'"sold": {_sold(kind, sold)}'
            sold_printed = printed_day(sold)
            says_units = describes_units(kind)
            units_said = in_json(after_units(kind, asset, asset_class, id_in_print(ids.get(row, ""))))[1:]
            has_words = may_have_words(kind)
        quantity = quantity_text(units)
        day = days.get(acquired)
        if day is None:
            day = days[acquired] = f'"{acquired.isoformat()}"', printed_day(acquired)
        acquired_json, b = day
        c = sold_printed
        d = proceeds_text = cents_text(proceeds)
        e = basis_text = cents_text(basis)
        wash_text = adjustment_text = cents_text(wash)
        if adjustment != wash:
            adjustment_text = cents_text(adjustment)
        if acquired_text:
            acquired_json = quoted(acquired_text)
        if has_words or acquired_text:
            words = printed_words(disposition)
            b, c, d, e = words.get("b", b), words.get("c", c), words.get("d", d), words.get("e", e)
        a = f'"{quantity}{units_said}' if says_units else in_json(describe(disposition))
        ends = long_ends if term is Term.LONG else short_ends
        end = ends.get(box)
        if end is None:
            end = ends[box] = f'", "term": "{term.value}", "box": "{box}", "lot_row": '
        if form is None and adjustment == wash:
            correct = (
                f'"net_proceeds": "{proceeds_text}", "correct_basis": "{basis_text}", "form_1099_row": null, '
                f'"adjustments": {{{_BEFORE_WASH}{wash_text}{_AFTER_WASH}}}'
            )
        else:
            correct = _correct(disposition)
        yield (
            f'{opening}{quantity}", "acquired": {acquired_json}, {sold_text}, "proceeds": "{proceeds_text}", '
            f'"basis": "{basis_text}", "code": {quoted(codes)}, "adjustment": "{adjustment_text}", '
            f'"gain": "{cents_text(proceeds - basis + adjustment)}{end}{lot_row}, "lot": {quoted(lot)}, '
            f'"wash_disallowed": "{wash_text}", {correct}, '
            f'"printed": {{"a": {a}, "b": "{b}", "c": "{c}", "d": "{d}", "e": "{e}"}}}}'
        )


def _sold(kind: Kind, sold: date) -> str:
    """Blank where a gain is deferred into an opportunity fund, as on the form."""
    return '""' if kind is Kind.QOF_DEFERRAL else f'"{sold.isoformat()}"'


def _correct(row: Disposition) -> str:
    """The figures as worked out, and what the parts of column (g) are for."""
    form = row.on_1099
    parts = ", ".join([f'"{code}": "{cents_text(amount)}"' for code, amount in row.adjustments.items()])
    return (
        f'"net_proceeds": "{cents_text(row.net_cents)}", "correct_basis": "{cents_text(row.correct_basis_cents)}", '
        f'"form_1099_row": {form.row if form is not None and form.row else "null"}, "adjustments": {{{parts}}}'
    )
