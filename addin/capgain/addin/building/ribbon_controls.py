"""What stands on the CapGain tab of the ribbon. The XML and the VBA call-backs are made from this."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """`action` is the name of a function in `ribbon.actions`; `needs_ledger`: greyed out without a Ledger sheet."""

    action: str
    label: str
    image: str
    key_tip: str
    screen_tip: str
    super_tip: str
    large: bool = False
    needs_ledger: bool = True

    @property
    def id(self) -> str:
        return "CapGain" + "".join(word.capitalize() for word in self.action.split("_"))


@dataclass(frozen=True, slots=True)
class Choice:
    """A drop-down that reads and writes one row of the Settings sheet."""

    setting: str
    label: str
    key_tip: str
    screen_tip: str
    super_tip: str
    width: str

    @property
    def id(self) -> str:
        return "CapGain" + self.setting.replace(" ", "")


@dataclass(frozen=True, slots=True)
class Group:
    """A titled part of the tab."""

    id: str
    label: str
    controls: tuple[Button | Choice, ...]


TAB_LABEL = "CapGain"
TAB_KEY_TIP = "YC"
"""Excel takes Y for its own Help tab."""

GROUPS = (
    Group(
        "CapGainReportGroup",
        "Report",
        (
            Button(
                "refresh",
                "Refresh",
                "RefreshAll",
                "R",
                "Refresh the report",
                "Computes the ledger and writes Form 8949, Schedule D, carryover, lots and checks into this workbook. "
                "Your own sheets stay as they are; tick marks and notes stay with their rows.",
                large=True,
            ),
            Choice(
                "Tax Year", "Tax year", "T", "Tax year", "The year Refresh reports. Kept on the Settings sheet.", "0000"
            ),
            Choice(
                "Filing Status",
                "Filing status",
                "F",
                "Filing status",
                "Decides the loss limit and the tax. Kept on the Settings sheet.",
                "000000",
            ),
            Button(
                "restore_previous",
                "Restore Previous",
                "Undo",
                "U",
                "Bring back the sheets before the last Refresh",
                "Excel cannot undo what a button did. This puts every sheet CapGain wrote back as it was.",
            ),
        ),
    ),
    Group(
        "CapGainLedgerGroup",
        "Ledger",
        (
            Button(
                "new_ledger",
                "New Ledger",
                "TableInsert",
                "N",
                "Add a ledger",
                "Adds Ledger, Accounts, Settings and Prices sheets with drop-down lists, where they are missing.",
                needs_ledger=False,
            ),
            Button(
                "import_into_ledger",
                "Import",
                "GetExternalDataFromText",
                "I",
                "Import files of exchanges and brokers",
                "Adds the rows of the files you choose to the ledger, or starts a ledger with them. Rows that are "
                "there already are left out. What cannot be entered is listed on the sheet Open Items.",
                needs_ledger=False,
            ),
            Button(
                "take_prices",
                "Prices",
                "GetExternalDataFromText",
                "X",
                "Take price files in",
                "Adds the prices of files of CoinGecko, Yahoo, Stooq, Nasdaq and exchanges to the sheet Prices.",
            ),
            Button(
                "live_prices",
                "Live Prices",
                "RefreshAll",
                "V",
                "Let Excel 365 fetch prices",
                "Puts Excel's own STOCKHISTORY formula beside every asset without a price. Older Excel lacks it.",
            ),
            Button(
                "check",
                "Check",
                "ErrorChecking",
                "C",
                "Check the ledger",
                "Lists every problem on the sheet To Fix, each with its cell and what to do, and selects the first.",
            ),
        ),
    ),
    Group(
        "CapGainPlanGroup",
        "Plan",
        (
            Button(
                "harvest",
                "Harvest",
                "SortAscendingExcel",
                "H",
                "Losses worth taking",
                "Refreshes the report and goes to its sheet Harvest: tick lots, and see this year's return and tax "
                "with and without those sales, wash sales among them. Needs prices on the Prices sheet.",
            ),
            Button(
                "check_ticks",
                "Check Ticks",
                "ErrorChecking",
                "K",
                "Have the engine figure the ticked sales",
                "Writes the engine's figures beside those of the sheet Harvest: grey where they agree, red where not.",
            ),
            Button(
                "clear_ticks",
                "Clear Ticks",
                "Undo",
                "L",
                "Take every tick off",
                "Empties the column Sell of the sheet Harvest.",
            ),
            Button(
                "what_if",
                "What-if",
                "WhatIfAnalysisMenu",
                "W",
                "Try a sale before making it",
                "Shows a planned sale under every lot method, with the tax of each. The ledger does not change.",
            ),
        ),
    ),
    Group(
        "CapGainHandOverGroup",
        "Hand over",
        (
            Button(
                "accountant_copy",
                "Accountant Copy",
                "FileSendAsAttachment",
                "A",
                "A plain copy for the accountant",
                "Writes a folder with a macro-free workbook, PDFs and files for tax software.",
                large=True,
            ),
        ),
    ),
    Group(
        "CapGainHelpGroup",
        "CapGain",
        (
            Button("settings", "Settings", "PropertySheet", "S", "Open the settings", "Goes to the Settings sheet."),
            Button(
                "help",
                "Help",
                "Help",
                "P",
                "Help",
                "Lists every function with an example, and the state of this installation.",
                needs_ledger=False,
            ),
        ),
    ),
)


def buttons() -> tuple[Button, ...]:
    """All buttons in the order of the tab."""
    return tuple(control for group in GROUPS for control in group.controls if isinstance(control, Button))


def choices() -> tuple[Choice, ...]:
    """All drop-downs in the order of the tab."""
    return tuple(control for group in GROUPS for control in group.controls if isinstance(control, Choice))
