"""Cells of Excel's Stocks type on the sheet Prices are read, or named with what to do."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from capgain.workbook.reading import read_ledger_file

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RICH = "http://schemas.microsoft.com/office/spreadsheetml/2017/richdata"
METADATA = f"""<metadata xmlns="{MAIN}" xmlns:xlrd="{RICH}"><metadataTypes count="2"><metadataType name="XLDAPR"/>
<metadataType name="XLRICHVALUE"/></metadataTypes><futureMetadata name="XLRICHVALUE" count="2">
<bk><extLst><ext uri="x"><xlrd:rvb i="0"/></ext></extLst></bk>
<bk><extLst><ext uri="x"><xlrd:rvb i="1"/></ext></extLst></bk></futureMetadata>
<valueMetadata count="2"><bk><rc t="2" v="0"/></bk><bk><rc t="2" v="1"/></bk></valueMetadata></metadata>"""
STRUCTURES = f"""<rvStructures xmlns="{RICH}" count="3"><s t="_linkedentity2"><k n="%EntityServiceId" t="i"/>
<k n="_DisplayString" t="s"/><k n="%EntityId" t="s"/></s><s t="_formattednumber"><k n="_Format" t="spb"/></s>
<s t="_linkedentity2core"><k n="%EntityId" t="s"/><k n="%EntityServiceId" t="i"/><k n="Currency" t="s"/>
<k n="Last trade time" t="r"/><k n="Price" t="r"/><k n="Ticker symbol" t="s"/></s></rvStructures>"""


def rich(currency: str = "USD") -> str:
    return f"""<rvData xmlns="{RICH}" count="5"><rv s="0"><v>268435456</v><v>MICROSOFT CORPORATION (XNAS:MSFT)</v>
<v>a1xzim</v></rv><rv s="0"><v>7</v><v>BTC/{currency}</v><v>btc</v></rv><rv s="1"><fb>483.62</fb><v>0</v></rv>
<rv s="1"><fb>46022.875</fb><v>0</v></rv>
<rv s="2"><v>a1xzim</v><v>268435456</v><v>{currency}</v><v>3</v><v>2</v><v>MSFT</v></rv></rvData>"""


def book(folder: Path, *, parts: dict[str, str]) -> Path:
    """A workbook whose Prices hold a stock in row 2, in every column, and a pair in row 3 with a typed price."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Ledger"
    sheet.append(["Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class"])
    sheet.append([date(2025, 1, 6), "Buy", "MSFT", 10, 4000, "Schwab", "stock"])
    sheet.append([date(2025, 1, 6), "Buy", "BTC", 1, 90000, "Coinbase", "crypto"])
    prices = made.create_sheet("Prices")
    prices.append(["Asset", "Price", "Date"])
    prices.append(["#VALUE!", "#VALUE!", "#VALUE!"])
    prices.append(["#VALUE!", 90000, None])
    plain = folder / "plain.xlsx"
    made.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(folder / "book.xlsx", "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet2.xml":
                content = re.sub(rb'(<c r="[ABC]2")', rb'\1 vm="1"', content)
                content = content.replace(b'<c r="A3"', b'<c r="A3" vm="2"')
                assert content.count(b'vm="') == 4
                assert content.count(b't="e"') == 4
            copy.writestr(name, content)
        for name, text in parts.items():
            copy.writestr(name, text)
    return folder / "book.xlsx"


def whole(currency: str = "USD") -> dict[str, str]:
    values = {"xl/richData/rdrichvalue.xml": rich(currency), "xl/richData/rdrichvaluestructure.xml": STRUCTURES}
    return {"xl/metadata.xml": METADATA, **values}


def test_symbol_price_and_day_are_those_that_excel_fetched(tmp_path: Path) -> None:
    file = read_ledger_file(book(tmp_path, parts=whole()))
    found = [(price.asset, price.price, price.day) for price in file.ledger.prices]
    assert found == [("MSFT", Decimal("483.62"), date(2025, 12, 31)), ("BTC", Decimal(90000), None)]
    assert [problem for problem in file.ledger.problems if problem.sheet == "Prices"] == []


def test_a_price_in_another_currency_is_no_price_and_is_named(tmp_path: Path) -> None:
    file = read_ledger_file(book(tmp_path, parts=whole("EUR")))
    assert [price.asset for price in file.ledger.prices] == ["BTC"]
    (problem,) = [problem for problem in file.ledger.problems if problem.sheet == "Prices"]
    assert (problem.row, problem.column, problem.blocks_filing) == (2, "Price", False)
    assert "=B2.Price" in problem.remedy


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"xl/metadata.xml": METADATA},
        {**whole(), "xl/richData/rdrichvalue.xml": "<rvData"},
        {**whole(), "xl/richData/rdrichvaluestructure.xml": f'<rvStructures xmlns="{RICH}"/>'},
        {**whole(), "xl/metadata.xml": METADATA.replace('i="0"', 'i="99"').replace('i="1"', 'i="-1"')},
        {**whole(), "xl/metadata.xml": METADATA.replace('t="2"', 't="x"')},
    ],
)
def test_what_cannot_be_followed_is_named_and_damages_nothing(tmp_path: Path, parts: dict[str, str]) -> None:
    file = read_ledger_file(book(tmp_path, parts=parts))
    assert file.ledger.prices == ()
    found = [(problem.row, problem.code) for problem in file.ledger.problems if problem.sheet == "Prices"]
    assert found == [(2, "PRICE_PASSED_OVER"), (3, "PRICE_PASSED_OVER")]
