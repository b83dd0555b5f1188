"""Form 8949 as it is printed: rows (a) to (h), pages of one box each, and the statements that Exception 2 attaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from capgain.engine.forms.description import describe, id_in_print
from capgain.engine.forms.form_8949 import Form8949, Totals, printed_together
from capgain.engine.forms.printed_words import NO_WORDS, printed_words
from capgain.engine.money import ZERO, dollars
from capgain.engine.results.dispositions import Disposition

SEE_STATEMENT = "see attached statement"
SEVERAL_TRANSACTIONS = "M"
"""Code for a row that stands for several transactions (Instructions for Form 8949, column (f))."""

DEFERRED = "Z"
"""Code of a deferral: copies of the form that list it are attached first (Instructions for Form 8949)."""

_ONE_BY_ONE = frozenset("YZ")
"""Deferrals into or out of a qualified opportunity fund keep rows of their own (Instructions, Exception 2)."""


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One row of Form 8949 with its columns as printed; amounts in dollars, whole ones where chosen.

    `acquired` and `sold` are mm/dd/yyyy, VARIOUS, INHERITED, or "" on a row that stands for a statement. `behind` are
    the dispositions it shows. `words` stand in (d) or (e) instead of an amount of 0: EXPIRED, WORTHLESS. `withheld` is
    federal tax and `loss_not_allowed` box 7 of Form 1099-B (box 5 of Form 1099-DA), for tax software alone.
    """

    description: str
    acquired: str
    sold: str
    proceeds: Decimal
    basis: Decimal
    codes: str
    adjustment: Decimal
    gain: Decimal
    box: str
    account: str
    behind: tuple[Disposition, ...]
    words: Mapping[str, str] = field(default_factory=dict, hash=False)
    withheld: Decimal = ZERO
    loss_not_allowed: bool = False
    transaction_id: str = ""

    @property
    def is_summary(self) -> bool:
        return SEVERAL_TRANSACTIONS in self.codes and not self.sold

    def texts(self, in_whole_dollars: bool) -> dict[str, str]:
        """Columns (a) to (h) as they are printed, in their order; (g) stays empty without a code.

        A long transaction id, which a sheet has whole, is shortened.
        """
        whole = self.transaction_id
        is_last = bool(whole) and self.description.endswith(f", tx {whole}")
        text = self.description.removesuffix(whole) + id_in_print(whole) if is_last else self.description
        texts = {"a": text, "b": self.acquired, "c": self.sold, "f": self.codes}
        texts |= amount_texts(self, in_whole_dollars) | dict(self.words)
        return {letter: texts[letter] if letter != "g" or self.codes else "" for letter in "abcdefgh"}


@dataclass(frozen=True, slots=True)
class Statement:
    """What a summary row refers to: every transaction of one broker and box, in the columns of Form 8949."""

    account: str
    box: str
    rows: tuple[PrintedRow, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One copy of a part of Form 8949: `number` of `of` in its box, with the totals of line 2."""

    box: str
    number: int
    of: int
    rows: tuple[PrintedRow, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """Form 8949 of a year as it goes out: pages in form order, and the statements behind summary rows."""

    rows: Mapping[str, tuple[PrintedRow, ...]]
    pages: tuple[PrintedPage, ...]
    statements: tuple[Statement, ...]
    in_whole_dollars: bool


def printed_form(
    form: Form8949,
    *,
    exception_2: bool,
    in_whole_dollars: bool,
    ids: Mapping[int, str] = MappingProxyType({}),
) -> PrintedForm:
    """Lay out a year's Form 8949. `ids` are transaction ids by ledger row, printed with digital assets."""
    rows: dict[str, tuple[PrintedRow, ...]] = {}
    statements: list[Statement] = []
    pages: list[PrintedPage] = []
    for box in form.boxes:
        single = tuple(
            printed_row(*rows, transaction_id=ids.get(rows[0].row, ""), in_whole_dollars=in_whole_dollars)
            for rows in printed_together(form.rows(box))
        )
        single = tuple(sorted(single, key=lambda row: DEFERRED not in row.codes))
        if exception_2:
            single, attached = by_broker(single, in_whole_dollars=in_whole_dollars)
            statements.extend(attached)
        rows[box] = single
        size = form.year.form_8949.rows_per_page
        chunks = [single[start : start + size] for start in range(0, len(single), size)]
        pages.extend(
            PrintedPage(box, number, len(chunks), chunk, printed_totals(chunk, in_whole_dollars))
            for number, chunk in enumerate(chunks, start=1)
        )
    return PrintedForm(rows, tuple(pages), tuple(statements), in_whole_dollars)


def printed_row(*rows: Disposition, transaction_id: str = "", in_whole_dollars: bool = False) -> PrintedRow:
    """A disposition, or the lots that a Form 1099 shows as one row, as columns (a) to (h)."""
    first = rows[0]
    words = dict(printed_words(first))
    if first.on_1099 is not None and first.on_1099.acquired_text:
        words["b"] = first.on_1099.acquired_text
    return _row(
        rows,
        description=describe(first._replace(units=sum(row.units for row in rows)), transaction_id),
        acquired=words.pop("b", f"{first.acquired:%m/%d/%Y}"),
        sold=words.pop("c", f"{first.sold:%m/%d/%Y}"),
        codes="".join(sorted({code for row in rows for code in row.codes})),
        in_whole_dollars=in_whole_dollars,
        words=words,
        transaction_id=transaction_id,
    )


def by_broker(
    rows: Sequence[PrintedRow], *, in_whole_dollars: bool
) -> tuple[tuple[PrintedRow, ...], tuple[Statement, ...]]:
    """The rows of one box with those of a broker replaced by one summary row, and the statements it refers to.

    Exception 2 of the Instructions for Form 8949. A broker with a single row keeps it.
    """
    kept: list[PrintedRow] = []
    of_broker: dict[str, list[PrintedRow]] = {}
    for row in rows:
        if _ONE_BY_ONE.intersection(row.codes):
            kept.append(row)
        else:
            of_broker.setdefault(row.account, []).append(row)
    statements: list[Statement] = []
    for account, found in of_broker.items():
        if len(found) == 1:
            kept.append(found[0])
            continue
        behind = tuple(disposition for row in found for disposition in row.behind)
        codes = "".join(sorted({SEVERAL_TRANSACTIONS, *(code for row in found for code in row.codes)}))
        kept.append(
            _row(
                behind,
                description=f"{account or 'No account named'} {SEE_STATEMENT}",
                acquired="",
                sold="",
                codes=codes,
                in_whole_dollars=in_whole_dollars,
            )
        )
        statements.append(Statement(account, found[0].box, tuple(found), printed_totals(found, in_whole_dollars)))
    return tuple(kept), tuple(statements)


def summarised(rows: Sequence[PrintedRow]) -> tuple[tuple[PrintedRow, ...], tuple[Statement, ...]]:
    """Rows of several boxes as one row per broker and box, and the statements they refer to; amounts with cents."""
    kept: list[PrintedRow] = []
    statements: list[Statement] = []
    for box in dict.fromkeys(row.box for row in rows):
        of_box, attached = by_broker([row for row in rows if row.box == box], in_whole_dollars=False)
        kept.extend(of_box)
        statements.extend(attached)
    return tuple(kept), tuple(statements)


def printed_totals(rows: Iterable[PrintedRow], in_whole_dollars: bool) -> Totals:
    """Line 2: added with cents, only the total rounded (Instructions for Form 8949, Rounding Off)."""
    return _totals([disposition for row in rows for disposition in row.behind], in_whole_dollars)


def amounts(row: PrintedRow | Totals) -> dict[str, Decimal]:
    """Columns (d), (e), (g) and (h)."""
    return {"d": row.proceeds, "e": row.basis, "g": row.adjustment, "h": row.gain}


def amount_texts(row: PrintedRow | Totals, in_whole_dollars: bool) -> dict[str, str]:
    """Columns (d), (e), (g) and (h) as they are printed."""
    return {letter: amount_text(amount, in_whole_dollars) for letter, amount in amounts(row).items()}


def amount_text(amount: Decimal, in_whole_dollars: bool) -> str:
    """An amount as the form has it: thousands separated, a negative one in parentheses."""
    shown = f"{abs(amount):,.0f}" if in_whole_dollars else dollars(abs(amount))
    return f"({shown})" if amount < 0 else shown


def _row(
    behind: tuple[Disposition, ...],
    *,
    description: str,
    acquired: str,
    sold: str,
    codes: str,
    in_whole_dollars: bool,
    words: Mapping[str, str] = NO_WORDS,
    transaction_id: str = "",
) -> PrintedRow:
    totals = _totals(behind, in_whole_dollars)
    return PrintedRow(
        description=description,
        acquired=acquired,
        sold=sold,
        proceeds=totals.proceeds,
        basis=totals.basis,
        codes=codes,
        adjustment=totals.adjustment,
        gain=totals.gain,
        box=behind[0].box,
        account=behind[0].account,
        behind=behind,
        words=words,
        transaction_id=transaction_id,
    )


def _totals(behind: Sequence[Disposition], in_whole_dollars: bool) -> Totals:
    totals = Totals.of(behind)
    return totals.in_whole_dollars() if in_whole_dollars else totals
