"""Codes and adjustments of a row of Form 8949 in sentences: columns (f) and (g), wash sales, a broker's figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from capgain.engine.explanation import day, dollars
from capgain.engine.money import from_cents
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Disposition
from capgain.engine.results.wash_sales import WashSale
from capgain.engine.units import quantity_text

_CODES: Mapping[str, str] = {
    "B": "the basis reported by the broker is wrong",
    "C": "a collectible",
    "D": "accrued market discount",
    "E": "selling expenses or option premiums not in the broker's figures",
    "H": "gain on a main home excluded",
    "L": "a loss that may not be deducted",
    "M": "several transactions on one row",
    "N": "received as a nominee for somebody else",
    "O": "another adjustment",
    "P": "a nonresident's sale of a partnership interest",
    "Q": "gain on small business stock excluded",
    "R": "gain rolled over",
    "S": "a loss on small business stock above the ordinary limit",
    "T": "the broker reported the wrong term",
    "W": "a wash sale",
    "X": "exclusion for DC Zone or qualified community assets",
    "Y": "gain deferred in a qualified opportunity fund now recognised",
    "Z": "gain deferred into a qualified opportunity fund",
}


MOST_MATCHES = 6
"""Purchases told one by one that replaced a loss, and losses that one purchase replaced; of more, the sum."""


class Matched(NamedTuple):
    """What a sale and a purchase have to do with each other: of how many units, and of how much loss.

    `wash` is one of the matches and stands for what all of them share.
    """

    wash: WashSale
    units: int
    cents: int

    def with_more(self, wash: WashSale) -> Matched:
        return Matched(self.wash, self.units + wash.units, self.cents + wash.disallowed_cents)


@dataclass(frozen=True, slots=True)
class WashSales:
    """The ledger's wash sales by the rows they concern.

    Matches of one sale from one lot with one purchase are told as one. `moved_in` are the losses that a purchase took
    up, in cents; `lines` counts the rows of Form 8949 that one sale has from one lot: which of them had the loss that a
    purchase replaced is not told apart.
    """

    by_loss: Mapping[tuple[int, int], Mapping[tuple[int, bool, bool], Matched]] = field(default_factory=dict)
    by_replacement: Mapping[int, Mapping[int, Matched]] = field(default_factory=dict)
    moved_in: Mapping[int, int] = field(default_factory=dict)
    lines: Mapping[tuple[int, int], int] = field(default_factory=dict)
    told: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, report: TaxReport) -> WashSales:
        by_loss: defaultdict[tuple[int, int], dict[tuple[int, bool, bool], Matched]] = defaultdict(dict)
        by_replacement: defaultdict[int, dict[int, Matched]] = defaultdict(dict)
        moved_in: Counter[int] = Counter()
        for wash in report.wash_sales:
            _add(by_loss[wash.loss_row, wash.loss_lot_row], (wash.replacement_row, wash.by_sale, wash.permanent), wash)
            taken_up = by_replacement[wash.replacement_row]
            if not wash.permanent:
                _add(taken_up, wash.loss_row, wash)
                moved_in[wash.replacement_row] += wash.disallowed_cents
        lines = Counter((row.row, row.lot_row) for year in report.years.values() for row in year.dispositions)
        return cls(by_loss, by_replacement, moved_in, lines)

    def replaced(self, row: Disposition) -> tuple[str, ...]:
        """What replaced the shares of a row's loss, in sentences."""
        key = row.row, row.lot_row
        if key not in self.told:
            self.told[key] = tuple(_replaced(self.by_loss.get(key, {}), self.lines.get(key, 1)))
        return self.told[key]


K = TypeVar("K")


def _add(matches: dict[K, Matched], key: K, wash: WashSale) -> None:
    known = matches.get(key)
    matches[key] = Matched(wash, wash.units, wash.disallowed_cents) if known is None else known.with_more(wash)


def moved_in_sentences(row: Disposition, wash_sales: WashSales) -> Iterator[str]:
    """Losses that an earlier wash sale moved into this row's lot."""
    matches = wash_sales.by_replacement.get(row.lot_row, {})
    of_itself = matches.get(row.row)
    others = len(matches) - (of_itself is not None)
    if others > MOST_MATCHES:
        cents = wash_sales.moved_in[row.lot_row] - (0 if of_itself is None else of_itself.cents)
        yield (
            f"The lot of row {row.lot_row} replaced shares sold at a loss on {others:,} rows, the first of them row "
            f"{next(loss_row for loss_row in matches if loss_row != row.row)}: {dollars(from_cents(cents))} of those "
            "losses are in the basis of its units (26 USC 1091(d))."
        )
        return
    for loss_row, match in matches.items():
        if loss_row != row.row:
            yield (
                f"The lot of row {row.lot_row} replaced shares sold at a loss on row {loss_row}: "
                f"{dollars(from_cents(match.cents))} of that loss is in the basis of {quantity_text(match.units)} "
                "units (26 USC 1091(d))."
            )


def adjustment_sentences(row: Disposition, wash_sales: WashSales) -> Iterator[str]:
    """Why a row has a code in column (f) and an amount in (g)."""
    words = "; ".join(f"{code}: {_CODES.get(code, 'see the instructions')}" for code in row.codes)
    yield f"Column (f) {row.codes} ({words}); column (g) {dollars(row.adjustment)}."
    yield from _corrections(row)
    yield from wash_sales.replaced(row)


def _replaced(matches: Mapping[tuple[int, bool, bool], Matched], lines: int) -> Iterator[str]:
    loss = "the loss" if lines == 1 else f"the losses on the {lines:,} rows of this sale from that lot"
    if len(matches) > MOST_MATCHES:
        yield from _replaced_in_all(matches.values(), loss)
        return
    for wash, units, cents in matches.values():
        disallowed = f"{dollars(from_cents(cents))} of {loss} is disallowed"
        where = f" in {wash.replacement_account}" if wash.replacement_account else ""
        bought = (
            f"{quantity_text(units)} {wash.replacement_asset} bought{where} on {day(wash.acquired)} (row "
            f"{wash.replacement_row}) stand within 30 days of the sale"
        )
        if wash.by_sale:
            yield (
                f"{disallowed} and nothing takes it up: {quantity_text(units)} {wash.replacement_asset} were "
                f"sold{where} on {day(wash.acquired)} (row {wash.replacement_row}), within 30 days of closing the "
                "short sale (26 USC 1091(e)(1))."
            )
        elif wash.permanent:
            yield f"{disallowed} for good: {bought}, in an IRA (Rev. Rul. 2008-5)."
        else:
            yield f"{disallowed} and moves into the basis of the replacement: {bought} (26 USC 1091)."


def _replaced_in_all(matches: Iterable[Matched], loss: str) -> Iterator[str]:
    """The same of more purchases than are told one by one."""
    moved: dict[str, list[Matched]] = {}
    for match in matches:
        if match.wash.by_sale:
            what = "and nothing takes it up: sales on rows {} stand within 30 days (26 USC 1091(e)(1))"
        elif match.wash.permanent:
            what = "for good: purchases in an IRA on rows {} stand within 30 days of the sale (Rev. Rul. 2008-5)"
        else:
            what = (
                "and moves into the basis of the replacements: purchases on rows {} stand within 30 days of the sale "
                "(26 USC 1091)"
            )
        moved.setdefault(what, []).append(match)
    for what, found in moved.items():
        rows = [f"{match.wash.replacement_row}" for match in found]
        shown = ", ".join(rows[:MOST_MATCHES])
        more = f" and {len(rows) - MOST_MATCHES:,} more" if len(rows) > MOST_MATCHES else ""
        cents = sum(match.cents for match in found)
        yield f"{dollars(from_cents(cents))} of {loss} is disallowed {what.format(shown + more)}."


def _corrections(row: Disposition) -> Iterator[str]:
    """What the broker's figures in (d) and (e) are corrected by."""
    form = row.on_1099
    if form is None:
        return
    where = f" (sheet 1099, row {form.row})" if form.row else ""
    if form.expense_cents:
        yield (
            f"Column (d) has the {dollars(row.proceeds)} of the Form 1099{where}; {dollars(row.net_proceeds)} were "
            f"received net of costs: {dollars(from_cents(form.expense_cents))} in (g)."
        )
    if form.basis_cents:
        yield (
            f"Column (e) has the {dollars(row.basis)} of the Form 1099{where}; the correct basis is "
            f"{dollars(row.correct_basis)}: {dollars(from_cents(form.basis_cents))} in (g)."
        )
    if form.discount_cents:
        yield f"{dollars(from_cents(-form.discount_cents))} of the gain is accrued market discount, which is interest."
