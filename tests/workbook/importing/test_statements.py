"""Statements that are no tables: OFX in its two writings, Flex in XML, and what is refused of them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from capgain.workbook.importing.source_files import UnreadableImport, read_sources
from capgain.workbook.importing.statements.flex_xml import COLUMNS as FLEX
from capgain.workbook.importing.statements.ofx import parsed

from .builders import ledger, run

HEAD = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nCHARSET:1252\n\n"
ACCOUNT = "<INVACCTFROM><BROKERID>{}<ACCTID>{}</INVACCTFROM>"
BUY = (
    "<BUYSTOCK><INVBUY><INVTRAN><FITID>{id}<DTTRADE>{date}</INVTRAN><SECID><UNIQUEID>1<UNIQUEIDTYPE>CUSIP</SECID>"
    "<UNITS>{units}<UNITPRICE>10<TOTAL>{total}</INVBUY><BUYTYPE>BUY</BUYSTOCK>"
)
SECURITY = (
    "<SECLISTMSGSRSV1><SECLIST><STOCKINFO><SECINFO><SECID><UNIQUEID>1<UNIQUEIDTYPE>CUSIP</SECID>"
    "<SECNAME>A &amp; B<TICKER>AB</SECINFO></STOCKINFO></SECLIST></SECLISTMSGSRSV1>"
)


def statement(*transactions: str, broker: str = "example.com", number: str = "9876543", currency: str = "USD") -> str:
    return (
        f"{HEAD}<OFX><INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS><CURDEF>{currency}{ACCOUNT.format(broker, number)}"
        f"<INVTRANLIST><DTSTART>20250101<DTEND>20251231{''.join(transactions)}</INVTRANLIST></INVSTMTRS></INVSTMTTRNRS>"
        f"</INVSTMTMSGSRSV1>{SECURITY}</OFX>"
    )


def written(folder: Path, text: str, name: str = "statement.qfx", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def first_row(path: Path) -> dict[str, str]:
    (source,) = read_sources(path)
    return dict(zip(source.rows[0].cells, source.rows[1].cells, strict=True))


def bought(**more: str) -> str:
    return BUY.format(**{"id": "a", "date": "20250103", "units": "2", "total": "-20", **more})


def test_leaves_without_ends_and_elements_with_them_are_read_alike(tmp_path: Path) -> None:
    sgml = statement(bought())
    xml = (
        '<?xml version="1.0"?>\n<?OFX OFXHEADER="200" VERSION="220"?>\n<OFX><INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS>'
        "<CURDEF>USD</CURDEF><INVACCTFROM><BROKERID>example.com</BROKERID><ACCTID>9876543</ACCTID></INVACCTFROM>"
        "<INVTRANLIST><BUYSTOCK><INVBUY><INVTRAN><FITID>a</FITID><DTTRADE>20250103</DTTRADE><MEMO/></INVTRAN>"
        "<SECID><UNIQUEID>1</UNIQUEID></SECID><UNITS>2</UNITS><UNITPRICE>10</UNITPRICE><TOTAL>-20</TOTAL></INVBUY>"
        "<BUYTYPE>BUY</BUYTYPE></BUYSTOCK></INVTRANLIST></INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1><SECLISTMSGSRSV1>"
        "<SECLIST><STOCKINFO><SECINFO><SECID><UNIQUEID>1</UNIQUEID></SECID><TICKER>AB</TICKER></SECINFO></STOCKINFO>"
        "</SECLIST></SECLISTMSGSRSV1></OFX>"
    )
    assert first_row(written(tmp_path, sgml)) == first_row(written(tmp_path, xml, "statement.ofx"))


def test_an_empty_leaf_without_an_end_takes_nothing_in() -> None:
    root = parsed("s", "<OFX><A><MEMO><NAME>x<B>y</A></OFX>")
    (a,) = root.every("A")
    assert [(child.name, child.text) for child in a.children] == [("MEMO", ""), ("NAME", "x"), ("B", "y")]


@pytest.mark.parametrize(
    ("written_as", "read_as"),
    [
        ("20250103", "2025-01-03"),
        ("20250103000000", "2025-01-03"),
        ("20250103120000.000[-5:EST]", "2025-01-03"),
        ("20250103160000[-5:EST]", "2025-01-03"),
        ("20250103103000[-5:EST]", "2025-01-03 10:30:00-05:00"),
        ("20250103103000[5.5:IST]", "2025-01-03 10:30:00+05:30"),
        ("20250103103001", "2025-01-03 10:30:01+00:00"),
    ],
)
def test_a_clock_that_stands_for_a_day_is_one(written_as: str, read_as: str, tmp_path: Path) -> None:
    assert first_row(written(tmp_path, statement(bought(date=written_as))))["Date"] == read_as


def test_a_comma_marks_decimals_and_several_transactions_stand_on_one_line(tmp_path: Path) -> None:
    both = statement(bought(units="2,5", total="-25,00"), bought(id="b"))
    result = run(tmp_path, written(tmp_path, both))
    assert ledger(result, "ID", "Type", "Asset", "Quantity", "Amount", "Account") == [
        ("b", "Buy", "AB", "2", "20", "example.com 6543"),
        ("a", "Buy", "AB", "2.5", "25", "example.com 6543"),
    ]
    assert [file.rows_read for file in result.files] == [2]


def test_other_money_is_no_dollars(tmp_path: Path) -> None:
    result = run(tmp_path, written(tmp_path, statement(bought(), currency="EUR")))
    assert result.rows == ()
    assert "EUR" in result.problems[0].message


def test_windows_letters_are_read(tmp_path: Path) -> None:
    named = (
        statement(bought()).replace("<TICKER>AB", "").replace("A &amp; B", "Société").replace(">1<UNIQUEIDTYPE", ">é<U")
    )
    assert first_row(written(tmp_path, named, encoding="cp1252"))["Security"] == "é"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "<!DOCTYPE x [<!ENTITY a 'b'>]>" + statement(bought()), "declares a document type"),
        (statement(bought())[:-6], "cut off"),
        (HEAD + "<OFX><BANKMSGSRSV1><STMTTRN><FITID>1</STMTTRN></BANKMSGSRSV1></OFX>", "bank accounts and cards alone"),
        (HEAD + "<OFX></OFX>", "no investment account"),
        (HEAD + "nothing", "holds no <OFX>"),
        (HEAD + "<OFX>" + "<A>" * 100 + "</OFX>", "too deep"),
        (HEAD + "<OFX><A>1 < 2</A></OFX>", "begins no tag"),
    ],
)
def test_what_is_no_statement_is_refused_by_name(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableImport, match=says):
        read_sources(written(tmp_path, text))


def test_a_row_of_flex_has_the_columns_of_its_csv_and_its_own_line(tmp_path: Path) -> None:
    text = (
        '<FlexQueryResponse><FlexStatements><FlexStatement accountId="U7">\n<Trades>\n'
        '<Trade symbol="XYZ" quantity="1" new="x" levelOfDetail="EXECUTION" />\n</Trades>'
        "</FlexStatement></FlexStatements></FlexQueryResponse>"
    )
    (source,) = read_sources(written(tmp_path, text, "flex.xml"))
    assert source.rows[0].cells == FLEX
    row = dict(zip(FLEX, source.rows[1].cells, strict=True))
    assert (row["Section"], row["ClientAccountID"], row["Symbol"], source.rows[1].line) == ("Trade", "U7", "XYZ", 3)


def test_a_spreadsheet_in_open_document_format_is_read(tmp_path: Path) -> None:
    rows = (("Date", "Action", "Symbol", "Volume", "Currency", "Total", "Fee", "FeeCurrency", "Memo"),)
    rows += (("2025-01-15 17:00:00 +0000", "BUY", "BTC", "0.1", "USD", "9600", "10", "USD", ""),)
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows)
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    path = tmp_path / "trades.ods"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        book.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet>"
            f'<table:table table:name="Trades">{lines}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    result = run(tmp_path, path)
    assert ledger(result, "Type", "Asset", "Quantity", "Amount", "Fee") == [("Buy", "BTC", "0.1", "9600", "10")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><FlexQueryResponse/>", "declares a document type"),
        ("<FlexQueryResponse><FlexStatements>", "cut off"),
    ],
)
def test_a_flex_statement_that_is_none_is_refused_by_name(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableImport, match=says):
        read_sources(written(tmp_path, text, "flex.xml"))
