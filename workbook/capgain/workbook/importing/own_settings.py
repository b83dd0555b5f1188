"""The tax zone that an import was told, written on the sheet Settings of a workbook that names none."""

from __future__ import annotations

from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.sheets import column_letter
from capgain.workbook.written.words import plain
from capgain.workbook.xlsx.book_parts import BookParts
from capgain.workbook.xlsx.sheet_xml import SheetXml, cell_xml

_NAME = "Time Zone"


def put_time_zone(parts: BookParts, settings: RawSheet | None, zone: str) -> None:
    """Write the zone beside its name, or in a new row below the others; a book without Settings stays as it is.

    Raises CannotEdit.
    """
    if settings is None or settings.name not in parts.about.sheets:
        return
    part = parts.about.sheets[settings.name]
    sheet = SheetXml(parts.read(part), settings.name)
    column = settings.first_column
    for number, row in enumerate(settings.rows, start=settings.first_row):
        if row and isinstance(row[0], str) and plain(row[0]) == plain(_NAME):
            styles = sheet.styles_of_row(number)
            reference = f"{column_letter(column + 1)}{number}"
            sheet.put_cells(number, {column + 1: cell_xml(sheet.prefix, reference, styles.get(column + 1, 0), zone)})
            break
    else:
        number = settings.first_row + len(settings.rows)
        styles = sheet.styles_of_row(number - 1)
        cells = {
            place: cell_xml(sheet.prefix, f"{column_letter(place)}{number}", styles.get(place, 0), text)
            for place, text in ((column, _NAME), (column + 1, zone))
        }
        sheet.put_rows(number, number, [cells], frozenset(cells))
    parts.changed[part] = sheet.content
