"""Codes and adjustments of a row of Form 8949 in sentences: columns (f) and (g), wash sales, a broker's figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from capgain.engine.explanation import day, dollars
from capgain.engine.money import from_cents
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


@dataclass(frozen=True, slots=True)
class WashSales:
    """The ledger's wash sales by the rows they concern."""

    by_loss: Mapping[tuple[int, int], Sequence[WashSale]] = field(default_factory=dict)
    by_replacement: Mapping[int, Sequence[WashSale]] = field(default_factory=dict)

    @classmethod
    def of(cls, wash_sales: Iterable[WashSale]) -> WashSales:
        by_loss: defaultdict[tuple[int, int], list[WashSale]] = defaultdict(list)
        by_replacement: defaultdict[int, list[WashSale]] = defaultdict(list)
        for wash in wash_sales:
            by_loss[wash.loss_row, wash.loss_lot_row].append(wash)
            by_replacement[wash.replacement_row].append(wash)
        return cls(by_loss, by_replacement)


def adjustment_sentences(row: Disposition, wash_sales: WashSales) -> Iterator[str]:
    """Why a row has a code in column (f) and an amount in (g)."""
    words = "; ".join(f"{code}: {_CODES.get(code, 'see the instructions')}" for code in row.codes)
    yield f"Column (f) {row.codes} ({words}); column (g) {dollars(row.adjustment)}."
    yield from _corrections(row)
    for wash in wash_sales.by_loss.get((row.row, row.lot_row), ()):
        where = f" in {wash.replacement_account}" if wash.replacement_account else ""
        bought = (
            f"{quantity_text(wash.units)} {wash.replacement_asset} bought{where} on {day(wash.acquired)} (row "
            f"{wash.replacement_row}) stand within 30 days of the sale"
        )
        if wash.by_sale:
            yield (
                f"{dollars(wash.disallowed)} of the loss is disallowed and nothing takes it up: "
                f"{quantity_text(wash.units)} {wash.replacement_asset} were sold{where} on {day(wash.acquired)} (row "
                f"{wash.replacement_row}), within 30 days of closing the short sale (26 USC 1091(e)(1))."
            )
        elif wash.permanent:
            yield (
                f"{dollars(wash.disallowed)} of the loss is disallowed for good: {bought}, in an IRA "
                "(Rev. Rul. 2008-5)."
            )
        else:
            yield (
                f"{dollars(wash.disallowed)} of the loss is disallowed and moves into the basis of the replacement: "
                f"{bought} (26 USC 1091)."
            )


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
