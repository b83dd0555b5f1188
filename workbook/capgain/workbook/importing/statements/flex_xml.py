"""Interactive Brokers' Flex statements in XML as one table; IBKR's Flex Query reference names the attributes.

A row is one element that holds nothing but attributes, in COLUMNS, which bear the names of the same statement's CSV;
attributes that are not among them are left out. `Section` is the element's own name, `AccountType` that of the account,
where the statement has the element AccountInformation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.parsers import expat

from capgain.workbook.importing.statements.unreadable import UnreadableStatement

LARGEST = 64 * 1024 * 1024
"""Bytes."""

_ATTRIBUTES: Mapping[str, str] = {
    "accountId": "ClientAccountID",
    "currency": "CurrencyPrimary",
    "assetCategory": "AssetClass",
    "symbol": "Symbol",
    "underlyingSymbol": "UnderlyingSymbol",
    "tradeID": "TradeID",
    "transactionID": "TransactionID",
    "dateTime": "DateTime",
    "tradeDate": "TradeDate",
    "date": "Date",
    "reportDate": "ReportDate",
    "quantity": "Quantity",
    "tradePrice": "TradePrice",
    "proceeds": "Proceeds",
    "tradeMoney": "TradeMoney",
    "ibCommission": "IBCommission",
    "ibCommissionCurrency": "IBCommissionCurrency",
    "taxes": "Taxes",
    "buySell": "Buy/Sell",
    "openCloseIndicator": "Open/CloseIndicator",
    "notes": "Notes/Codes",
    "levelOfDetail": "LevelOfDetail",
    "type": "Type",
    "direction": "Direction",
    "amount": "Amount",
    "description": "Description",
    "actionDescription": "ActionDescription",
    "transactionType": "TransactionType",
    "fifoPnlRealized": "FifoPnlRealized",
    "multiplier": "Multiplier",
}
COLUMNS = ("Section", *_ATTRIBUTES.values(), "AccountType")

_ABOUT = frozenset({"FlexQueryResponse", "FlexStatements", "FlexStatement", "AccountInformation"})


def looks_like_flex(text: str) -> bool:
    """Whether a file's text is a statement of this kind."""
    return "<FlexQueryResponse" in text[:4096]


def flex_rows(name: str, text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(line of the file, cells in the order of COLUMNS) of every row, below the columns' own names.

    Raises:
        UnreadableStatement: the file is no XML, declares a document type, or is too large.
    """
    if len(text) > LARGEST:
        raise UnreadableStatement(f"{name} is larger than {LARGEST // 1024 // 1024} MB. Query shorter time spans.")
    rows: list[tuple[int, tuple[str, ...]]] = [(1, COLUMNS)]
    account, types = [""], {"": ""}
    parser = expat.ParserCreate()

    def begun(element: str, attributes: dict[str, str]) -> None:
        if element == "FlexStatement":
            account[0] = attributes.get("accountId", "")
        elif element == "AccountInformation":
            named = (attributes.get(name, "").strip() for name in ("accountType", "customerType"))
            types[attributes.get("accountId", account[0])] = " ".join(filter(None, named))
        if element in _ABOUT or not attributes:
            return
        cells = {column: attributes.get(attribute, "").strip() for attribute, column in _ATTRIBUTES.items()}
        cells["ClientAccountID"] = cells["ClientAccountID"] or account[0]
        rows.append((parser.CurrentLineNumber, (element, *cells.values(), types.get(cells["ClientAccountID"], ""))))

    def document_type(*_: object) -> None:
        raise UnreadableStatement(f"{name} declares a document type, which no Flex statement does. Download it again.")

    parser.StartElementHandler = begun
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.Parse(text.encode("utf-8"), True)
    except (expat.ExpatError, LookupError, ValueError) as trouble:
        raise UnreadableStatement(f"{name} is damaged or cut off: {trouble}. Download it again.") from trouble
    yield from rows
