"""OFX and QFX investment statements (Open Financial Exchange 1.0.2 to 2.2, section 13) as one table.

A row is one transaction of an investment account, in COLUMNS; what a security is called comes from the statement's own
list of securities. A REINVEST is two rows: the income, and the purchase of units with it. Times of 00:00, 12:00 and
16:00 stand for a day alone: that is how brokers write a trade's date here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from capgain.workbook.importing.statements.unreadable import UnreadableStatement

LARGEST = 64 * 1024 * 1024
"""Bytes."""

DEEPEST = 64
"""Elements within one another; the deepest of the specification stand nine deep."""

COLUMNS = (
    "OFX Transaction",
    "FITID",
    "Date",
    "Broker",
    "Account",
    "Account Number",
    "Account Type",
    "Currency",
    "Security",
    "Security Class",
    "Underlying",
    "Units",
    "Unit Price",
    "Commission",
    "Fees",
    "Load",
    "Taxes",
    "Accrued Interest",
    "Total",
    "Numerator",
    "Denominator",
    "Memo",
)

BROKERS: Mapping[str, tuple[str, int]] = {
    "vanguard": ("Vanguard", 0),
    "fidelity": ("Fidelity", 4),
    "schwab": ("Schwab", 3),
    "etrade": ("E*TRADE", 4),
    "e*trade": ("E*TRADE", 4),
    "ml.com": ("Merrill", 4),
    "merrill": ("Merrill", 4),
    "ameritrade": ("TD Ameritrade", 4),
    "tiaa": ("TIAA", 4),
    "morganstanley": ("Morgan Stanley", 4),
    "morgan stanley": ("Morgan Stanley", 4),
    "interactive brokers": ("Interactive Brokers", 0),
}
"""By a word of BROKERID or of the institution's ORG: the broker, and how many of the last signs of the number it shows
elsewhere (0: all, and the number is the account's name)."""

_CLASSES = {"STOCKINFO": "stock", "MFINFO": "fund", "DEBTINFO": "bond", "OPTINFO": "option"}
_DAY_ALONE = frozenset({"", "000000", "120000", "160000"})
_TOKEN = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z0-9_.:-]+)[^<>]*?(?P<empty>/?)>|(?P<text>[^<]+)|(?P<stray><)")
_MOMENT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?P<clock>\d{6}|\d{4})?(?:\.\d+)?"
    r"\s*(?:\[(?P<sign>[+-]?)(?P<hours>\d{1,2})(?:\.(?P<part>\d+))?(?::[^\]]*)?\])?",
    re.ASCII,
)
_OCC = re.compile(r"(?P<root>[A-Z][A-Z0-9.]{0,5})\s*\d{6}[CP]\d{8}", re.ASCII)


@dataclass(slots=True)
class Element:
    """One element: its text where it is a leaf, else what stands in it."""

    name: str
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def find(self, name: str) -> Element | None:
        """The first element of that name below this one."""
        return next(self.every(name), None)

    def every(self, name: str) -> Iterator[Element]:
        """Every element of that name below this one, in the order they stand."""
        for child in self.children:
            if child.name == name:
                yield child
            else:
                yield from child.every(name)

    def said(self, name: str) -> str:
        """The text of the first element of that name, "" where there is none."""
        found = self.find(name)
        return "" if found is None else found.text


@dataclass(frozen=True, slots=True)
class Security:
    """What the list of securities says of one."""

    name: str
    asset_class: str
    underlying: str


def looks_like_ofx(text: str) -> bool:
    """Whether a file's text is a statement of this kind."""
    start = text[:2048].lstrip("\ufeff \r\n\t")
    return start[:10].upper() == "OFXHEADER:" or "<?OFX" in start.upper() or start[:5].upper() == "<OFX>"


def ofx_rows(name: str, text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(line of the file, cells in the order of COLUMNS) of every transaction, below the columns' own names.

    Raises:
        UnreadableStatement: the file is no statement, too large, cut off, or of bank accounts alone.
    """
    if len(text) > LARGEST:
        raise UnreadableStatement(f"{name} is larger than {LARGEST // 1024 // 1024} MB. Download shorter time spans.")
    root = parsed(name, text)
    statements = list(root.every("INVSTMTRS"))
    if not statements:
        has_bank = root.find("STMTTRN") is not None
        what = "bank accounts and cards alone, which have no lots" if has_bank else "no investment account"
        raise UnreadableStatement(f"{name} tells of {what}. Download the statement of the brokerage account.")
    securities = _securities(root)
    yield 1, COLUMNS
    for statement in statements:
        account = _account(statement, root.said("ORG"))
        currency = statement.said("CURDEF") or "USD"
        for listed in statement.every("INVTRANLIST"):
            for transaction in listed.children:
                if transaction.name in ("DTSTART", "DTEND"):
                    continue
                for cells in _cells(transaction, account, currency, securities):
                    yield transaction.line, tuple(cells.get(column, "") for column in COLUMNS)


def parsed(name: str, text: str) -> Element:
    """The statement as a tree: SGML, whose leaves need no end, as well as XML.

    Raises:
        UnreadableStatement: it declares a document type, is cut off, or nests too deeply.
    """
    if re.search(r"<!\s*(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise UnreadableStatement(
            f"{name} declares a document type, which no bank's statement does. Download it again."
        )
    start = re.search(r"<OFX>", text, re.IGNORECASE)
    if start is None:
        raise UnreadableStatement(f"{name} holds no <OFX>. Download it again.")
    root = Element("", 0)
    open_elements = [root]
    leaf: Element | None = None
    line = text.count("\n", 0, start.start()) + 1
    for token in _TOKEN.finditer(text, start.start()):
        if token["text"] is not None:
            said = token["text"].strip()
            if said and leaf is not None:
                leaf.text = html.unescape(said)
            line += token["text"].count("\n")
            continue
        if token["stray"]:
            raise UnreadableStatement(f"{name}, line {line}: '<' begins no tag. Download the file again.")
        tag = token["name"].upper()
        if token["end"]:
            _close(open_elements, tag)
            leaf = None
        else:
            if leaf is not None and leaf.text:
                open_elements.pop()
            element = Element(tag, line)
            open_elements[-1].children.append(element)
            leaf = None
            if not token["empty"]:
                if len(open_elements) > DEEPEST:
                    raise UnreadableStatement(f"{name}, line {line}: tags stand too deep in one another.")
                open_elements.append(element)
                leaf = element
        line += token[0].count("\n")
    if any(element.name == "OFX" for element in open_elements):
        raise UnreadableStatement(f"{name} is cut off: <OFX> is never closed. Download it again.")
    return root


def _close(open_elements: list[Element], tag: str) -> None:
    """Close the innermost element of that name; those left open within it were leaves without a text."""
    if not any(element.name == tag for element in open_elements[1:]):
        return
    while (last := open_elements.pop()).name != tag:
        if last.children:
            open_elements[-1].children.extend(last.children)
            last.children = []


def _securities(root: Element) -> Mapping[str, Security]:
    found: dict[str, Security] = {}
    options: list[tuple[str, Element]] = []
    for listed in root.every("SECLIST"):
        for about in listed.children:
            unique, ticker = about.said("UNIQUEID"), about.said("TICKER")
            found[unique] = Security(ticker or unique, _CLASSES.get(about.name, ""), "")
            if about.name == "OPTINFO":
                options.append((unique, about))
    for unique, about in options:
        own = [identity.said("UNIQUEID") for identity in about.every("SECID")]
        of = next((found[other].name for other in own if other != unique and other in found), "")
        symbol = _OCC.fullmatch(found[unique].name)
        found[unique] = Security(found[unique].name, "option", of or (symbol["root"] if symbol else ""))
    return found


def _account(statement: Element, organisation: str) -> dict[str, str]:
    """The cells that name the account."""
    number = statement.said("ACCTID")
    said = statement.said("BROKERID")
    words = f"{said} {organisation}".casefold()
    known = next((found for word, found in BROKERS.items() if word in words), None)
    broker, digits = known or (organisation or said or "Brokerage", 4)
    named = {"Account Number": number[-digits:]} if digits else {"Account": number}
    plan = "401k" if any(statement.find(name) is not None for name in ("INV401K", "INV401KBAL")) else ""
    return {"Broker": broker, **named, "Account Type": plan}


_ACTIONS = ("BUYTYPE", "SELLTYPE", "OPTBUYTYPE", "OPTSELLTYPE", "OPTACTION", "INCOMETYPE", "TFERACTION", "TRNTYPE")


def _cells(
    transaction: Element, account: Mapping[str, str], currency: str, securities: Mapping[str, Security]
) -> Iterator[dict[str, str]]:
    unique = transaction.said("UNIQUEID")
    security = securities.get(unique, Security(unique, "", ""))
    action = next((said for name in _ACTIONS if (said := transaction.said(name))), "")
    own_currency = transaction.find("CURRENCY")
    cells = {
        "OFX Transaction": f"{transaction.name} {action}".strip().upper(),
        "FITID": transaction.said("FITID"),
        "Date": _moment(transaction.said("DTTRADE") or transaction.said("DTPOSTED")),
        **account,
        "Currency": currency if own_currency is None else own_currency.said("CURSYM") or currency,
        "Security": security.name,
        "Security Class": security.asset_class,
        "Underlying": security.underlying if security.asset_class == "option" else "",
        "Units": _number(transaction.said("UNITS")),
        "Unit Price": _number(transaction.said("UNITPRICE")),
        "Commission": _number(transaction.said("COMMISSION")),
        "Fees": _number(transaction.said("FEES")),
        "Load": _number(transaction.said("LOAD")),
        "Taxes": _number(transaction.said("TAXES")),
        "Accrued Interest": _number(transaction.said("ACCRDINT")),
        "Total": _number(transaction.said("TOTAL") or transaction.said("TRNAMT")),
        "Numerator": _number(transaction.said("NUMERATOR")),
        "Denominator": _number(transaction.said("DENOMINATOR")),
        "Memo": " ".join(filter(None, (transaction.said("NAME"), transaction.said("MEMO")))),
    }
    if transaction.name == "REINVEST":
        total = cells["Total"].lstrip("-+")
        yield {**cells, "OFX Transaction": f"REINVESTED {action}", "FITID": f"{cells['FITID']}/income", "Total": total}
        cells["OFX Transaction"] = "REINVEST"
    if transaction.name == "CLOSUREOPT" and action == "EXPIRE":
        cells["Total"] = "0"
    yield cells


def _number(text: str) -> str:
    """A comma marks decimals here, as a point does; nothing marks thousands."""
    return text.replace(",", ".") if "." not in text else text


def _moment(text: str) -> str:
    """`20250103103000[-5:EST]` as an ISO text, the day alone for a clock that brokers write for none.

    A time without an offset is in UTC (OFX 2.2, 3.2.8.2).
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return text
    day = f"{found['year']}-{found['month']}-{found['day']}"
    clock = found["clock"].ljust(6, "0") if found["clock"] else ""
    if clock in _DAY_ALONE:
        return day
    minutes = int(found["hours"] or 0) * 60 + int((found["part"] or "0").ljust(2, "0")[:2]) * 60 // 100
    offset = f"{found['sign'] if found['sign'] == '-' else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return f"{day} {clock[:2]}:{clock[2:4]}:{clock[4:]}{offset}"
