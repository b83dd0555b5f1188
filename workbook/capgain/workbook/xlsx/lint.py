"""What must not be in a workbook that leaves the house: read from the file itself, part by part, without Excel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree
from zipfile import ZipFile

from capgain.workbook.sheets import is_beyond_excel
from capgain.workbook.xlsx.package_parts import read_parts

# fmt: off
ALLOWED_FUNCTIONS = frozenset({
    "ABS", "AND", "CHOOSE", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "DATE", "DAY", "EDATE", "HYPERLINK", "IF",
    "IFERROR", "INDEX", "ISBLANK", "ISNUMBER", "LEFT", "LEN", "MATCH", "MAX", "MID", "MIN", "MONTH", "NOT", "OR",
    "RIGHT", "ROUND", "ROWS", "SUBTOTAL", "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "TEXT", "TRIM", "UPPER",
    "VLOOKUP", "YEAR",
})
# fmt: on
"""Functions that every Excel since 2010 and LibreOffice know."""

_FORMULA_CELL = re.compile(
    r'<c r="([A-Z]+\d+)"([^>]*)><f[^>]*>(.*?)</f>(?:<v>(.*?)</v>|<v ?/>)?</c>|<c r="([A-Z]+\d+)"([^>]*)><f[^>]*/>',
    re.DOTALL,
)
_FUNCTION = re.compile(r"([A-Za-z_][\w.]*)\(")
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_EXTERNAL = re.compile(r"\[\d+\]|'[^']*\[[^\]]+\][^']*'!")
_SSN = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
_FOLDER = re.compile(r"[A-Za-z]:\\Users\\|/home/\w|/Users/\w|/root/")
_PARTS = {
    "vbaProject": ("macros", "holds VBA macros"),
    "xl/externalLinks/": ("links", "links to another workbook"),
    "xl/connections": ("connections", "holds data connections"),
    "xl/queryTables": ("connections", "holds query tables"),
    "xl/webextensions": ("add-ins", "opens an Office add-in"),
    "customXml/": ("custom XML", "holds custom XML, which may carry code or data"),
    "xl/activeX": ("controls", "holds ActiveX controls"),
    "xl/embeddings": ("embedded files", "holds embedded files"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a workbook: `where` is a part, sheet or cell."""

    rule: str
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text} ({self.rule})"


def lint(file: Path | BinaryIO, *, ssn_is_shown: bool = False) -> tuple[Finding, ...]:
    """Everything that must be mended before the workbook may go out; () when nothing is."""
    findings: list[Finding] = []
    with ZipFile(file) as parts:
        for name in parts.namelist():
            findings += [Finding(rule, name, text) for start, (rule, text) in _PARTS.items() if start in name]
        findings += _properties(parts)
        findings += _texts(parts, ssn_is_shown)
        findings += _defined_names(parts)
        about = read_parts(parts)
        for name, part in about.sheets.items():
            if about.states[name] != "visible":
                findings.append(Finding("no hidden sheets", name, f"the sheet is {about.states[name]}"))
            if re.fullmatch(r"Sheet\d*", name):
                findings.append(Finding("names that say something", name, "the name says nothing"))
            if name not in about.print_areas:
                findings.append(Finding("print set-up", name, "no print area"))
            findings += _sheet(name, _pieces(parts, part, b"</row>"))
    return tuple(findings)


def _pieces(parts: ZipFile, part: str, end: bytes) -> Iterator[str]:
    """The text of a part in pieces that end with this tag, and what follows the last one."""
    with parts.open(part) as file:
        rest = b""
        while block := file.read(1 << 20):
            whole, tag, rest = (rest + block).rpartition(end)
            yield (whole + tag).decode("utf-8")
        yield rest.decode("utf-8")


def _sheet(name: str, pieces: Iterable[str]) -> Iterator[Finding]:
    around = ""
    for piece in pieces:
        yield from _formulas(name, piece)
        around += re.sub(r"<row .*</row>", "", piece, flags=re.DOTALL)
    if "<mergeCell " in around:
        yield Finding("no merged cells", name, "cells are merged")
    if "<oddFooter>" not in around:
        yield Finding("print set-up", name, "no footer")
    if "<oddHeader>" not in around:
        yield Finding("print set-up", name, "no header")
    protection = re.search(r"<sheetProtection [^>]*>", around)
    if protection and re.search(r'\b(password|hashValue)="', protection[0]):
        yield Finding("protected without password", name, "a password protects the sheet")


def _formulas(name: str, xml: str) -> Iterator[Finding]:
    for found in _FORMULA_CELL.finditer(xml):
        if found[5] is not None:
            yield Finding("readable formulas", f"{name}!{found[5]}", "a shared formula without its text")
            continue
        yield from _formula(f"{name}!{found[1]}", unescape(found[3]), found[2], found[4])


def _formula(cell: str, formula: str, attributes: str, cached: str | None) -> Iterator[Finding]:
    bare = _TEXT.sub('""', formula)
    if is_beyond_excel(formula):
        yield Finding("Excel's limits", cell, "the formula, or a text in it, is longer than Excel takes")
    for function in _FUNCTION.findall(bare):
        if function.upper() not in ALLOWED_FUNCTIONS:
            yield Finding("plain functions", cell, f"{function} is not a function that every Excel has")
    if _EXTERNAL.search(bare):
        yield Finding("links", cell, "the formula refers to another workbook")
    if "#REF!" in bare:
        yield Finding("no errors", cell, "the formula has lost its reference")
    if cached is None or cached == "":
        yield Finding("cached values", cell, "the formula shows nothing until it is calculated")
    elif 't="e"' in attributes or cached in ("#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#N/A", "#NUM!", "#NULL!"):
        yield Finding("no errors", cell, f"the formula shows {cached}")


def writable_formula(formula: str) -> bool:
    """Whether a formula may stand in a workbook that leaves the house."""
    return not any(one.rule != "cached values" for one in _formula("", formula, "", ""))


def _defined_names(parts: ZipFile) -> Iterator[Finding]:
    for name in ElementTree.fromstring(parts.read("xl/workbook.xml")).iterfind(".//{*}definedName"):
        target = name.text or ""
        if "#REF!" in target or _EXTERNAL.search(target):
            yield Finding("links", name.get("name", ""), f"the name leads to {target}")


def _properties(parts: ZipFile) -> Iterator[Finding]:
    text = parts.read("docProps/core.xml").decode("utf-8") if "docProps/core.xml" in parts.namelist() else ""
    for tag, label in (("dc:title", "title"), ("dc:creator", "author")):
        if not re.search(rf"<{tag}>[^<]+</{tag}>", text):
            yield Finding("document properties", "docProps/core.xml", f"the {label} is empty")


def _texts(parts: ZipFile, ssn_is_shown: bool) -> Iterator[Finding]:
    """What no text may show: a full social security number that was not asked for.

    Nor may the file's properties show a folder of somebody's computer; in cells the taxpayer may have written of one.
    """
    for part in parts.namelist():
        if not (part == "xl/sharedStrings.xml" or part.startswith(("docProps/", "xl/comments"))):
            continue
        for text in _pieces(parts, part, b"</si>"):
            if not ssn_is_shown and (number := _SSN.search(text)):
                before = re.split("[<>]", text[: number.start()])[-1][-30:]
                said = f"{before}***-**-{number[0][-4:]}"
                yield Finding(
                    "masked SSN",
                    part,
                    f"a full social security number can be read where it says {said!r}; take it out there, "
                    "or ask for it",
                )
                break
            if part.startswith("docProps/") and (found := _FOLDER.search(text)):
                yield Finding("no personal paths", part, f"a folder of a computer can be read ({found[0]}…)")
