"""Reading ledgers: files and blocks of cells to the engine's transactions, with every problem found."""

from capgain.workbook.reading.ledger_file import LedgerFile, read_ledger_file
from capgain.workbook.reading.overrides import NotASetting
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.xlsx.unreadable import UnreadableFile

__all__ = ["LedgerFile", "NotASetting", "RawSheet", "UnreadableFile", "read_ledger_file"]
