"""Figures of a Form 1099 that stand in the ledger beside a sale: Reported Proceeds, Reported Basis, Reported Term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from decimal import Decimal

from capgain.engine.box_letters import BASIS_REPORTED
from capgain.engine.forms.form_1099.printed_figures import as_one_row, printed
from capgain.engine.ledger import Ledger
from capgain.engine.money import dollars, from_cents, share_out, to_cents
from capgain.engine.problems import Problem, Severity
from capgain.engine.results.dispositions import Disposition, Kind, is_coin_fee
from capgain.engine.transactions import Disposal, ReportedFigure

_BY_OPTION = frozenset({Kind.ASSIGNED, Kind.EXERCISED})
"""Sales of which brokers leave out what the option cost or brought (Instructions for Form 8949, code E)."""

Placed = list[tuple[int, Disposition]]
"""Rows of one sale with their places among all rows."""


def with_ledger_figures(
    ledger: Ledger, rows: Sequence[Disposition], on_a_form: Container[int]
) -> tuple[list[Disposition], list[Problem]]:
    """The rows with what the ledger states of their Forms 1099; a sale with places of `on_a_form` is left as it is.

    Column (d) has the broker's proceeds where they are higher, with what they leave out as code E, or as O where no
    selling cost explains it. Column (e) has the broker's basis where it was reported to the IRS, with code B and the
    difference in (g); else the correct one with code B and 0 (Instructions for Form 8949, column (f)).
    """
    stated = {
        entry.row: entry for entry in ledger.transactions if isinstance(entry, Disposal) and entry.has_reported_figures
    }
    found = list(rows)
    problems: list[Problem] = []
    if not stated:
        return found, problems
    for sale, placed in _of_each_sale(stated, rows).items():
        if any(place in on_a_form for place, _ in placed):
            continue
        for place, row in _Sale(ledger, stated[sale], problems).printed(placed):
            found[place] = row
    return found, problems


def _of_each_sale(stated: Mapping[int, Disposal], rows: Sequence[Disposition]) -> dict[int, Placed]:
    sales: defaultdict[int, Placed] = defaultdict(list)
    for place, row in enumerate(rows):
        entry = stated.get(row.row)
        if entry is not None and not is_coin_fee(row.kind, entry):
            sales[row.row].append((place, row))
    return sales


class _Sale:
    """One sale with the broker's figures beside it."""

    def __init__(self, ledger: Ledger, entry: Disposal, problems: list[Problem]) -> None:
        self._sheet = ledger.sheet
        self._entry = entry
        self._problems = problems

    def printed(self, placed: Placed) -> Iterator[tuple[int, Disposition]]:
        entry, rows = self._entry, [row for _, row in placed]
        codes = [""] * len(rows)
        proceeds: list[int | None] = [None] * len(rows)
        basis: list[int | None] = [None] * len(rows)
        for places, theirs in self._claims("Reported Proceeds", entry.reported_proceeds, rows):
            self._print_proceeds(rows, places, theirs, proceeds, codes)
        for places, theirs in self._claims("Reported Basis", entry.reported_basis, rows):
            _print_basis(rows, places, theirs, basis, codes)
        for place, row in enumerate(rows):
            if entry.reported_term not in (None, row.term):
                codes[place] += "T"
        shown = [
            printed(row, proceeds=proceeds[place], basis=basis[place], codes=codes[place]) if codes[place] else row
            for place, row in enumerate(rows)
        ]
        if any(isinstance(one, Decimal) for one in (entry.reported_proceeds, entry.reported_basis)):
            shown = self._in_one_row(shown, placed[0][0] + 1)
        return zip((place for place, _ in placed), shown, strict=True)

    def _claims(
        self, column: str, figure: ReportedFigure | None, rows: Sequence[Disposition]
    ) -> list[tuple[list[int], int]]:
        """Which rows a figure is of, and the figure in cents."""
        if figure is None:
            return []
        if isinstance(figure, Decimal):
            return [(list(range(len(rows))), to_cents(figure))]
        named = {one.lot: to_cents(one.amount) for one in figure}
        sold: dict[str, list[int]] = {}
        for place, row in enumerate(rows):
            sold.setdefault(row.lot, []).append(place)
        missing = [_lot_text(rows[places[0]]) for lot, places in sold.items() if lot not in named]
        foreign = [lot for lot in named if lot not in sold]
        if missing or foreign:
            self._refuse_lots(column, missing, foreign)
            return []
        return [(places, named[lot]) for lot, places in sold.items()]

    def _print_proceeds(
        self,
        rows: Sequence[Disposition],
        places: Sequence[int],
        theirs: int,
        proceeds: list[int | None],
        codes: list[str],
    ) -> None:
        ours = sum(rows[place].proceeds_cents for place in places)
        kind = rows[places[0]].kind
        if theirs == ours:
            return
        if theirs < ours and kind is not Kind.ASSIGNED:
            self._warn_of_lower_proceeds(theirs, ours)
            return
        whole = sum(row.proceeds_cents for row in rows)
        costs = to_cents(self._entry.costs)
        share = costs if ours == whole else share_out(costs, [ours, whole - ours])[0]
        code = "E" if theirs - ours <= share + 1 or kind in _BY_OPTION else "O"
        parts = share_out(theirs - ours, [rows[place].units for place in places])
        for place, part in zip(places, parts, strict=True):
            proceeds[place] = rows[place].proceeds_cents + part
            codes[place] += code

    def _in_one_row(self, rows: list[Disposition], group: int) -> list[Disposition]:
        boxes = sorted({row.box for row in rows})
        if len(boxes) == 1:
            return as_one_row(rows, group)
        self._problems.append(
            Problem(
                Severity.WARNING,
                self._sheet,
                self._entry.row,
                "Reported Basis" if isinstance(self._entry.reported_basis, Decimal) else "Reported Proceeds",
                f"one figure of the broker stands for lots that Form 8949 shows in boxes {' and '.join(boxes)}: how "
                "much of it belongs to which is not said.",
                "Say it per lot, such as L7:1200; L9:800.50.",
                "REPORTED_FIGURE_SHARED",
                blocks_filing=True,
            )
        )
        return rows

    def _refuse_lots(self, column: str, missing: Sequence[str], foreign: Sequence[str]) -> None:
        said = [f"names no figure for {', '.join(missing)}"] if missing else []
        said += [f"names {', '.join(foreign)}, of which nothing is sold"] if foreign else []
        self._problems.append(
            Problem(
                Severity.ERROR,
                self._sheet,
                self._entry.row,
                column,
                f"{column} {' and '.join(said)}.",
                "Name every lot of the sale once with the broker's figure, such as L7:1200; L9:800.50.",
                "REPORTED_BASIS_LOT" if column == "Reported Basis" else "REPORTED_PROCEEDS_LOT",
            )
        )

    def _warn_of_lower_proceeds(self, theirs: int, ours: int) -> None:
        """More was received than the form shows: column (d) has the correct proceeds (Instructions, column (d))."""
        self._problems.append(
            Problem(
                Severity.WARNING,
                self._sheet,
                self._entry.row,
                "Reported Proceeds",
                f"the broker reports proceeds of {dollars(from_cents(theirs))}, less than the "
                f"{dollars(from_cents(ours))} received: column (d) has what was received.",
                "Correct Amount or Fee, or say in column Note why the broker reports less.",
                "REPORTED_PROCEEDS_BELOW",
                blocks_filing=not self._entry.note,
            )
        )


def _print_basis(
    rows: Sequence[Disposition], places: Sequence[int], theirs: int, basis: list[int | None], codes: list[str]
) -> None:
    own = [rows[place].basis_cents for place in places]
    if theirs == sum(own):
        return
    shares = share_out(theirs, own if sum(own) else [rows[place].units for place in places])
    for place, share in zip(places, shares, strict=True):
        codes[place] += "B"
        if rows[place].box in BASIS_REPORTED:
            basis[place] = share


def _lot_text(row: Disposition) -> str:
    return f"lot {row.lot}" if row.lot else f"the lot of row {row.lot_row}, which has no id in column Lot or ID"
