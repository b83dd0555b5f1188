"""What to say of a setting that there is not: one misspelt, one that a number depends on, or a return out of scope."""

from __future__ import annotations

import re
from collections.abc import Sequence

from capgain.workbook.reading.currencies import is_dollars
from capgain.workbook.written.misread import Misread
from capgain.workbook.written.words import close_words

_NOT_COMPUTED = {
    "estate": "the return of an estate or trust (Form 1041)",
    "trust": "the return of an estate or trust (Form 1041)",
    "fiduciary": "the return of an estate or trust (Form 1041)",
    "1041": "the return of an estate or trust (Form 1041)",
    "nonresident": "the return of a nonresident (Form 1040-NR)",
    "alien": "the return of a nonresident (Form 1040-NR)",
    "nra": "the return of a nonresident (Form 1040-NR)",
    "1040nr": "the return of a nonresident (Form 1040-NR)",
    "residency": "the return of a nonresident (Form 1040-NR)",
    "residence": "the return of a nonresident (Form 1040-NR)",
    "child": "the tax of a child on unearned income (Form 8615)",
    "kiddie": "the tax of a child on unearned income (Form 8615)",
    "8615": "the tax of a child on unearned income (Form 8615)",
    "corporation": "the return of a corporation or partnership",
    "partnership": "the return of a corporation or partnership",
    "llc": "the return of a corporation or partnership",
    "trader": "mark to market by traders (26 USC 475(f))",
    "dealer": "mark to market by traders (26 USC 475(f))",
    "475": "mark to market by traders (26 USC 475(f))",
    "fiscal": "a tax year other than the calendar year",
}
"""Words that name what no return of an individual for a calendar year has."""

_BEAR_ON_A_NUMBER = frozenset(
    """
    loss losses carry carryover carryovers carryforward carryforwards method order currency date format class account
    wallet exchange lot lots basis fee fees commission multiplier contract wash washes status deduction deductions tax
    taxes credit credits gain gains ira owner rounding round decimal decimals separator
    """.split()  # noqa: SIM905
)
"""Words in the name of a setting by which a number would depend on it."""

_SURELY = 0.75
"""How alike two words are of which one is surely the other misspelt."""

_NAMES_STATE_TAX = frozenset({"state", "state tax", "state of residence", "home state"})


def out_of_scope(text: str) -> Misread | None:
    """What to say of a word that means another return than that of an individual for a calendar year."""
    if text.casefold() in _NAMES_STATE_TAX:
        return None
    as_one = text.casefold().replace("non-resident", "nonresident").replace("1040-nr", "1040nr")
    words = re.findall(r"[a-z0-9]+", as_one)
    found = next((_NOT_COMPUTED[word] for word in words if word in _NOT_COMPUTED), None)
    if found is None:
        return None
    return Misread(
        f"{text}: {found} is not computed.",
        "Take it up with your adviser; take the setting out if the return is Form 1040 of an individual all the same.",
        "OUT_OF_SCOPE",
    )


def unknown_setting(name: str, bare: str, value: str, known: Sequence[str], listed: str) -> tuple[Misread, bool]:
    """What to say of a setting that is none of `known`, and whether it may be a note of the user's own.

    `bare` is `name` without its year; `listed` says which settings there are.
    """
    as_value = " ".join(value.casefold().split()).removeprefix("form ")
    refused = out_of_scope(name) or (out_of_scope(value) if as_value in _NOT_COMPUTED else None)
    if refused is not None:
        return refused, False
    if bare.casefold() in _NAMES_STATE_TAX:
        return Misread(
            f"{name}: state tax is not computed.", "Take it up outside this workbook.", "UNKNOWN_SETTING"
        ), True
    meant = close_words(bare, known, 1, _SURELY)
    if meant:
        return Misread(f"{name} is not a setting.", f"Did you mean {meant[0]}?", "SETTING_MISSPELT"), False
    bears_on = next((word for word in re.findall(r"[a-z0-9]+", bare.casefold()) if word in _BEAR_ON_A_NUMBER), None)
    if bears_on is not None and not is_dollars(value):
        return (
            Misread(
                f"{name} is not a setting, and bears on {bears_on} by its name.",
                f"Write the setting that is meant, or take the row out if no figure depends on it. {listed}",
                "SETTING_NOT_READ",
            ),
            False,
        )
    may_mean = close_words(bare, known, 1)
    if may_mean:
        remedy = f"Did you mean {may_mean[0]}? If it is a note of your own, take the row out."
        return Misread(f"{name} is not a setting.", remedy, "SETTING_MISSPELT"), False
    return Misread(f"{name} is not a setting and is left out of account.", listed, "UNKNOWN_SETTING"), True
