"""A mapping of the user's own against the file: what it names and the file lacks is refused before a row is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from capgain.workbook.importing.recognition import FoundTable
from capgain.workbook.importing.source_files import SourceFile, UnreadableImport
from capgain.workbook.importing.source_tables import Format, SourceTable, is_pattern, normal, place_of, places_by_name

_MONEY = ("amount", "net", "price", "value", "fee", "fees")
_CURRENCY_WORDS = ("currency", "cur", "ccy", "coin", "unit", "asset")


class MappingRefused(UnreadableImport):
    """A mapping that does not fit its file; every reason is in the text."""


def refuse_what_does_not_fit(source: SourceFile, tables: Sequence[FoundTable]) -> None:
    """Nothing for a format that is known here.

    Raises:
        MappingRefused: a column is named that no generation of the file has, or money is read while a column that says
            in which currency or coin it is stands unread.
    """
    wrong: list[str] = []
    for found in tables:
        if found.format.is_own and found.table is not None and found.header is not None:
            wrong += _missing_columns(found.format, found.table, found)
            wrong += _unread_currency(found.table, found)
    if wrong:
        raise MappingRefused("\n".join(f"{source.name}: {one}" for one in dict.fromkeys(wrong)))


def _missing_columns(known: Format, table: SourceTable, found: FoundTable) -> Iterator[str]:
    assert found.header is not None
    index = places_by_name(found.header.cells)
    elsewhere = {name for generation in table.headers for name in generation}
    headings = [cell.strip() for cell in found.header.cells if cell.strip()]
    for what, name in _named_columns(table):
        if (
            name.startswith("=")
            or name.endswith("?")
            or is_pattern(name)
            or normal(name) in elsewhere
            or place_of(name, index) is not None
        ):
            continue
        near = get_close_matches(name, headings, n=1, cutoff=0.4)
        hint = f" The nearest is {near[0]!r}." if near else f" It has {', '.join(headings)}."
        yield f"{known.line_of(name)} reads {what} from the column {name!r}, which the file does not have.{hint}"


def _named_columns(table: SourceTable) -> Iterator[tuple[str, str]]:
    """(what it is for, column) for every column that a mapping names."""
    treatments = [*table.kinds.values(), *(treated for _, treated, _ in table.kind_patterns)]
    treatments += [special.treatment for special in table.special]
    for columns in (table.columns, table.compare, *(treated.columns for treated in treatments if treated.columns)):
        for field, names in columns.items():
            yield from ((field, name) for name in names)
    yield from (("keep", column) for column, _ in table.keep)
    yield from (("special", column) for special in table.special for column, _ in special.when)
    yield from (("read", column) for treated in treatments for column, _ in treated.read if column)


def _unread_currency(table: SourceTable, found: FoundTable) -> Iterator[str]:
    """Money read while a column beside it names more than one currency or coin."""
    assert found.header is not None
    money = [name for field in _MONEY for name in table.columns.get(field, ())]
    if not money:
        return
    index = places_by_name(found.header.cells)
    read = {place_of(name, index) for _, name in _named_columns(table)}
    for place, heading in enumerate(found.header.cells):
        words = heading.casefold().replace("/", " ").replace("_", " ").replace(".", " ").split()
        if place in read or not any(word in _CURRENCY_WORDS or word.endswith("currency") for word in words):
            continue
        held = sorted({cell for row in found.rows if place < len(row.cells) and (cell := row.cells[place].strip())})
        if len(held) > 1:
            yield (
                f"the mapping reads {', '.join(map(repr, money))} as dollars and leaves the column {heading.strip()!r} "
                f"out, which holds {', '.join(held[:4])}. Name it as currency, asset or fee_asset, so that no amount "
                "is taken without its currency."
            )
