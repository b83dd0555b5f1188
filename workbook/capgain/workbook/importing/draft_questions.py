"""What a person is asked of a file that no format knows, and what an answer makes of the draft of its mapping."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from capgain.workbook.importing.draft_format import DraftFormat, DraftKind
from capgain.workbook.importing.movements import Becomes
from capgain.workbook.written.date_orders import DateOrder, in_order
from capgain.workbook.written.time_zones import UnknownZone, zone_named
from capgain.workbook.written.words import counted, one_of, plain

NO_TRANSACTION = "No transaction"
KINDS: Mapping[str, Becomes] = {
    "Buy": Becomes.BUY,
    "Sell": Becomes.SELL,
    "Trade": Becomes.EXCHANGE,
    "Income": Becomes.INCOME,
    "Dividend": Becomes.DIVIDEND,
    "Interest": Becomes.INTEREST,
    "Reinvest": Becomes.REINVEST,
    "Moved in": Becomes.DEPOSIT,
    "Moved out": Becomes.WITHDRAWAL,
    "Spend": Becomes.SPEND,
    "Fee": Becomes.FEE,
    "Gift In": Becomes.GIFT_IN,
    "Gift Out": Becomes.GIFT_OUT,
    "Donate": Becomes.DONATE,
    "Lost": Becomes.LOST,
    "Short Sell": Becomes.SHORT_SELL,
    "Cover": Becomes.COVER,
}
"""What a kind of row can be said to be, in the words of the ledger."""

_ORDERS = (DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST)
_NEEDED = ("at", "kind")
_ONE_SIDED = ("asset", "quantity", "price", "amount", "net", "fee", "account")
_COLUMNS = {
    "at": "the date or time",
    "kind": "what happened (bought, sold, ...)",
    "asset": "the asset",
    "quantity": "how many units",
    "price": "the price of one unit in dollars",
    "amount": "the dollars before the fee",
    "net": "the dollars after the fee",
    "fee": "the fee in dollars",
    "account": "the account",
    "value": "what the units were worth in dollars",
    "currency": "the currency of the amounts",
    "note": "a note",
    "id": "the transaction's own id",
    "sent_asset": "the asset that left",
    "sent_quantity": "how many units left",
    "received_asset": "the asset that came",
    "received_quantity": "how many units came",
    "fee_asset": "the coin in which the fee was paid",
    "fee_quantity": "how many units the fee was",
}


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    """One question. `example` is what stands in the file, `answer` the guess, "" where there is none, `choices` what
    can be answered, none where anything can; `can_be_blank`: no answer is one."""

    key: str
    asks: str
    example: str
    answer: str
    choices: tuple[str, ...]
    can_be_blank: bool = False


def questions_of(draft: DraftFormat) -> Iterator[DraftQuestion]:
    """Everything that the draft guesses or leaves open, the open things first."""
    if draft.first_date and draft.order is None:
        choices = tuple(f"{order.value}: {in_order(draft.first_date, order)[:10]}" for order in _ORDERS)
        yield DraftQuestion("order", "Which day is this?", draft.first_date, "", choices)
    if draft.zone is None:
        yield DraftQuestion(
            "zone", "In which zone are the times (UTC, America/New_York, ...)?", draft.first_time, "", ()
        )
    for kind in draft.kinds:
        rows = f"{counted(kind.count, 'row')}, the first in line {kind.line}"
        yield DraftQuestion(
            f"kind: {kind.word}", f"What is {kind.word!r}?", rows, _word_of(kind), (*KINDS, NO_TRANSACTION)
        )
    yield DraftQuestion("name", "What is the account called, where no column says it?", "", draft.name, ())
    headings = tuple(heading for heading in draft.headings if heading)
    sides = any(one.startswith(("sent_", "received_", "base_", "quote_")) for one in draft.columns)
    asked = dict.fromkeys((*_NEEDED, *(() if sides else _ONE_SIDED), *draft.columns))
    for one in asked:
        yield DraftQuestion(
            f"column: {one}",
            f"Which column holds {_COLUMNS.get(one, one.replace('_', ' '))}?",
            "",
            draft.columns.get(one, ""),
            headings,
            can_be_blank=one not in _NEEDED,
        )


def _word_of(kind: DraftKind) -> str:
    if kind.becomes is None:
        return NO_TRANSACTION if kind.ignored else ""
    return next((word for word, becomes in KINDS.items() if becomes is kind.becomes), kind.becomes.value)


def take_answer(draft: DraftFormat, key: str, answer: str) -> str:
    """Put an answer into the draft; what is wrong with it, "" where nothing is."""
    what, _, about = key.partition(": ")
    take: Callable[[DraftFormat, str, str], str] | None = _TAKES.get(what)
    return "" if take is None else take(draft, about, answer.strip())


def _order(draft: DraftFormat, _: str, answer: str) -> str:
    wanted = answer.partition(":")[0].strip().casefold()
    draft.order = next((order for order in _ORDERS if order.value == wanted), None)
    return "" if draft.order is not None else "Answer mdy or dmy."


def _zone(draft: DraftFormat, _: str, answer: str) -> str:
    try:
        zone_named(answer)
    except UnknownZone as unknown:
        return str(unknown)
    draft.zone = answer
    return ""


def _kind(draft: DraftFormat, word: str, answer: str) -> str:
    kind = next((one for one in draft.kinds if one.word == word), None)
    if kind is None:
        return "The file has no such rows any more. Take this line out."
    kind.ignored = plain(answer) == plain(NO_TRANSACTION)
    said = {plain(one): becomes for one, becomes in KINDS.items()} | {plain(one.value): one for one in Becomes}
    kind.becomes = None if kind.ignored else said.get(plain(answer))
    return "" if kind.ignored or kind.becomes is not None else f"Answer {one_of((*KINDS, NO_TRANSACTION))}."


def _name(draft: DraftFormat, _: str, answer: str) -> str:
    draft.name = answer or draft.name
    return ""


def _column(draft: DraftFormat, one: str, answer: str) -> str:
    if not answer:
        draft.columns.pop(one, None)
        return "Name the column." if one in _NEEDED else ""
    heading = next((heading for heading in draft.headings if plain(heading) == plain(answer)), None)
    if heading is None:
        return f"The file has no column {answer}. It has {', '.join(filter(None, draft.headings))}."
    if draft.columns.get(one) != heading:
        answered = {kind.word: (kind.becomes, kind.ignored) for kind in draft.kinds}
        draft.choose(one, heading)
        for kind in draft.kinds:
            kind.becomes, kind.ignored = answered.get(kind.word, (kind.becomes, kind.ignored))
    return ""


_TAKES = {"order": _order, "zone": _zone, "kind": _kind, "name": _name, "column": _column}
