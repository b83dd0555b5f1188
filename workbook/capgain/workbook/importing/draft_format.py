"""A mapping file to fill in, for a file that no format knows."""

from __future__ import annotations

import json
from collections.abc import Sequence

from capgain.workbook.importing.movements import Becomes
from capgain.workbook.importing.source_files import SourceFile, SourceRow
from capgain.workbook.importing.source_tables import FIELDS, normal

_GUESSES = {
    "at": (
        "date",
        "time",
        "timestamp",
        "datetime",
        "dateandtime",
        "tradedate",
        "createdat",
        "date(utc)",
        "timestamp(utc)",
    ),
    "kind": ("type", "transactiontype", "kind", "side", "action", "operation"),
    "asset": ("asset", "symbol", "currency", "coin", "ticker", "instrument"),
    "quantity": ("quantity", "amount", "size", "units", "shares", "volume", "qty"),
    "price": ("price", "unitprice", "rate"),
    "amount": ("total", "value", "subtotal", "cost", "proceeds", "usdamount", "amountusd"),
    "fee": ("fee", "fees", "commission"),
    "id": ("id", "transactionid", "txid", "tradeid", "orderid"),
    "chain_id": ("txhash", "hash", "transactionhash"),
    "note": ("note", "notes", "description", "memo"),
}


def draft_format(source: SourceFile, header: SourceRow) -> str:
    """TOML with the file's column names, a guess at what each is, and every kind of row that it holds."""
    names = [cell.strip() for cell in header.cells]
    place_of = {normal(name): place for place, name in enumerate(names) if name}
    fields: dict[str, int] = {}
    for field, words in _GUESSES.items():
        found = next((place_of[word] for word in words if word in place_of), None)
        if found is not None and found not in fields.values():
            fields[field] = found
    lines = [
        f"# A mapping for {source.name}. Check every line, then: capgain import FILE --format THIS-FILE -o BOOK.xlsx",
        f"# Fields: {', '.join(sorted(FIELDS))}.",
        f"# A kind becomes: {', '.join(kind.value for kind in Becomes)};",
        '# or { ignore = "why" }, or { refuse = "what is wrong. What to do" }.',
        "",
        f"name = {_text(source.path.stem)}",
        'kind = "exchange"      # exchange, brokerage or wallet',
        'time_zone = "UTC"      # the source\'s own; "" where it has bare dates',
        "",
        "[[table]]",
        'name = "transactions"',
        f"headers = [[{', '.join(_text(name) for name in names if name)}]]",
        "",
        "[table.columns]",
    ]
    lines += [f"{field} = {_text(names[place])}" for field, place in fields.items()]
    lines += [f'# {field} = ""      # which column?' for field in ("at", "kind") if field not in fields]
    lines += ["", "[table.kinds]"]
    kind = fields.get("kind")
    for written in _kinds(source.rows, header, kind):
        guess = next((known.value for known in Becomes if normal(known.value) == normal(written)), None)
        said = _text(guess) if guess else '{ refuse = "not decided yet. Say in the mapping what it becomes" }'
        lines.append(f"{_text(written)} = {said}")
    return "\n".join(lines) + "\n"


def _kinds(rows: Sequence[SourceRow], header: SourceRow, place: int | None) -> list[str]:
    if place is None:
        return []
    found = dict.fromkeys(row.cells[place].strip() for row in rows if row.line > header.line and place < len(row.cells))
    return [kind for kind in found if kind][:100]


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
