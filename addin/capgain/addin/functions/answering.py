"""One way in for every face: a function's name, what the formula gave it, and the caller make an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from capgain.addin.functions.arguments import Argument, Given, Left, Missing, Takes, Value, value_of
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Answer, Block, CellError, ErrorCode, Failure
from capgain.addin.functions.ledgers import LEDGERS, Computed, Source
from capgain.addin.functions.reasons import REASONS
from capgain.addin.functions.registry import Function, function
from capgain.addin.functions.settings_argument import stated_status, with_stated
from capgain.engine.problems import CapgainError, UnknownYear


def answer(name: str, given: Sequence[Given], caller: Caller) -> Answer:
    """What the function says; a `CellError` where it cannot. The reason is kept for CAPGAIN_WHY(the caller's cell).

    Raises KeyError for a name that is no function of ours.
    """
    called = function(name)
    try:
        result = _answer(called, given, caller)
    except Failure as failure:
        result = CellError(failure.code, _cut(failure.reason), failure.stale_handle)
    except UnknownYear as unknown:
        result = CellError(ErrorCode.NOT_AVAILABLE, _cut(str(unknown)))
    except CapgainError as error:
        result = CellError(ErrorCode.VALUE, _cut(str(error)))
    REASONS.note(caller.address, result if isinstance(result, CellError) else None)
    return result


LONGEST_REASON = 2_000
"""Characters: a reason may repeat what was given, and a cell takes no more than 32,767."""


def _cut(reason: str) -> str:
    return reason if len(reason) <= LONGEST_REASON else f"{reason[: LONGEST_REASON - 1]}…"


def _answer(called: Function, given: Sequence[Given], caller: Caller) -> Answer:
    if len(given) > len(called.arguments):
        raise Failure(
            ErrorCode.VALUE, f"{len(given)} arguments are too many: {called.signature} takes {len(called.arguments)}."
        )
    filled = [*given, *[Missing.MISSING] * (len(called.arguments) - len(given))]
    values: dict[str, Value] = {
        argument.name: value_of(argument, value, today=caller.today, date_1904=caller.date_1904)
        for argument, value in zip(called.arguments, filled, strict=True)
    }
    for argument in called.arguments:
        if argument.default is Left.OF_SETTINGS and values[argument.name] is None:
            year = values["year"]
            assert isinstance(year, int)
            values[argument.name] = stated_status(caller.settings, year)
    if not called.takes_ledger:
        return called.answer(**values)
    computed = _computed(called.arguments, values, caller)
    plain = {argument.name: values[argument.name] for argument in called.arguments if argument.takes not in _OF_LEDGER}
    if not called.is_kept:
        return called.answer(computed, **plain)
    key = (called.name, *plain.values())
    kept = computed.answers.get(key)
    return kept if kept is not None else computed.answers.keep(key, called.answer(computed, **plain))


_OF_LEDGER = frozenset({Takes.LEDGER, Takes.SETTINGS, Takes.ACCOUNTS, Takes.PRICES})


def _computed(arguments: Sequence[Argument], values: dict[str, Value], caller: Caller) -> Computed:
    """The ledger under the caller's Settings, Accounts and Prices, or what a handle stands for; arguments go first."""
    taken = {argument.takes: values[argument.name] for argument in arguments}
    ledger = taken[Takes.LEDGER]
    if isinstance(ledger, str):
        source = LEDGERS.of_handle(ledger)
    else:
        assert isinstance(ledger, Block)
        source = Source(ledger, caller.settings, caller.accounts, caller.prices, caller.forms_1099)
    settings, accounts, prices = (taken.get(takes) for takes in (Takes.SETTINGS, Takes.ACCOUNTS, Takes.PRICES))
    if isinstance(settings, tuple):
        source = replace(source, settings=with_stated(source.settings, settings))
    if isinstance(accounts, Block):
        source = replace(source, accounts=accounts)
    if isinstance(prices, Block):
        source = replace(source, prices=prices)
    return LEDGERS.computed(source)
