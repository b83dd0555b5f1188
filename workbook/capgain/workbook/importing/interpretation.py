"""A source's row becomes a movement, by the format's data alone; what cannot be read is told, never dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from decimal import Decimal
from hashlib import blake2b

from capgain.engine.money import ZERO
from capgain.workbook.importing.asset_names import is_money
from capgain.workbook.importing.closed_lot import acquired_day, basis_of, closed_lot, contradicts
from capgain.workbook.importing.ledger_rows import holds_a_number
from capgain.workbook.importing.legs import LegReader, amounts_in
from capgain.workbook.importing.movements import USD, Becomes, LineOfFile, Movement, to_the_millisecond
from capgain.workbook.importing.outcomes import Ignored, Unsettled
from capgain.workbook.importing.own_figures import contradiction
from capgain.workbook.importing.row_details import with_details
from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.importing.source_accounts import NO_ACCOUNT, SourceAccount, StatedAccount, broker_account
from capgain.workbook.importing.source_files import DELIMITERS, LONGEST_CELL, SourceRow, UnreadableImport
from capgain.workbook.importing.source_tables import (
    Format,
    SourceTable,
    SpecialRows,
    Treatment,
    normal,
    place_of,
    places_by_name,
)
from capgain.workbook.importing.what_it_is import (
    CASH_SHARES,
    SAME_ASSET,
    TEXT_ALONE,
    contradicting_unit,
    is_bond,
    is_cash_fund,
    is_of_one_asset,
    is_renaming,
    is_text_alone,
    option_underlying,
)
from capgain.workbook.written.date_orders import DateOrder
from capgain.workbook.written.source_text import UnreadableValue, moment, number, zone_written
from capgain.workbook.written.time_zones import ZoneByYear

_UNITS_OF = {
    "quantity": "asset",
    "sent_quantity": "sent_asset",
    "received_quantity": "received_asset",
    "fee_quantity": "fee_asset",
}
_SHORT = frozenset({Becomes.SHORT_SELL, Becomes.COVER})
_AS_OF = re.compile(
    r"\bas of\s+(?P<day>[A-Za-z]{3,9}[-. ]\d{1,2}[-, ]+\d{4}|\d{1,2}[-/]\d{1,2}[-/]\d{2,4})", re.IGNORECASE
)
_NAMED_DAY = re.compile(r"([A-Za-z]+)[-. ]+(\d{1,2})[-, ]+(\d{4})")
_FOREIGN = re.compile(r"€|£|¥|₹|₩|(?:A|AU|C|CA|HK|NZ|S|SG)\$|CHF")
_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW"}
DOLLARS_MOVED = "dollars moved; dollars have no lots"


class TimesWithoutZone(UnreadableImport):
    """Times of a source whose zone only the user knows."""

    def __init__(self, source: str, first: str) -> None:
        super().__init__(
            f"{source}: {first} names no time zone, and the file does not say which it is. Look into your account's "
            f'settings there, and import again with --source-zone "{source}=UTC" or the zone that it is.'
        )


_WITH_BASIS = frozenset({Becomes.OPENING, Becomes.DEPOSIT, Becomes.LOT, Becomes.AWARD_SALE})
_IN_BRACES = re.compile(r"\{([^{}]+)\}")


def constants_of(columns: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    """The texts that stand in place of columns, by field."""
    return {field: name[1:] for field, names in columns.items() for name in names if name.startswith("=")}


class TableReader:
    """Reads the rows below one header.

    `zones` are the tax zones (None: times keep their own), `source_zone` the zone of times that name none, `order` that
    of dates in figures. `account` is the user's own name for the file's account, `stated` what the file says of it and
    `otherwise` its name where neither row nor file says one. `comma_is_doubtful`: a lone comma in a number may mark
    decimals.
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
        currency: str = USD,
        rows: Sequence[SourceRow] = (),
    ) -> None:
        self._format = known
        self._table = table
        self._file = file
        self._zones = zones
        self._source_zone = source_zone
        self._account = account
        self._stated = stated
        self._otherwise = otherwise
        self._called: dict[tuple[str, StatedAccount], SourceAccount] = {}
        self.accounts: dict[str, SourceAccount] = {}
        self._comma_is_doubtful = comma_is_doubtful
        self._header = [cell.strip().lstrip("\ufeff") for cell in header.cells]
        self._order = order
        self._index = places_by_name(self._header)
        self._columns = self._places(table.columns)
        self._keep = [
            (place, words) for column, words in table.keep if (place := place_of(column, self._index)) is not None
        ]
        self._constants = {field: self._of_heading(said) for field, said in constants_of(table.columns).items()}
        self._constants_of: dict[int, Mapping[str, str]] = {}
        self._treated: dict[int, Mapping[str, tuple[int, ...]]] = {}
        self._kinds: dict[str, tuple[Treatment | None, str, bool]] = {}
        self._compared = self._places(table.compare)
        self._slack = table.rounded_to
        self._seen: dict[str, set[str]] = {}
        self._needs: list[tuple[LineOfFile, str, re.Pattern[str]]] = []
        treatments = (*table.kinds.values(), *(treated for _, treated, _ in table.kind_patterns))
        treatments += tuple(special.treatment for special in table.special)
        self._looks_beside = any(treated.beside is not None for treated in treatments)
        zone_from = known.zone_from.column
        self._zone_column = place_of(zone_from, self._index) if zone_from else None
        self._legs = LegReader(known, table, self._index, currency)
        self._generation = f"{known.key} {table.name} {' '.join(sorted(self._index))}"
        self._special = self._special_rows(table, rows)

    def _own_constants(self, treatment: Treatment) -> Mapping[str, str]:
        found = self._constants_of.get(id(treatment))
        if found is None:
            said = constants_of(treatment.columns or {})
            found = self._constants_of[id(treatment)] = {field: self._of_heading(text) for field, text in said.items()}
        return found

    def _of_heading(self, said: str) -> str:
        """A text that stands in a column's heading, such as the coin of `Value(ETH)`, where the format points there."""
        if not said.startswith("heading "):
            return said
        form = re.compile(said.removeprefix("heading ").removeprefix("re:"), re.IGNORECASE)
        return next((found[1].upper() for name in self._header if (found := form.search(name)) is not None), "")

    def _special_rows(
        self, table: SourceTable, rows: Sequence[SourceRow]
    ) -> list[tuple[tuple[tuple[int, re.Pattern[str]], ...], Treatment]]:
        """Conditions by the column's place; without those of columns that the file lacks."""
        found = []
        for special in table.special:
            places = [place_of(column, self._index) for column, _ in special.when]
            known = [place for place in places if place is not None]
            if len(known) == len(places) and self._has_any(special, rows):
                patterns = (pattern for _, pattern in special.when)
                found.append((tuple(zip(known, patterns, strict=True)), special.treatment))
        return found

    def _has_any(self, special: SpecialRows, rows: Sequence[SourceRow]) -> bool:
        """Whether any row is as the special treatment of others needs it."""
        wanted = [(place_of(column, self._index), pattern) for column, pattern in special.if_any]
        return not wanted or any(
            all(
                at is not None and at < len(row.cells) and pattern.fullmatch(normal(row.cells[at]))
                for at, pattern in wanted
            )
            for row in rows
        )

    def _places(self, columns: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[int, ...]]:
        found = {
            field: tuple(place for column in names if (place := place_of(column, self._index)) is not None)
            for field, names in columns.items()
        }
        return {field: places for field, places in found.items() if places}

    def _asset_and_day(self, cells: Sequence[str]) -> str:
        asset, when = (self._text(field, cells, self._columns) for field in ("asset", "at"))
        return f"{asset.casefold()} {when[:10]}" if asset else ""

    def ignored_alone(self) -> Mapping[LineOfFile, Unsettled]:
        """Rows ignored because another row tells of the same, where there is no such row."""
        return {
            place: Unsettled(
                (place,),
                "",
                f"No other row tells of {asset.partition(' ')[0].upper()} on that day, as this one's kind should have.",
                "Enter it in the Ledger by hand, or write in Decision why it stays out.",
                key=f"{self._format.key}:!alone:{place.file}:{place.line}",
            )
            for place, asset, needed in self._needs
            if not any(needed.fullmatch(kind) for kind in self._seen.get(asset, ()))
        }

    def whole_rows(self, rows: Iterable[SourceRow]) -> Iterable[SourceRow]:
        """The rows, details joined with the row above them where the table has such."""
        return with_details(rows, self._columns) if self._table.details and "at" in self._columns else rows

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
        for pattern, reason in self._table.other_rows:
            if pattern.match(normal(next((cell for cell in cells if cell.strip()), ""))):
                return Ignored(place, reason)
        if self._table.ignore:
            return Ignored(place, self._table.ignore)
        if is_text_alone(cells, len(self._header)):
            return Ignored(place, TEXT_ALONE)
        if (lacking := self._cut_off(cells)) is not None:
            return self._unsettled(place, cells, "", lacking, "Export the file again, or complete the line by hand.")
        if row.too_long:
            headings = dict(enumerate(self._header, 1))
            message = (
                f"{headings.get(row.too_long) or f'Column {row.too_long}'} has more than {LONGEST_CELL:,} characters."
            )
            return self._unsettled(place, cells, "", message, "Shorten it in the file, or enter the row by hand.")
        for column, words in self._keep:
            status = cells[column].strip() if column < len(cells) else ""
            if normal(status) not in words and not self._is_filled(cells):
                return Ignored(place, f"{self._header[column]}: {status or 'not stated'}")
        kind = self._text("kind", cells, self._columns)
        treatment, label, is_wild = self._treatment(kind, cells)
        if self._looks_beside:
            self._seen.setdefault(self._asset_and_day(cells), set()).add(normal(kind))
        if treatment is None:
            message = f"{self._format.name} calls this {kind!r}, which is not known here."
            remedy = "Enter it in the Ledger by hand, or say in a mapping file what it becomes."
            return self._unsettled(
                place, cells, kind, message if kind else "The row does not say what kind it is.", remedy
            )
        if treatment.ignore:
            swallowed = self._swallowed(kind, is_wild, cells)
            if swallowed:
                return self._unsettled(place, cells, label, *swallowed)
            moment_or_reference = self._text("group", cells, self._columns) or self._text("at", cells, self._columns)
            if treatment.beside is not None and (asset := self._asset_and_day(cells)):
                self._needs.append((place, asset, treatment.beside))
            return Ignored(place, treatment.ignore, moment_or_reference, self.units_in(cells))
        if treatment.refuse:
            message, _, remedy = treatment.refuse.partition(". ")
            remedy = remedy or "Leave it out, or keep it outside this ledger."
            refused = self._unsettled(place, cells, label, f"{kind}: {message.rstrip('.')}.", remedy)
            group = self._text("group", cells, self._columns)
            return replace(refused, group=f"{message} {group}" if group else "")
        try:
            return self._movement(place, label, treatment, cells)
        except UnreadableValue as unreadable:
            foreign = self._foreign_money(cells)
            if foreign:
                return self._unsettled(place, cells, kind, *amounts_in(foreign))
            remedy = "Correct it in the source, or enter the row in the Ledger by hand."
            return self._unsettled(place, cells, kind, f"{unreadable}.", remedy)

    def amount_of(self, row: SourceRow) -> Decimal | None:
        """The number in the row's column of amounts, None where none stands."""
        try:
            return number(self._text("amount", row.cells, self._columns))
        except UnreadableValue:
            return None

    def _is_filled(self, cells: Sequence[str]) -> bool:
        """Whether a part of an order was filled, whatever became of the rest."""
        filled = self._text("filled", cells, self._columns)
        try:
            return bool(number(filled))
        except UnreadableValue:
            return True

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

    def _cut_off(self, cells: Sequence[str]) -> str | None:
        needed = max(self._columns["at"][-1], min(self._columns["kind"]))
        if len(cells) > needed:
            return None
        if len(cells) == 1 and len(self._header) > 1:
            for delimiter in DELIMITERS:
                if cells[0].count(delimiter) >= len(self._header) // 2:
                    return f"The line is separated by {delimiter!r}, the header is not."
        return f"The line is cut off: it has {len(cells)} cells, the header has {len(self._header)}."

    def units_in(self, cells: Sequence[str]) -> dict[str, Decimal]:
        """The units that a row names, by asset, signed as they stand; without dollars and shares that are cash."""
        found: dict[str, Decimal] = {}
        for quantity, asset in _UNITS_OF.items():
            if asset == "fee_asset":
                continue
            name = self._legs.asset(self._text(asset, cells, self._columns))
            try:
                units = number(self._text(quantity, cells, self._columns))
                money = number(self._text("net", cells, self._columns) or self._text("amount", cells, self._columns))
            except UnreadableValue:
                units, money = Decimal(1), None
            if units and not is_money(name) and (money is None or abs(money) != abs(units)):
                found.setdefault(name, units)
        return found

    def _swallowed(self, kind: str, is_wild: bool, cells: Sequence[str]) -> tuple[str, str] | None:
        """Why a row is not ignored though its kind is: units may be in it that nobody told us of."""
        if not is_wild and "received_asset" not in self._columns:
            return None
        units = self.units_in(cells)
        if len(units) > 1:
            (given, _), (got, _) = list(units.items())[:2]
            return (
                f"{kind} names two assets, {given} and {got}: one may have been exchanged for the other.",
                "Enter it as Trade with its dollar value, or write in Decision why it stays out.",
            )
        if units and is_wild:
            (asset, number_of), *_ = units.items()
            return (
                f"{kind} moves {number_of.normalize():f} {asset}, and what it is is not known here.",
                "Enter it in the Ledger as what it was, or write in Decision why it stays out.",
            )
        return None

    def _treatment(self, kind: str, cells: Sequence[str]) -> tuple[Treatment | None, str, bool]:
        """What is done with a row of that kind, the kind's short name, and whether it is known through `*` alone."""
        for conditions, treatment in self._special:
            for place, pattern in conditions:
                if not pattern.fullmatch(normal(cells[place]) if place < len(cells) else ""):
                    break
            else:
                return treatment, kind, False
        try:
            return self._kinds[kind]
        except KeyError:
            name = normal(kind)
            found: tuple[Treatment | None, str, bool] = (self._table.kinds.get(name), kind, False)
            if found[0] is None:
                matches = (
                    (treated, label, True)
                    for pattern, treated, label in self._table.kind_patterns
                    if pattern.fullmatch(name)
                )
                found = next(matches, found)
            self._kinds[kind] = found
            return found

    def _text(self, field: str, cells: Sequence[str], columns: Mapping[str, tuple[int, ...]]) -> str:
        places = columns.get(field)
        if places is None:
            return ""
        if len(places) == 1:
            return cells[places[0]].strip() if places[0] < len(cells) else ""
        filled = [text for place in places if place < len(cells) and (text := cells[place].strip())]
        if field in self._table.joined:
            return " / ".join(filled)
        return filled[0] if filled else ""

    def _key_of_id(self, cells: Sequence[str]) -> str:
        native = self._text("id", cells, self._columns)
        if native:
            return f"{self._format.key}:{native}"
        return f"{self._format.key}:!{blake2b(chr(31).join(cells).encode(), digest_size=8).hexdigest()}"

    def _account_of(self, text: Mapping[str, str], cells: Sequence[str]) -> str:
        """What the row's account is called: by the row, by the file, by the user, by the format."""
        if self._account:
            return self._account
        base = self._table.account or self._format.name
        is_of_row = "{" in base
        if is_of_row:
            before, _, rest = base.partition("{")
            column, _, after = rest.partition("}")
            place = place_of(column, self._index)
            number = cells[place].strip() if place is not None and place < len(cells) else ""
            base, is_of_row = (before + number + after).strip(), bool(number)
        if self._format.kind != "brokerage":
            said = text.get("account", "") or ("" if is_of_row else self._stated.name)
            return said or (base if is_of_row else self._otherwise or base)
        said_of_row = StatedAccount(
            text.get("account", ""), text.get("account_number", ""), text.get("account_type", ""), by_row=True
        )
        said_of = said_of_row or ((not is_of_row and self._stated) or StatedAccount())
        if not said_of and not is_of_row and self._otherwise:
            return self._otherwise
        key = (base, said_of)
        if key not in self._called:
            self._called[key] = account = broker_account(base, said_of)
            self.accounts.setdefault(account.called, account)
        return self._called[key].called

    def _foreign_money(self, cells: Sequence[str]) -> str:
        """The currency by whose sign the row's money is written, "" for dollars."""
        for field in ("amount", "net", "value", "price", "fee", "fees"):
            for place in self._columns.get(field, ()):
                found = _FOREIGN.search(cells[place]) if place < len(cells) else None
                if found is not None:
                    return _SIGNS.get(found[0], found[0])
        return ""

    def _day_of(self, when: str, cells: Sequence[str]) -> str:
        """The day that the row's own words give the event, where they say `as of`; else when it was booked."""
        if "as of" in when.casefold():
            return when
        for place in (*self._columns["kind"], *self._columns.get("note", ())):
            found = _AS_OF.search(cells[place]) if place < len(cells) else None
            if found is not None:
                return _NAMED_DAY.sub(r"\1 \2, \3", found["day"])
        return when

    def _zone_of(self, cells: Sequence[str]) -> tzinfo | None:
        if self._zone_column is None or self._zone_column >= len(cells):
            return self._source_zone
        return zone_written(cells[self._zone_column]) or self._source_zone

    def _movement(
        self, place: LineOfFile, kind: str, treatment: Treatment, cells: Sequence[str]
    ) -> Movement | Ignored | Unsettled:
        columns = self._columns
        if treatment.columns is not None:
            columns = self._treated.get(id(treatment)) or {
                **{field: places for field, places in self._columns.items() if field not in treatment.columns},
                **self._places(treatment.columns),
            }
            self._treated[id(treatment)] = columns
        text = RowFields(comma_is_doubtful=self._comma_is_doubtful)
        constants = self._constants if treatment.columns is None else self._own_constants(treatment)
        for field, said in (*self._constants.items(), *constants.items()):
            text[field] = self._with_cells(said, cells) if "{" in said else said
        width = len(cells)
        for field, places in columns.items():
            if len(places) == 1:
                found = cells[places[0]].strip() if places[0] < width else ""
            else:
                found = self._text(field, cells, columns)
            if found:
                text[field] = f"{found} / {constants[field]}" if field == "group" and field in constants else found
        for column, pattern in treatment.read:
            at = place_of(column, self._index)
            match = pattern.search(cells[at]) if at is not None and at < len(cells) else None
            if match is not None:
                text.update({field: found.strip() for field, found in match.groupdict().items() if found})
        text.update(treatment.stated)
        when = text.get("at", "")
        if "time" in text and ":" not in when:
            when = f"{when} {text['time']}"
        if self._format.kind == "brokerage":
            when = self._day_of(when, cells)
        happened = moment(when, self._zone_of(cells), order=self._order, is_ledger=self._format.kind == "ledger")
        if self._format.zone_is_asked and happened.has_time and happened.at.tzinfo is None:
            raise TimesWithoutZone(self._format.name, when)
        account = self._account_of(text, cells)
        local = happened.local(self._zones)
        movement = Movement(
            becomes=treatment.becomes or Becomes.LEDGER_ROW,
            moment=happened,
            at=to_the_millisecond(local or happened.at),
            zone_missing=local is None,
            account=account,
            is_of_account=account in self.accounts and self.accounts[account].is_told_apart,
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
        )
        if movement.becomes is Becomes.LEDGER_ROW:
            movement.cells = {
                name: cells[at].strip() for at, name in enumerate(self._header) if name and at < len(cells)
            }
            for name, cell in movement.cells.items():
                if self._comma_is_doubtful and "," in cell and holds_a_number(name):
                    text.number_in(cell)
            return movement
        movement.asset_class = treatment.asset_class or self._class(text)
        if movement.asset_class not in ("", "option"):
            movement.underlying = ""
        fees = [cells[at] for at in self._columns.get("fees", ()) if at < len(cells)]
        wrong = self._contradiction(text) or self._legs.fill(movement, treatment, text, fees, cells, self._account)
        if wrong:
            return self._unsettled(place, cells, kind, *wrong, movement)
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
            said = f"{text.get('note', '')} {kind}"
            if is_cash_fund(movement, said):
                return Ignored(place, CASH_SHARES)
            self._classify(movement, said)
        if movement.becomes in (Becomes.DEPOSIT, Becomes.WITHDRAWAL) and is_money(movement.asset):
            return Ignored(place, DOLLARS_MOVED)
        if self._compared and (differs := contradiction(movement, self._stated_figures(text, cells), self._slack)):
            remedy = "Look at the confirmation of that sale, and enter the row by hand with the right figures."
            return self._unsettled(place, cells, kind, differs, remedy, movement)
        if wrong := self._lot(movement, text, cells):
            return self._unsettled(place, cells, kind, *wrong, movement)
        return movement

    def _stated_figures(self, text: RowFields, cells: Sequence[str]) -> dict[str, Decimal]:
        found = {figure: self._text(figure, cells, self._compared) for figure in self._compared}
        return {figure: units for figure, cell in found.items() if (units := text.number_in(cell)) is not None}

    def _lot(self, movement: Movement, text: RowFields, cells: Sequence[str]) -> tuple[str, str] | None:
        """Fill in when units were acquired and their basis, where the row tells of it; what contradicts itself."""
        if movement.becomes not in _WITH_BASIS:
            return None

        def day(written: str) -> date:
            found = moment(written, self._zone_of(cells), order=self._order)
            return (found.local(self._zones) or found.at).date()

        units = movement.out_quantity or movement.in_quantity or ZERO
        if movement.becomes in (Becomes.OPENING, Becomes.DEPOSIT):
            movement.acquired, movement.basis = acquired_day(text, day), basis_of(text, units)
            if movement.becomes is Becomes.OPENING and movement.basis is None:
                return "The row gives no basis.", "Enter a row of Type Opening by hand."
            return None
        if movement.value is None:
            return "The row gives no proceeds.", "Enter the sale by hand."
        movement.price = None
        lot = closed_lot(
            text,
            day,
            units=units,
            is_award=movement.becomes is Becomes.AWARD_SALE,
            has_cover="covered" in self._columns,
        )
        movement.lot = lot
        if not movement.asset_class and self._format.kind == "brokerage":
            movement.asset_class = "stock"
        gain = text.number("gain")
        if gain is not None and contradicts(gain, movement.value, lot):
            return (
                f"The file says a gain of {gain}; proceeds of {movement.value} less a basis of {lot.basis} are "
                f"{movement.value - (lot.basis or ZERO)}.",
                "Find out which figure is right, and enter the sale by hand.",
            )
        return None

    def _with_cells(self, said: str, cells: Sequence[str]) -> str:
        """A text with the cells of the columns that stand in it in braces."""

        def cell(found: re.Match[str]) -> str:
            place = place_of(found[1], self._index)
            return cells[place].strip() if place is not None and place < len(cells) else ""

        return " ".join(_IN_BRACES.sub(cell, said).split())

    def _contradiction(self, text: RowFields) -> tuple[str, str] | None:
        """A unit behind a number that is not the asset named beside it."""
        found = contradicting_unit(text, _UNITS_OF)
        if found is None or self._legs.are_one(found[1], found[2]):
            return None
        cell, unit, asset = found
        return (
            f"{cell} is in {unit}, and the row names {asset} as its asset.",
            "Correct it in the source, or enter the row by hand.",
        )

    def _classify(self, movement: Movement, said: str) -> None:
        """Option or bond, where the symbol or the description says so."""
        asset = movement.in_asset if is_money(movement.out_asset) else movement.out_asset
        if movement.asset_class not in ("", "option") or is_money(asset):
            return
        underlying = option_underlying(asset)
        if underlying:
            movement.asset_class = "option"
            movement.underlying = movement.underlying or f"{underlying} x100"
        elif movement.asset_class == "" and movement.becomes not in _SHORT and is_bond(asset, said):
            movement.asset_class = "bond"

    def _class(self, text: Mapping[str, str]) -> str:
        if "class" in text and self._table.class_of:
            return self._table.class_of.get(normal(text["class"]), "")
        return "crypto" if self._format.kind in ("exchange", "wallet") else ""
