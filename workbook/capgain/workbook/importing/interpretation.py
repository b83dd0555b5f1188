"""A source's row becomes a movement, by the format's data alone; what cannot be read is told, never dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from decimal import Decimal
from hashlib import blake2b

from capgain.workbook.importing.asset_names import AssetNames, is_money
from capgain.workbook.importing.closed_lot import StatedFigures
from capgain.workbook.importing.foreign_money import amounts_in, signed_by
from capgain.workbook.importing.futures import CLASS, unread_future
from capgain.workbook.importing.income_words import said_of_income
from capgain.workbook.importing.kinds_of_rows import KindsOfRows
from capgain.workbook.importing.ledger_rows import holds_a_date, holds_a_number
from capgain.workbook.importing.legs import LegReader
from capgain.workbook.importing.lot_of_row import WITH_BASIS, fill_in_lot
from capgain.workbook.importing.lots_by_other_names import is_company
from capgain.workbook.importing.movements import USD, Becomes, LineOfFile, Movement, to_the_millisecond
from capgain.workbook.importing.outcomes import Ignored, Unsettled
from capgain.workbook.importing.own_figures import contradiction
from capgain.workbook.importing.own_totals import OWN_TOTAL, ColumnTotals
from capgain.workbook.importing.row_account import RowAccounts
from capgain.workbook.importing.row_details import with_details
from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.importing.row_moment import RowMoments
from capgain.workbook.importing.rows_left_out import RowsLeftOut
from capgain.workbook.importing.source_accounts import NO_ACCOUNT, SourceAccount, StatedAccount
from capgain.workbook.importing.source_files import SourceRow
from capgain.workbook.importing.source_tables import Format, SourceTable, Treatment, normal
from capgain.workbook.importing.table_columns import TableColumns
from capgain.workbook.importing.what_it_is import (
    CASH_SHARES,
    SAME_ASSET,
    classify,
    contradicting_unit,
    is_cash_fund,
    is_of_one_asset,
    is_renaming,
)
from capgain.workbook.reading.shifted_rows import usual_width
from capgain.workbook.reading.symbols import is_debt
from capgain.workbook.written.date_orders import DateOrder
from capgain.workbook.written.source_text import UnreadableValue, number
from capgain.workbook.written.time_zones import ZoneByYear

DOLLARS_MOVED = "dollars moved; dollars have no lots"


class TableReader:
    """Reads the rows below one header.

    `zones` are the tax zones (None: times keep their own), `source_zone` the zone of times that name none, `order` that
    of dates in figures. `account` is the user's own name for the file's account, `stated` what the file says of it and
    `otherwise` its name where neither row nor file says one. `comma_is_doubtful`: a lone comma in a number may mark
    decimals; `is_text`: the rows were lines of a text file, where a delimiter within a cell shifts those after it.
    `currency` is that of amounts whose row names none. `rows` are all rows of the table, for what is said only where
    there are others of a kind.
    """

    def __init__(
        self,
        known: Format,
        table: SourceTable,
        header: SourceRow,
        *,
        file: str,
        zones: ZoneByYear | None,
        source_zone: tzinfo | None,
        order: DateOrder | None = None,
        account: str = "",
        stated: StatedAccount = NO_ACCOUNT,
        otherwise: str = "",
        comma_is_doubtful: bool = False,
        is_text: bool = False,
        currency: str = USD,
        rows: Sequence[SourceRow] = (),
    ) -> None:
        self._format = known
        self._table = table
        self._file = file
        self._zones = zones
        self._comma_is_doubtful = comma_is_doubtful
        self._columns = columns = TableColumns(
            table,
            header,
            comma_is_doubtful=comma_is_doubtful,
            usual_width=usual_width(header.cells, (row.cells for row in rows)) if is_text else 0,
        )
        self._names = AssetNames(known, table)
        self._kinds = KindsOfRows(table, columns, rows)
        self._left_out = RowsLeftOut(table, columns, self._names)
        self._totals = ColumnTotals(rows, columns.headings, next(iter(columns.places.get("at", ())), None))
        self._moments = RowMoments(known, columns, zones=zones, source_zone=source_zone, order=order)
        self._accounts = RowAccounts(known, table, columns, given=account, stated=stated, otherwise=otherwise)
        self._legs = LegReader(table, columns, self._names, currency=currency, account=account)
        self._generation = f"{known.key} {table.name} {' '.join(sorted(columns.index))}"

    @property
    def accounts(self) -> Mapping[str, SourceAccount]:
        """The broker's accounts met so far, by the name in the ledger."""
        return self._accounts.told

    def ignored_alone(self) -> Mapping[LineOfFile, Unsettled]:
        """Rows ignored because another row tells of the same, where there is no such row."""
        return self._left_out.alone()

    def whole_rows(self, rows: Iterable[SourceRow]) -> Iterable[SourceRow]:
        """The rows, details joined with the row above them where the table has such."""
        places = self._columns.places
        return with_details(rows, places) if self._table.details and "at" in places else rows

    def amount_of(self, row: SourceRow) -> Decimal | None:
        """The number in the row's column of amounts, None where none stands."""
        try:
            return number(self._columns.text("amount", row.cells))
        except UnreadableValue:
            return None

    def read(self, row: SourceRow) -> Movement | Ignored | Unsettled:
        """What the row says."""
        made = self._read(row)
        if row.above and not isinstance(made, Ignored):
            above = tuple(LineOfFile(self._file, line) for line in row.above)
            if isinstance(made, Movement):
                made.lines = (*above, *made.lines)
            else:
                made = replace(made, places=(*above, *made.places))
        return made

    def _read(self, row: SourceRow) -> Movement | Ignored | Unsettled:
        place = LineOfFile(self._file, row.line, part=row.part)
        cells = row.cells
        if reason := self._left_out.by_table(cells):
            return Ignored(place, reason)
        if self._totals.is_total(cells):
            wrong = self._totals.wrong(cells)
            return Ignored(place, OWN_TOTAL) if wrong is None else self._unsettled(place, cells, "", *wrong)
        if damage := self._columns.damage(row):
            return self._unsettled(place, cells, "", *damage)
        if reason := self._left_out.by_status(cells):
            return Ignored(place, reason)
        kind = self._columns.text("kind", cells)
        treatment, label, is_wild = self._kinds.treatment(kind, cells)
        if self._kinds.looks_beside:
            self._left_out.note(kind, cells)
        if treatment is None:
            message = f"{self._format.name} calls this {kind!r}, which is not known here."
            remedy = "Enter it in the Ledger by hand, or say in a mapping file what it becomes."
            return self._unsettled(
                place, cells, kind, message if kind else "The row does not say what kind it is.", remedy
            )
        if treatment.ignore:
            if swallowed := self._left_out.swallowed(kind, is_wild, cells):
                return self._unsettled(place, cells, label, *swallowed)
            if treatment.beside is not None:
                self._left_out.need(place, treatment.beside, cells)
            moment_or_reference = self._columns.text("group", cells) or self._columns.text("at", cells)
            return Ignored(place, treatment.ignore, moment_or_reference, self._left_out.units_in(cells))
        if treatment.refuse:
            message, _, remedy = treatment.refuse.partition(". ")
            remedy = remedy or "Leave it out, or keep it outside this ledger."
            refused = self._unsettled(place, cells, label, f"{kind}: {message.rstrip('.')}.", remedy)
            group = self._columns.text("group", cells)
            return replace(refused, group=f"{message} {group}" if group else "")
        try:
            return self._movement(place, label, treatment, cells)
        except UnreadableValue as unreadable:
            if foreign := signed_by(self._columns, cells):
                return self._unsettled(place, cells, kind, *amounts_in(foreign))
            remedy = "Correct it in the source, or enter the row in the Ledger by hand."
            return self._unsettled(place, cells, kind, f"{unreadable}.", remedy)

    def _movement(
        self, place: LineOfFile, kind: str, treatment: Treatment, cells: Sequence[str]
    ) -> Movement | Ignored | Unsettled:
        text = self._columns.fields(treatment, cells)
        happened = self._moments.happened(text, cells)
        account = self._accounts.called(text, cells)
        local = happened.local(self._zones)
        movement = Movement(
            becomes=treatment.becomes or Becomes.LEDGER_ROW,
            moment=happened,
            at=to_the_millisecond(local or happened.at),
            zone_missing=local is None,
            account=account,
            is_of_account=self._accounts.is_told_apart(account),
            generation=self._generation,
            kind=kind,
            lines=(place,),
            format=self._format.key,
            group=text.get("group", ""),
            id=text.get("id", ""),
            chain_id=text.get("chain_id", ""),
            partner=treatment.partner or text.get("partner", ""),
            order=text.get("order", ""),
            note=" ".join(text.get("note", "").split()),
            underlying=f"{text['underlying']} x100" if "underlying" in text else "",
            income=said_of_income(text.get("income", "")) or said_of_income(text.get("kind", "")),
        )
        if movement.becomes is Becomes.LEDGER_ROW:
            return self._ledger_row(movement, text, cells)
        movement.asset_class = treatment.asset_class or self._class(text)
        if movement.asset_class not in ("", "option"):
            movement.underlying = ""
        if wrong := contradicting_unit(text, self._names.are_one) or self._legs.fill(movement, treatment, text, cells):
            return self._unsettled(place, cells, kind, *wrong, movement)
        return self._checked(movement, text, place, cells)

    def _checked(
        self, movement: Movement, text: RowFields, place: LineOfFile, cells: Sequence[str]
    ) -> Movement | Ignored | Unsettled:
        """The movement, if it is one, and agrees with what the row says besides."""
        kind, becomes = movement.kind, movement.becomes
        if is_renaming(movement):
            return Ignored(place, SAME_ASSET)
        if is_of_one_asset(movement):
            return self._unsettled(
                place,
                cells,
                kind,
                f"{movement.out_quantity} {movement.out_asset} became {movement.in_quantity} {movement.in_asset}, "
                "which is the same asset here.",
                "Enter what the difference was: Fee, Income or Split.",
            )
        if self._format.kind == "brokerage":
            if future := unread_future(movement):
                message = f"{future} is a future, and what its contracts come to is not known from this row."
                remedy = "Enter a Buy or Sell of Class 1256 with price times multiplier in Amount."
                return self._unsettled(place, cells, kind, message, remedy, movement)
            said = f"{text.get('note', '')} {kind}"
            if is_cash_fund(movement, said):
                return Ignored(place, CASH_SHARES)
            classify(movement, said)
        if becomes in (Becomes.DEPOSIT, Becomes.WITHDRAWAL) and is_money(movement.asset):
            if self._format.kind == "wallet" and not movement.asset:
                return self._unsettled(place, cells, kind, "The row names no asset.", "Enter the row by hand.")
            return Ignored(place, DOLLARS_MOVED)
        if self._table.compare and movement.asset_class != CLASS:
            movement.stated = self._own_figures(text, cells)
        if contradiction(movement):
            movement.doubted_as = self._key_of_id(cells)
        if becomes in WITH_BASIS:
            if becomes in (Becomes.LOT, Becomes.AWARD_SALE) and self._format.kind == "brokerage":
                is_anything = self._format.any_account and not is_company(movement.out_asset)
                by_name = "bond" if is_debt(movement.out_asset) else "" if is_anything else "stock"
                movement.asset_class = movement.asset_class or by_name

            def day(written: str) -> date:
                return self._moments.day(written, cells)

            has_cover = "covered" in self._columns.places
            if wrong := fill_in_lot(movement, text, day, has_cover=has_cover):
                return self._unsettled(place, cells, kind, *wrong, movement)
        return movement

    def _ledger_row(self, movement: Movement, text: RowFields, cells: Sequence[str]) -> Movement:
        """A row of our own ledger: its cells stay as they are, if their numbers can be read."""
        movement.cells = {
            name: self._moments.in_figures(cell) if holds_a_date(name) else cell
            for name, cell in self._columns.by_heading(cells).items()
        }
        if self._accounts.of_file and not movement.cells.get("Account", "").strip():
            movement.cells["Account"] = self._accounts.of_file
        for name, cell in movement.cells.items():
            if self._comma_is_doubtful and "," in cell and holds_a_number(name):
                text.number_in(cell)
        return movement

    def _own_figures(self, text: RowFields, cells: Sequence[str]) -> StatedFigures:
        found = {figure: text.number_in(cell) for figure, cell in self._columns.own_figures(cells).items()}
        return StatedFigures(found.get("proceeds"), found.get("basis"), found.get("gain"), self._table.rounded_to)

    def _class(self, text: RowFields) -> str:
        if "class" in text and self._table.class_of:
            return self._table.class_of.get(normal(text["class"]), "")
        return "crypto" if self._format.kind in ("exchange", "wallet") else ""

    def _unsettled(
        self,
        place: LineOfFile,
        cells: Sequence[str],
        kind: str,
        message: str,
        remedy: str,
        movement: Movement | None = None,
    ) -> Unsettled:
        return Unsettled((place,), kind, message, remedy, movement, key=self._key_of_id(cells))

    def _key_of_id(self, cells: Sequence[str]) -> str:
        native = self._columns.text("id", cells)
        if native:
            return f"{self._format.key}:{native}"
        return f"{self._format.key}:!{blake2b(chr(31).join(cells).encode(), digest_size=8).hexdigest()}"
