"""Writes index.json and index.xlsx from the records of all clients, one record in memory at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

from capgain.workbook.batch.clients import INDEX_BOOK, INDEX_JSON, TRACES
from capgain.workbook.batch.record import ClientRecord, Made
from capgain.workbook.batch.state import State
from capgain.workbook.whole_file import whole_file, write_whole
from capgain.workbook.xlsx.writer import write_book


@dataclass(frozen=True, slots=True)
class Index:
    """What stands in the index: clients counted by status and by what this run did, and where the JSON document is."""

    by_status: dict[str, int]
    by_made: dict[Made, int]
    not_reached: int
    document: Path

    @property
    def clients(self) -> int:
        return sum(self.by_status.values())


def write_index(
    state: State, *, made: Collection[str], not_reached: Collection[str], with_names: bool, made_on: date
) -> Index:
    """Write both files whole. `made` and `not_reached` are keys of clients of this run; others were unchanged.

    A client that was not reached is left out: what an earlier run made of it may no longer be what its file gives.
    """
    from capgain.workbook.batch.index_book import index_book
    from capgain.workbook.batch.index_tables import clients_table, drift_table, open_points_table, order_of

    ordered = sorted((order_of(record), key) for key, record in state.everyone() if key not in not_reached)
    keys = [key for _, key in ordered]

    def records() -> Iterator[ClientRecord]:
        for key in keys:
            record = state.read(key)
            if record is not None:
                yield shown(record, key in made)

    with whole_file(state.out / INDEX_JSON, overwrite=True) as file:
        for part in _document(records(), len(not_reached), with_names=with_names):
            file.write(part.encode("ascii"))
    links = {record.file: link for record in records() if (link := _link(state, record))}
    book = index_book(
        clients_table(records(), with_name=with_names),
        open_points_table(records()),
        drift_table(records()),
        links,
        made_on,
    )
    write_book(book, state.out / INDEX_BOOK, overwrite=True)
    _write_traces(state, records())
    return _index(state, records(), len(not_reached))


def shown(record: ClientRecord, made_now: bool) -> ClientRecord:
    """The record as this run's index has it."""
    made = Made.FAILED if record.status.is_error else Made.MADE if made_now else Made.UNCHANGED
    return replace(record, made=made)


def _document(records: Iterator[ClientRecord], not_reached: int, *, with_names: bool) -> Iterator[str]:
    """The JSON document in parts, a client at a time."""
    yield '{"clients": ['
    between = ""
    for record in records:
        yield between + json.dumps(record.index_object(with_name=with_names))
        between = ",\n"
    yield "],\n" + json.dumps({"engine_version": version("capgain"), "not_reached": not_reached})[1:] + "\n"


def _index(state: State, records: Iterator[ClientRecord], not_reached: int) -> Index:
    by_status: dict[str, int] = {}
    by_made = dict.fromkeys(Made, 0)
    for record in records:
        by_status[record.status.value] = by_status.get(record.status.value, 0) + 1
        by_made[record.made] += 1
    return Index(by_status, by_made, not_reached, state.out / INDEX_JSON)


def _link(state: State, record: ClientRecord) -> str:
    """What the client's row leads to, relative to the index."""
    name = f"{record.folder}/{record.main_file}"
    return name if record.main_file and (state.out / name).exists() else ""


def _write_traces(state: State, records: Iterator[ClientRecord]) -> None:
    """Where unexpected errors arose, for those who mend the program: no name, no value; no file without any."""
    traces = [record.trace for record in records if record.trace]
    if traces:
        numbered = [f"{number}. {trace}" for number, trace in enumerate(dict.fromkeys(traces), start=1)]
        write_whole(state.out / TRACES, ("\n\n".join(numbered) + "\n").encode("utf-8"), overwrite=True)
    else:
        (state.out / TRACES).unlink(missing_ok=True)
