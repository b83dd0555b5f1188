"""What columns of unknown files and the words in them may mean: guesses for a mapping that a person looks over."""

from __future__ import annotations

import re

from capgain.workbook.importing.movements import Becomes
from capgain.workbook.reading.columns import WRITTEN

_ENDINGS = re.compile(r"\((?:optional|utc[^)]*|usd|us\$|\$)\)|#", re.IGNORECASE)
_LETTERS = re.compile(r"[^a-z0-9/&]+")


def plain_heading(heading: str) -> str:
    """A heading without case, blanks, signs and what only says its unit, `(Optional)`, `(UTC)`, `($)`."""
    return _LETTERS.sub("", _ENDINGS.sub("", heading.casefold().replace("_", " ")))


def _of_ledger(*columns: str) -> tuple[str, ...]:
    words = [
        name for column in columns for name in (column, *WRITTEN["names"][column], *WRITTEN["weak"].get(column, ()))
    ]
    return tuple(dict.fromkeys(plain_heading(word) for word in words))


_SENT = ("sent", "gave", "given", "sell", "sold", "out", "from", "debit", "spent", "paid", "outgoing")
_RECEIVED = ("received", "got", "gotten", "buy", "bought", "in", "to", "credit", "incoming")
_UNITS = ("amount", "quantity", "units", "volume", "size", "qty", "")
COINS = ("currency", "coin", "asset", "token", "symbol", "cur", "ccy")

FIELD_WORDS: dict[str, tuple[str, ...]] = {
    "at": (
        *_of_ledger("Date"),
        "createdat",
        "utctime",
        "when",
        "moment",
        "booked",
        "bookingdate",
        "day",
        "datetimeutc",
    ),
    "kind": (*_of_ledger("Type"), "kind", "what", "category", "event"),
    "sent_quantity": tuple(side + word for side in _SENT for word in _UNITS),
    "sent_asset": tuple(side + word for side in _SENT for word in COINS),
    "received_quantity": tuple(side + word for side in _RECEIVED for word in _UNITS),
    "received_asset": tuple(side + word for side in _RECEIVED for word in COINS),
    "base_quantity": tuple("base" + word for word in _UNITS if word),
    "base_asset": tuple("base" + word for word in COINS),
    "quote_quantity": tuple("quote" + word for word in _UNITS if word),
    "quote_asset": tuple("quote" + word for word in COINS),
    "fee_quantity": ("feeamount", "feequantity", "feeunits", "cost", "feepaid"),
    "fee_asset": ("feecurrency", "feecoin", "feeasset", "feetoken", "costcoin", "feecur", "feeunit"),
    "account": (*_of_ledger("Account"), "place"),
    "asset": (*_of_ledger("Asset"), "currency", "paper", "product", "market"),
    "quantity": (
        *_of_ledger("Quantity"),
        "pieces",
        "change",
        "amount",
        "balancechange",
        "depositamount",
        "withdrawalamount",
    ),
    "price": (*_of_ledger("Price"), "each", "spotprice"),
    "net": tuple(plain_heading(word) for word in WRITTEN["net"]),
    "fee": (*_of_ledger("Fee"), "charge", "feeusd"),
    "value": ("worthinusd", "valueusd", "usdvalue", "nativeamountinusd", "marketvalue", "networth", "worth"),
    "amount": (*_of_ledger("Amount"), "proceeds", "dollars", "usdamount", "cost", "totalusd", "value"),
    "id": (*_of_ledger("ID"), "id", "orderid", "uuid"),
    "group": ("refid", "groupid", "orderid", "ref", "reference", "tradeid"),
    "chain_id": ("txhash", "transactionhash", "hash", "txid"),
    "currency": ("currency", "pricecurrency", "totalcurrency", "cur", "ccy", "quotecurrency", "totalcoin"),
    "note": (*_of_ledger("Note"), "notes", "description"),
}
"""Headings by the field they may be, in the order in which fields choose; `base_` and `quote_` are the two sides of a
pair, which side came depends on the kind."""

KIND_WORDS: tuple[tuple[Becomes, re.Pattern[str]], ...] = (
    (Becomes.FEE, re.compile(r"\b(fee|gas|commission)$")),
    (Becomes.COVER, re.compile(r"cover|buy to close|bought to close")),
    (Becomes.SHORT_SELL, re.compile(r"short|sell to open|sold to open")),
    (Becomes.REINVEST, re.compile(r"reinvest")),
    (Becomes.BUY, re.compile(r"\b(buy|bought|purchase|purchased)\b")),
    (Becomes.SELL, re.compile(r"\b(sell|sold|sale|redemption)\b")),
    (Becomes.EXCHANGE, re.compile(r"\b(trade|swap|convert|conversion|exchange)\b")),
    (Becomes.DIVIDEND, re.compile(r"dividend|\bdiv\b")),
    (Becomes.INTEREST, re.compile(r"interest")),
    (Becomes.INCOME, re.compile(r"reward|staking|airdrop|mining|cashback|bonus|income|referral")),
    (Becomes.GIFT_OUT, re.compile(r"gift (sent|out)|donat")),
    (Becomes.DEPOSIT, re.compile(r"\b(deposit|receive|received|transfer in|incoming)\b")),
    (Becomes.WITHDRAWAL, re.compile(r"\b(withdraw|withdrawal|send|sent|transfer out|outgoing)\b")),
    (Becomes.SPEND, re.compile(r"\b(spend|payment|card)\b")),
)


def guessed_kind(word: str) -> Becomes | None:
    """What a kind of row becomes by its word, None where the word does not say."""
    said = " ".join(re.findall(r"[a-z]+", word.casefold().replace("_", " ")))
    return next((becomes for becomes, words in KIND_WORDS if words.search(said)), None)
