"""A source's row becomes a movement, by the format's data alone; what cannot be read is told, never dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from hashlib import blake2b

from capgain.workbook.importing.asset_names import is_money
from capgain.workbook.importing.format_files import Format, SourceTable, Treatment, normal
from capgain.workbook.importing.ledger_rows import holds_a_number
from capgain.workbook.importing.legs import LegReader
from capgain.workbook.importing.movements import Becomes, LineOfFile, Movement, to_the_millisecond
from capgain.workbook.importing.outcomes import Ignored, Unsettled
from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.importing.source_files import DELIMITERS, SourceRow
from capgain.workbook.written.source_text import UnreadableValue, moment
from capgain.workbook.written.time_zones import ZoneByYear

DOLLARS_MOVED = "dollars moved; dollars have no lots"


class TableReader:
    """Reads the rows below one header.

    `zones` are the tax zones (None: times keep their own), `source_zone` the zone of times that name none, `account`
    the name to use instead of the format's. `comma_is_doubtful`: a lone comma in a number may mark decimals.
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
        account: str = "",
        comma_is_doubtful: bool = False,
    ) -> None:
        self._format = known
        self._table = table
        self._file = file
        self._zones = zones
        self._source_zone = source_zone
        self._account = account
        self._comma_is_doubtful = comma_is_doubtful
        self._header = [cell.strip().lstrip("\ufeff") for cell in header.cells]
        self._index: dict[str, int] = {}
        for place, name in enumerate(self._header):
            self._index.setdefault(normal(name), place)
        self._columns = self._places(table.columns)
        self._treated: dict[int, Mapping[str, tuple[int, ...]]] = {}
        self._kinds: dict[str, tuple[Treatment | None, str]] = {}
        self._legs = LegReader(known, table, self._index)
        self._special = [
            (tuple((self._index.get(column, -1), pattern) for column, pattern in special.when), special.treatment)
            for special in table.special
            if all(column in self._index for column, _ in special.when)
        ]

    def _places(self, columns: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[int, ...]]:
        found = {
            field: tuple(self._index[name] for column in names if (name := normal(column)) in self._index)
            for field, names in columns.items()
        }
        return {field: places for field, places in found.items() if places}

    def read(self, row: SourceRow) -> Movement | Ignored | Unsettled:
        """What the row says."""
        place = LineOfFile(self._file, row.line)
        cells = row.cells
        for pattern, reason in self._table.other_rows:
            if pattern.match(normal(next((cell for cell in cells if cell.strip()), ""))):
                return Ignored(place, reason)
        if self._table.ignore:
            return Ignored(place, self._table.ignore)
        if (lacking := self._cut_off(cells)) is not None:
            return self._unsettled(place, cells, "", lacking, "Export the file again, or complete the line by hand.")
        kind = self._text("kind", cells, self._columns)
        treatment, label = self._treatment(kind, cells)
        if treatment is None:
            message = f"{self._format.name} calls this {kind!r}, which is not known here."
            remedy = "Enter it in the Ledger by hand, or say in a mapping file what it becomes."
            return self._unsettled(
                place, cells, kind, message if kind else "The row does not say what kind it is.", remedy
            )
        if treatment.ignore:
            return Ignored(place, treatment.ignore)
        if treatment.refuse:
            message, _, remedy = treatment.refuse.partition(". ")
            remedy = remedy or "Leave it out, or keep it outside this ledger."
            return self._unsettled(place, cells, label, f"{kind}: {message.rstrip('.')}.", remedy)
        try:
            return self._movement(place, label, treatment, cells)
        except UnreadableValue as unreadable:
            remedy = "Correct it in the source, or enter the row in the Ledger by hand."
            return self._unsettled(place, cells, kind, f"{unreadable}.", remedy)

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

    def _treatment(self, kind: str, cells: Sequence[str]) -> tuple[Treatment | None, str]:
        """What is done with a row of that kind, and the kind's short name for the summary."""
        for conditions, treatment in self._special:
            for place, pattern in conditions:
                if not pattern.fullmatch(normal(cells[place]) if place < len(cells) else ""):
                    break
            else:
                return treatment, kind
        try:
            return self._kinds[kind]
        except KeyError:
            name = normal(kind)
            found: tuple[Treatment | None, str] = (self._table.kinds.get(name), kind)
            if found[0] is None:
                matches = (
                    (treated, label) for pattern, treated, label in self._table.kind_patterns if pattern.fullmatch(name)
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

    def _account_name(self, text: Mapping[str, str], cells: Sequence[str]) -> str:
        if self._account:
            return self._account
        if stated := text.get("account"):
            return stated if self._format.kind != "brokerage" else f"{self._format.name} {stated}"
        name = self._table.account or self._format.name
        if "{" in name:
            before, _, rest = name.partition("{")
            column, _, after = rest.partition("}")
            place = self._index.get(normal(column), -1)
            name = before + (cells[place].strip() if 0 <= place < len(cells) else "") + after
        return name.strip()

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
        width = len(cells)
        for field, places in columns.items():
            if len(places) == 1:
                found = cells[places[0]].strip() if places[0] < width else ""
            else:
                found = self._text(field, cells, columns)
            if found:
                text[field] = found
        for column, pattern in treatment.read:
            at = self._index.get(column, -1)
            match = pattern.search(cells[at]) if 0 <= at < len(cells) else None
            if match is not None:
                text.update({field: found.strip() for field, found in match.groupdict().items() if found})
        when = text.get("at", "")
        if "time" in text and ":" not in when:
            when = f"{when} {text['time']}"
        happened = moment(when, self._source_zone, is_ledger=self._format.kind == "ledger")
        local = happened.local(self._zones)
        movement = Movement(
            becomes=treatment.becomes or Becomes.LEDGER_ROW,
            moment=happened,
            at=to_the_millisecond(local or happened.at),
            zone_missing=local is None,
            account=self._account_name(text, cells),
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
        fees = [cells[at] for at in self._columns.get("fees", ()) if at < len(cells)]
        wrong = self._legs.fill(movement, treatment, text, fees, cells, self._account)
        if wrong:
            return self._unsettled(place, cells, kind, *wrong, movement)
        if movement.becomes in (Becomes.DEPOSIT, Becomes.WITHDRAWAL) and is_money(movement.asset):
            return Ignored(place, DOLLARS_MOVED)
        return movement

    def _class(self, text: Mapping[str, str]) -> str:
        if "class" in text and self._table.class_of:
            return self._table.class_of.get(normal(text["class"]), "")
        return "crypto" if self._format.kind in ("exchange", "wallet") else ""
