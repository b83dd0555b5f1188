"""The tax zone in which the times of price files have their day."""

from __future__ import annotations

from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading import LedgerFile
from capgain.workbook.reading.setting_rows import settings_of
from capgain.workbook.written.columns_of_cells import Names
from capgain.workbook.written.time_zones import ZoneByYear, zone_named


def tax_zones(stated: str | None, file: LedgerFile | None) -> ZoneByYear | None:
    """Those of the ledger's Settings, else the one stated; None where there is none. Raises UnreadableImport."""
    settings = None if file is None else next((sheet for sheet in file.raw if sheet.name == "Settings"), None)
    of_book = settings_of(settings, Names(), Names(), date_1904=False).zones
    default = None if file is None else file.ledger.settings.time_zone
    if stated and default and zone_named(stated) != zone_named(default):
        raise UnreadableImport(
            f"The time zone {stated} was asked for, but Settings say {default}. A ledger has one tax zone."
        )
    return of_book or (ZoneByYear(zone_named(stated), {}) if stated else None)
