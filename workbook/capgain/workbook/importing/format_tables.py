"""What a [[table]] of a mapping says of one kind of table."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from capgain.workbook.importing.format_kinds import read_columns, read_treatment
from capgain.workbook.importing.format_words import one_of_words, only
from capgain.workbook.importing.source_tables import (
    Money,
    PaidFee,
    SourceTable,
    SpecialRows,
    UnusableFormat,
    is_pattern,
    normal,
    pattern,
)

_TABLE_WORDS = (
    "name headers columns joined kinds special other_rows first_cell ignore wide_amount wide_fee quotes account"
    " class_of keep details money paid_fee sum compare rounded_to tells fee_in rows_like own ids"
)

_COMPARED = ("proceeds", "basis", "gain")


def read_table(document: Mapping[str, Any], key: str, place: str) -> SourceTable:
    """One kind of table; `place` is where it stands, for complaints."""
    only(document, _TABLE_WORDS, place)
    columns = read_columns(document.get("columns", {}), place)
    headers = tuple(frozenset(map(_heading, names)) for names in document.get("headers", ()))
    if not headers or not all(headers):
        raise UnusableFormat(f"{place}: headers must list the column names that tell this table from others.")
    if "ignore" not in document and ("at" not in columns or "kind" not in columns):
        raise UnusableFormat(f"{place}: columns must say where `at` (the date) and `kind` are.")
    kinds = {}
    patterns = []
    for kind, treated in document.get("kinds", {}).items():
        treatment = read_treatment(treated, f"{place}, kind {kind!r}")
        if kind.strip() == "*" and treatment.ignore:
            raise UnusableFormat(f"{place}: a kind `*` that is ignored would hide every row that nobody thought of.")
        if "*" in kind:
            patterns.append((pattern(kind), treatment, " ".join(kind.replace("*", " ").split()).strip(" /")))
        else:
            kinds[normal(kind)] = treatment
    return SourceTable(
        format=key,
        name=document.get("name", ""),
        headers=headers,
        columns=columns,
        joined=frozenset((*document.get("joined", ()), "group")),
        kinds=kinds,
        kind_patterns=tuple(patterns),
        special=tuple(
            SpecialRows(
                when=tuple((column, pattern(text)) for column, text in special["when"].items()),
                treatment=read_treatment(
                    {word: said for word, said in special.items() if word not in ("when", "if_any")},
                    f"{place}, special",
                ),
                if_any=tuple((column, pattern(text)) for column, text in special.get("if_any", {}).items()),
            )
            for special in document.get("special", ())
        ),
        other_rows=tuple((pattern(text), reason) for text, reason in document.get("other_rows", {}).items()),
        first_cell=document.get("first_cell", ""),
        ignore=document.get("ignore", ""),
        wide_amount=tuple(document.get("wide_amount", ())),
        wide_fee=tuple(document.get("wide_fee", ())),
        quotes=tuple(document.get("quotes", ())),
        account=document.get("account", ""),
        class_of={normal(word): asset_class for word, asset_class in document.get("class_of", {}).items()},
        spelled={_heading(name): name for names in document.get("headers", ()) for name in names},
        keep=tuple((column, frozenset(map(normal, words))) for column, words in document.get("keep", {}).items()),
        details=bool(document.get("details", False)),
        paid_fee_is_negative=one_of_words(PaidFee, document, "paid_fee", place) is PaidFee.NEGATIVE,
        money=one_of_words(Money, document, "money", place) or Money.BEFORE_FEE,
        checks_sum=bool(document.get("sum", True)),
        rounded_to=Decimal(str(document.get("rounded_to", "0.01"))),
        compare=_compared(document.get("compare", {}), place),
        rows_like=tuple((column, pattern(text)) for column, text in document.get("rows_like", {}).items()),
        own=tuple(document.get("own", ())),
        tells=document.get("tells", ""),
        ids=document.get("ids", ""),
        fee_is_in_received=_is_received(document.get("fee_in", ""), place),
    )


def _is_received(said: str, place: str) -> bool:
    if said not in ("", "received"):
        raise UnusableFormat(f"{place}: fee_in is {said!r}; it can be received.")
    return bool(said)


def _heading(name: str) -> str:
    """A column of `headers` as it is compared: a pattern as it stands, else its normal name."""
    return name if is_pattern(name) else normal(name)


def _compared(said: Mapping[str, str], place: str) -> Mapping[str, tuple[str, ...]]:
    only(said, " ".join(_COMPARED), f"{place}, compare")
    return {figure: (names,) if isinstance(names, str) else tuple(names) for figure, names in said.items()}
