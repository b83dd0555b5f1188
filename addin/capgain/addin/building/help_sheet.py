"""The sheet from which Excel-DNA IntelliSense shows help while a formula is typed."""

from __future__ import annotations

from capgain.addin.functions.registry import FUNCTIONS

SHEET = "_IntelliSense_"
"""The name it looks for, in add-ins too; the sheet may be very hidden."""


def help_rows() -> list[list[str]]:
    """A marker row, then for each function: name, description, help page (none), and each argument with its help."""
    rows = [["FunctionInfo", "1"]]
    for function in FUNCTIONS:
        row = [function.name, f"{function.help} {function.result} Example: {function.example}", ""]
        for argument in function.arguments:
            row += [argument.shown, argument.help]
        rows.append(row)
    return rows
