"""The sheet Import Questions: what an import could not tell of files of no known format, to be answered in its cells.

It can be seen, kept and corrected: Import reads the answers when it is clicked again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capgain.addin.excel.ribbon.refresh import Tell, write_book_into
from capgain.addin.excel.ribbon.written_sheets import by_name, is_ours
from capgain.workbook.sheets import ENTRY, HEADING, MUTED, NOTICE, TITLE, WRAP, Cell, Page, Row, Sheet, Validation
from capgain.workbook.written.columns_of_cells import text_of

if TYPE_CHECKING:
    from capgain.workbook.importing.draft_format import DraftFormat
    from capgain.workbook.importing.draft_questions import DraftQuestion

QUESTIONS = "Import Questions"
_HEADINGS = ("File", "Question", "In the file", "Answer", "Possible answers", "Key")
_WIDTHS = (34.0, 44.0, 30.0, 28.0, 60.0, 22.0)
_ANSWER = 4
_FILE_KEY = "file"
_LONGEST_LIST = 250
"""Characters of the choices of a drop-down list; Excel takes 255."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: the row it stands in, the file it is about, the question's key and what was answered."""

    row: int
    file: Path
    key: str
    answer: str


@dataclass(frozen=True, slots=True)
class AnsweredQuestions:
    """The sheet as it was filled in: the files to import, and the answers about those that no format knows."""

    files: tuple[Path, ...]
    answers: tuple[Answered, ...]


def ask(book: Any, files: Sequence[Path], drafts: Mapping[Path, DraftFormat], tell: Tell) -> None:
    """Write the sheet and go to it. Raises SheetInTheWay."""
    write_book_into(book, [questions_sheet(files, drafts)], tell, False)
    target = book.sheets[QUESTIONS]
    target.activate()
    target.range((_first_row(drafts) + len(files), _ANSWER)).select()


def questions_sheet(files: Sequence[Path], drafts: Mapping[Path, DraftFormat]) -> Sheet:
    """The sheet for these files, each of them in a row of its own before the questions about those in `drafts`."""
    from capgain.workbook.importing.draft_questions import questions_of

    remark = "Fill in what is missing in column Answer, look over what is guessed, and click Import again."
    rows: list[Row] = [[Cell("What the files do not say", TITLE)], [Cell(remark, MUTED)]]
    rows += [[Cell(f"{path.name}: {note}", NOTICE)] for path, draft in drafts.items() for note in draft.notes]
    rows += [[], [Cell(name, HEADING) for name in _HEADINGS]]
    top = len(rows)
    validations = []
    for path in files:
        said = "no format is known: its questions are below" if path in drafts else "its format is known"
        rows.append(_row(path, f"Import {path.name}?", said, "yes", ("yes", "no"), _FILE_KEY))
        validations.append(Validation(f"D{len(rows)}", choices=("yes", "no")))
    for path, draft in drafts.items():
        for question in questions_of(draft):
            rows.append(_question(path, question))
            if question.choices and len(",".join(question.choices)) <= _LONGEST_LIST:
                validations.append(Validation(f"D{len(rows)}", choices=question.choices))
    return Sheet(
        name=QUESTIONS,
        rows=rows,
        widths=_WIDTHS,
        freeze=(top, 0),
        page=Page(landscape=True, repeat=(top, top)),
        validations=tuple(validations),
    )


def _first_row(drafts: Mapping[Path, DraftFormat]) -> int:
    return 5 + sum(len(draft.notes) for draft in drafts.values())


def _question(path: Path, question: DraftQuestion) -> Row:
    return _row(path, question.asks, question.example, question.answer, question.choices, question.key)


def _row(path: Path, asks: str, example: str, answer: str, choices: Sequence[str], key: str) -> Row:
    possible = ", ".join(choices) or "anything"
    return [
        Cell(str(path), MUTED),
        Cell(asks, WRAP),
        Cell(example, WRAP),
        Cell(answer, ENTRY),
        Cell(possible, WRAP),
        Cell(key, MUTED),
    ]


def read_answers(book: Any) -> AnsweredQuestions | None:
    """What was answered; None where the workbook has no such sheet of ours."""
    sheet = by_name(book, QUESTIONS)
    if sheet is None or not is_ours(sheet):
        return None
    last = sheet.used_range.last_cell
    cells = sheet.range((1, 1), (last.row, max(last.column, len(_HEADINGS)))).options(ndim=2).value
    files: list[Path] = []
    answers: list[Answered] = []
    for number, row in enumerate(cells, start=1):
        file, _, _, answer, _, key = (text_of(cell) for cell in row[: len(_HEADINGS)])
        if not key or key == _HEADINGS[-1]:
            continue
        if key != _FILE_KEY:
            answers.append(Answered(number, Path(file), key, answer))
        elif answer.strip().casefold() == "yes":
            files.append(Path(file))
    return AnsweredQuestions(tuple(files), tuple(answers))


def put_answers(drafts: Mapping[Path, DraftFormat], given: AnsweredQuestions) -> list[tuple[int, str]]:
    """The answers into the drafts; rows that are not answered, or wrongly, with what to do."""
    from capgain.workbook.importing.draft_questions import questions_of, take_answer

    wrong = []
    for path, draft in drafts.items():
        blank = {question.key for question in questions_of(draft) if question.can_be_blank}
        for one in given.answers:
            if one.file != path:
                continue
            said = take_answer(draft, one.key, one.answer) if one.answer or one.key in blank else "It has no answer."
            if said:
                wrong.append((one.row, said))
    return wrong
