"""What income was paid for, where the words of a source say it: the Ledger's word for column Kind."""

from __future__ import annotations

import re
from functools import lru_cache

from capgain.engine.classes import IncomeKind
from capgain.workbook.reading.acquisition_rows import KINDS_OF_INCOME
from capgain.workbook.reading.event_rows import KINDS_OF_DIVIDEND, KINDS_OF_INTEREST
from capgain.workbook.written.words import INCOME_KINDS

_ALLOWED = {
    "Income": frozenset(KINDS_OF_INCOME),
    "Dividend": frozenset(KINDS_OF_DIVIDEND),
    "Interest": frozenset(KINDS_OF_INTEREST),
}
"""What column Kind of a row of that type may say."""

_WORDS = tuple(
    (re.compile(f" ({form}) "), kind)
    for form, kind in (
        (r"cash ?back|rebates?|refunds?|reimbursement", IncomeKind.UNSTATED),
        (r"stak(e|ed|ing)|dpos|inflation|validator", IncomeKind.STAKING),
        (r"(hard ?)?forks?|chain ?split", IncomeKind.HARD_FORK),
        (r"air ?drops?", IncomeKind.AIRDROP),
        (r"(mining|mined) (commercial|business)|(commercial|business) mining", IncomeKind.MINING_BUSINESS),
        (r"mining|mined", IncomeKind.MINING),
        (r"learn|learning|coinbase earn", IncomeKind.LEARNING),
        (r"referr(al|als|er|ed)|invite", IncomeKind.REFERRAL),
        (r"salary|wages?", IncomeKind.WAGE),
        (r"interest|lending", IncomeKind.LENDING),
        (r"in lieu", IncomeKind.SUBSTITUTE_PAYMENT),
        (r"non ?qual(ified)?", IncomeKind.DIVIDEND),
        (r"qual|qualified", IncomeKind.QUALIFIED_DIVIDEND),
    )
)
"""Whole words of what a source calls a row, the first that are found counting: `dpos compound interest` is of staking.
Interest in units of a coin is for lending it; what comes back of a price or a fee is none of these kinds."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATORS = re.compile(r"[^a-z]+")


@lru_cache(maxsize=4096)
def said_of_income(text: str) -> IncomeKind | None:
    """The kind that a source's words mean, None where they mean none."""
    whole = INCOME_KINDS.find(text) or IncomeKind.UNSTATED
    if whole is not IncomeKind.UNSTATED:
        return IncomeKind.LENDING if whole is IncomeKind.INTEREST else whole
    plain = f" {' '.join(_SEPARATORS.split(_CAMEL.sub(' ', text).casefold()))} "
    found = next((kind for form, kind in _WORDS if form.search(plain)), IncomeKind.UNSTATED)
    return None if found is IncomeKind.UNSTATED else found


def kind_in_ledger(ledger_type: str, said: IncomeKind | None) -> str:
    """What column Kind of a row of that type holds; "" where the type says it all, or has no such kind."""
    if said is None or said not in _ALLOWED.get(ledger_type, ()) or said.value == ledger_type.casefold():
        return ""
    return said.value
