"""Form 6781, Part I: section 1256 contracts marked to market (26 USC 1256).

The words are those of the printed forms of 2018, 2019 and 2024, which the form of 2025 repeats; of the years between,
and of 2026, those of 2024.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, NamedTuple

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.arithmetic import NOTHING, Given, percent
from capgain.engine.forms.form import Form, line
from capgain.engine.money import ZERO, from_cents
from capgain.engine.results.contracts import ContractEnd, ContractResult
from capgain.engine.years import TaxYear

LAST_IN_PARENTHESES = 2019
"""The last form read on which lines 8 and 9 refer to the instructions in parentheses."""


class Boxes(NamedTuple):
    """An account's contracts of a year as Form 1099-B has them in boxes 8 to 11, in dollars.

    `realised` is the result of closed contracts since they were opened, `before` what was unrealised on those open at
    the last year's end, `after` on those open at this one's; `total` is what the year takes.
    """

    realised: Decimal
    before: Decimal
    after: Decimal
    total: Decimal

    def by_number(self) -> Mapping[str, Decimal]:
        return {"8": self.realised, "9": self.before, "10": self.after, "11": self.total}


def boxes_of(results: Iterable[ContractResult]) -> Boxes:
    """Boxes 8 to 11 of one account: 8 - 9 + 10 = 11."""
    realised = after = total = 0
    for one in results:
        total += one.gain_cents
        if one.end is ContractEnd.MARKED:
            after += one.original_cents
        else:
            realised += one.original_cents
    before = realised + after - total
    return Boxes(from_cents(realised), from_cents(before), from_cents(after), from_cents(total))


@dataclass(frozen=True)
class Form6781(Form):
    """Part I of a year with results. `contracts` are those of the return, `form_1099_adjustments` line 4 as stated.

    No loss is carried back: line 6 is zero.
    """

    title: ClassVar = "Form 6781, Gains and Losses From Section 1256 Contracts and Straddles"

    year: TaxYear
    status: FilingStatus
    contracts: tuple[ContractResult, ...]
    form_1099_adjustments: Decimal = ZERO

    @property
    def words(self) -> Mapping[str, str]:
        return {"see": " (see instructions)" if self.year.year <= LAST_IN_PARENTHESES else ". See instructions"}

    line_2b = line("2b", "Add the amounts on line 1 in column (b), (loss)", Given("losses"))
    line_2c = line("2c", "Add the amounts on line 1 in column (c), gain", Given("gains"))
    line_3 = line("3", "Net gain or (loss). Combine line 2, columns (b) and (c)", line_2b + line_2c)
    line_4 = line("4", "Form 1099-B adjustments. See instructions and attach statement", Given("form_1099_adjustments"))
    line_5 = line(
        "5",
        "Combine lines 3 and 4",
        line_3 + line_4,
        "Note: If line 5 shows a net gain, skip line 6 and enter the gain on line 7. Partnerships and S corporations, "
        "see instructions.",
    )
    line_6 = line(
        "6",
        "If you have a net section 1256 contracts loss and checked box D above, enter the amount of loss to be carried "
        "back. Enter the loss as a positive number. If you didn’t check box D, enter -0-",
        NOTHING + NOTHING,
    )
    line_7 = line("7", "Combine lines 5 and 6", line_5 + line_6)
    line_8 = line(
        "8",
        "Short-term capital gain or (loss). Multiply line 7 by 40% (0.40). Enter here and include on line 4 of "
        "Schedule D or on Form 8949{see}",
        percent(40, line_7),
    )
    line_9 = line(
        "9",
        "Long-term capital gain or (loss). Multiply line 7 by 60% (0.60). Enter here and include on line 11 of "
        "Schedule D or on Form 8949{see}",
        line_7 - line_8,
    )

    @property
    def accounts(self) -> Mapping[str, Boxes]:
        """The lines 1 of the form: an account or source each, in the order in which they first have a result."""
        found: dict[str, list[ContractResult]] = {}
        for one in self.contracts:
            found.setdefault(one.account, []).append(one)
        return {account: boxes_of(results) for account, results in found.items()}

    @property
    def losses(self) -> Decimal:
        return sum((min(boxes.total, ZERO) for boxes in self.accounts.values()), ZERO)

    @property
    def gains(self) -> Decimal:
        return sum((max(boxes.total, ZERO) for boxes in self.accounts.values()), ZERO)
