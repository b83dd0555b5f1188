"""What stands behind lines 4 and 11 of Schedule D where section 1256 contracts feed them: Form 6781, Part I."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import assert_never

from capgain.engine.explanation import Step, day, dollars
from capgain.engine.forms.form_6781 import Form6781
from capgain.engine.results.contracts import ContractEnd, ContractResult
from capgain.engine.units import quantity_text


def contracts_behind(number: str, form: Form6781, stated: Decimal, depth: int) -> Iterator[Step]:
    """The chain from line 4 or 11 of Schedule D to each closing and mark."""
    own, line, part = (form.line_8, "8", "40%") if number == "4" else (form.line_9, "9", "60%")
    total = own + stated
    beside = f" + {dollars(stated)} stated in Settings as Schedule D {number}" if stated else ""
    yield Step(depth, f"Line {number} is {dollars(total)} = Form 6781 line {line} ({dollars(own)}){beside}.", total)
    yield Step(
        depth + 1,
        f"Form 6781 line {line} is {dollars(own)}: {part} of line 7 ({dollars(form.line_7)}), whatever the holding "
        "period (26 USC 1256(a)(3)).",
        own,
    )
    if form.line_4:
        yield Step(
            depth + 2,
            f"Line 7 is line 3 ({dollars(form.line_3)}) and line 4 ({dollars(form.line_4)}), stated in Settings as "
            "Form 6781 4.",
            form.line_7,
        )
    for account, boxes in form.accounts.items():
        yield Step(
            depth + 2,
            f"{account or 'No account'}: {dollars(boxes.total)} = box 8 ({dollars(boxes.realised)}) - box 9 "
            f"({dollars(boxes.before)}) + box 10 ({dollars(boxes.after)}).",
            boxes.total,
        )
        for one in form.contracts:
            if one.account == account:
                yield Step(depth + 3, _sentence(one), one.gain, (one.row,))


def _sentence(one: ContractResult) -> str:
    units = f"{quantity_text(one.units)} {one.asset}"
    side = "sold short" if one.is_short else "bought"
    figures = f"{dollars(one.gain)} = {dollars(one.proceeds)} - {dollars(one.basis)}"
    match one.end:
        case ContractEnd.TOTAL:
            return f"Ledger row {one.row}: the year's total as reported, {dollars(one.gain)}."
        case ContractEnd.CLOSED:
            return (
                f"Ledger row {one.row}: {units}, {side} on {day(one.opened)}, closed on {day(one.closed)}: {figures}."
            )
        case ContractEnd.MARKED:
            return (
                f"Ledger row {one.row}: {units}, {side} on {day(one.opened)}, counted as sold at the value of "
                f"{day(one.closed)} (26 USC 1256(a)(1)): {figures}."
            )
        case _:
            assert_never(one.end)
