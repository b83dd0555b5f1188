"""How a line of Schedule D came about: from the line through Form 8949 to the rows of the ledger, in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.classes import Term
from capgain.engine.explain_contracts import contracts_behind
from capgain.engine.explain_forms import FORM_AND_LINE, explain_form
from capgain.engine.explain_rows import Background, sentences
from capgain.engine.explanation import EVERY_ROW, Explanation, NotBehindLine, Step, Telling, UnknownLine, day, dollars
from capgain.engine.forms.boxes import BOX_LINES, DIRECT_LINES, boxes_of_line
from capgain.engine.forms.form import Question
from capgain.engine.forms.form_8949 import Form8949, Totals
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.money import ZERO
from capgain.engine.problems import InvalidLedger, UnknownYear
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.results.dispositions import Disposition

__all__ = ["Explanation", "Step", "UnknownLine", "explain"]


MOST_ASSETS = 25
"""Assets of a box told one by one where its rows are not; of more, those with the largest gains and losses."""


def explain(report: TaxReport, year: int, line: str, telling: Telling = EVERY_ROW) -> Explanation:
    """Explain one line of a year's Schedule D, such as "16" or "8b", or of a form behind its tax, as "6251 11".

    Raises:
        InvalidLedger: the ledger has errors.
        UnknownYear: the ledger gives no Schedule D for that year.
        UnknownLine: Schedule D has no such line.
        NotBehindLine: no row that `telling` asks for stands behind the line.
    """
    if report.has_errors:
        raise InvalidLedger(report.problems)
    of_form = FORM_AND_LINE.fullmatch(line.strip())
    if of_form is not None:
        if telling.is_narrowed:
            raise NotBehindLine(f"Form {of_form['form']} has no rows of sales. Ask for a line of Schedule D.")
        return explain_form(report, year, of_form["form"], of_form["line"].lower())
    found = report.years.get(year)
    if found is None or found.schedule_d is None or found.form_8949 is None:
        known = ", ".join(str(known) for known, one in report.years.items() if one.schedule_d is not None) or "none"
        raise UnknownYear(f"There is no Schedule D for {year}. Years with one: {known}.")
    wanted = line.strip().lower().removeprefix("line").strip()
    words = {number: text for number, text, _ in found.schedule_d.filled()}
    if wanted not in words:
        raise UnknownLine(f"Schedule D has no line {line.strip()!r}. Its lines are {', '.join(words)}.")
    story = _Story(report, found, found.schedule_d, found.form_8949, Background.of(report), telling)
    told = Explanation(year, wanted, words[wanted], tuple(story.line(wanted, 0)))
    rows_told = {row for step in told.steps for row in step.rows}
    if telling.is_narrowed and not any(row.row in rows_told for row in filter(telling.has, found.dispositions)):
        of = [f"of {telling.asset}"] if telling.asset is not None else []
        of += [f"that comes of row {telling.row} of the ledger"] if telling.row is not None else []
        raise NotBehindLine(f"Behind line {wanted} of {year} stands no transaction {' '.join(of)}.")
    return told


@dataclass(frozen=True, slots=True)
class _Story:
    report: TaxReport
    year: YearReport
    schedule: ScheduleD
    form: Form8949
    background: Background
    telling: Telling

    def line(self, number: str, depth: int) -> Iterator[Step]:
        """The steps of one line, what it is made of below it."""
        line = self.schedule.line(number)
        if line.is_skipped(self.schedule):
            yield Step(depth, f"Line {number} is left out: line 16 is {dollars(self.schedule.line_16)}.")
        elif line.is_sum:
            yield from self._sum(number, depth)
        elif number in DIRECT_LINES:
            yield from self._direct(number, DIRECT_LINES[number], depth)
        elif number in BOX_LINES:
            yield from self._boxes(number, depth)
        elif number in ("6", "14"):
            yield from self._carried(number, Term.SHORT if number == "6" else Term.LONG, depth)
        elif isinstance(line, Question):
            yield from self._answer(number, depth)
        elif number == "21":
            yield from self._limit(depth)
        elif number in ("4", "11") and self.schedule.form_6781 is not None:
            stated = self.report.ledger.settings.schedule_d_line(number, self.year.year)
            yield from contracts_behind(number, self.schedule.form_6781, stated, depth)
        else:
            yield from self._stated(number, depth)

    def _amount(self, number: str) -> Decimal:
        """A line's amount: column (h) where it has columns."""
        value = self.schedule.amounts().get(number, ZERO)
        return value.gain if isinstance(value, Totals) else Decimal(value)

    def _has_entries(self, number: str) -> bool:
        """Whether a line has an amount, or rows that add up to none."""
        if self.schedule.line(number).is_sum:
            return any(map(self._has_entries, self.schedule.parts(number)))
        value = self.schedule.amounts().get(number, ZERO)
        return bool(value.rows if isinstance(value, Totals) else value)

    def _sum(self, number: str, depth: int) -> Iterator[Step]:
        parts = [part for part in self.schedule.parts(number) if self._has_entries(part)]
        total = self._amount(number)
        if not parts:
            yield Step(depth, f"Line {number} is {dollars(total)}: none of the lines it combines has an entry.", total)
            return
        terms = " + ".join(f"line {part} ({dollars(self._amount(part))})" for part in parts)
        yield Step(depth, f"Line {number} is {dollars(total)} = {terms}.", total)
        for part in parts:
            yield from self.line(part, depth + 1)

    def _direct(self, number: str, term: Term, depth: int) -> Iterator[Step]:
        rows = self.form.direct_rows(term)
        if not rows:
            yield Step(depth, f"Line {number} is empty: every transaction is reported on Form 8949.", ZERO)
            return
        totals = Totals.of(rows)
        yield Step(
            depth,
            f"Line {number} is {_columns(totals)}: {_transactions(totals.rows)} with basis reported to the IRS and "
            "nothing to adjust, entered without Form 8949 (Exception 1).",
            totals.gain,
        )
        yield from self._rows(rows, depth + 1)

    def _boxes(self, number: str, depth: int) -> Iterator[Step]:
        layout = self.schedule.year.form_8949
        letters = boxes_of_line(number, layout)
        used = [box for box in letters if box in self.form.boxes]
        totals = self.form.totals(*used)
        if not used:
            named = " and ".join(letters)
            yield Step(depth, f"Line {number} is empty: no transaction is in box {named} of Form 8949.", ZERO)
            return
        boxes = " and ".join(used)
        yield Step(
            depth,
            f"Line {number} is {_columns(totals)}: the totals of Form 8949 box {boxes}, {_transactions(totals.rows)}.",
            totals.gain,
        )
        for box in used:
            yield Step(depth + 1, f"Box {box}: {layout.boxes[box]}", self.form.boxes[box].gain)
            yield from self._rows(self.form.rows(box), depth + 2)

    def _rows(self, rows: Sequence[Disposition], depth: int) -> Iterator[Step]:
        if self.telling.is_narrowed:
            asked = [row for row in rows if self.telling.has(row)]
            yield from self._one_by_one(asked, depth)
            if len(asked) < len(rows):
                others = Totals.of([row for row in rows if not self.telling.has(row)])
                what = "The other " if asked else ""
                yield _summed(f"{what}{_transactions(others.rows)}", others, depth)
        elif self.telling.most is not None and len(rows) > self.telling.most:
            yield from _by_asset(rows, depth)
        else:
            yield from self._one_by_one(rows, depth)

    def _one_by_one(self, rows: Sequence[Disposition], depth: int) -> Iterator[Step]:
        for row in rows:
            first, *rest = sentences(row, self.background)
            ledger_rows = (row.row, row.lot_row) if row.lot_row else (row.row,)
            yield Step(depth, first, row.gain, ledger_rows)
            for sentence in rest:
                yield Step(depth + 1, sentence, None, ledger_rows)

    def _carried(self, number: str, term: Term, depth: int) -> Iterator[Step]:
        carried = self.year.carried_in.short if term is Term.SHORT else self.year.carried_in.long
        settings = self.report.ledger.settings
        year, last = self.year.year, self.year.year - 1
        kind = "Short" if term is Term.SHORT else "Long"
        stated = self.report.ledger.stated_carryover(year)[0 if term is Term.SHORT else 1]
        filed = settings.filed_carryover_short if term is Term.SHORT else settings.filed_carryover_long
        if not carried and stated is None:
            yield Step(depth, f"Line {number} is empty: no {term.value}-term loss is carried in from {last}.", ZERO)
            return
        amount = dollars(-carried)
        before = self.report.years.get(last)
        worksheet = before.carryover_worksheet if before else None
        figured = None if worksheet is None else worksheet.short if term is Term.SHORT else worksheet.long
        if stated is not None:
            yield Step(depth, f"Line {number} is {amount}, stated in Settings as Carryover {kind}.", -carried)
        elif filed.years.get(last) == carried:
            yield Step(
                depth,
                f"Line {number} is {amount}: the carryover filed for {last} (Settings, Filed Carryover {kind} {last}).",
                -carried,
            )
            if figured != carried:
                yield Step(depth + 1, f"The ledger as it stands gives {dollars(figured or ZERO)} instead.")
        elif worksheet is not None:
            last_line = "8" if term is Term.SHORT else "13"
            yield Step(
                depth,
                f"Line {number} is {amount}: the loss of {last} that its limit left over, Capital Loss Carryover "
                f"Worksheet line {last_line} (26 USC 1212(b)).",
                -carried,
            )
            leading_there = frozenset(worksheet.behind(last_line))
            for line, words, value in worksheet.filled():
                if value is not None and line in leading_there:
                    yield Step(depth + 1, f"Worksheet line {line}: {dollars(value)}. {words}.", value)
        else:
            yield Step(depth, f"Line {number} is {amount}, carried in from {last}.", -carried)

    def _stated(self, number: str, depth: int) -> Iterator[Step]:
        amount = self._amount(number)
        settings = self.report.ledger.settings.schedule_d_line(number, self.year.year)
        paid = self.year.distributions if number == "13" else ()
        worksheet = self.schedule.rate_28_gain_worksheet if number == "18" and not settings else None
        if worksheet is not None:
            yield Step(depth, f"Line 18 is {dollars(amount)}: 28% Rate Gain Worksheet line 7 (26 USC 1(h)(4)).", amount)
            for line, words, value in worksheet.filled():
                if value is not None:
                    yield Step(depth + 1, f"Worksheet line {line}: {dollars(value)}. {words}", value)
            return
        if not amount:
            yield Step(depth, f"Line {number} is empty: Settings state no Schedule D {number}.", ZERO)
            return
        if not paid:
            yield Step(depth, f"Line {number} is {dollars(amount)}, stated in Settings as Schedule D {number}.", amount)
            return
        yield Step(depth, f"Line {number} is {dollars(amount)}: capital gain distributions.", amount)
        for entry in paid:
            text = f"Ledger row {entry.row}: {entry.asset} paid {dollars(entry.amount)} on {day(entry.day)}"
            yield Step(
                depth + 1, f"{text}{f' into {entry.account}' if entry.account else ''}.", entry.amount, (entry.row,)
            )
        if settings:
            yield Step(depth + 1, f"Settings, Schedule D {number}: {dollars(settings)}.", settings)

    def _limit(self, depth: int) -> Iterator[Step]:
        loss, limit = self.schedule.line_16, self.schedule.year.loss_limit[self.schedule.status]
        amount = self.schedule.line_21
        yield Step(
            depth,
            f"Line 21 is {dollars(amount)}: the smaller of the loss on line 16 ({dollars(-loss)}) and the limit of "
            f"{dollars(limit)} for filing status {self.schedule.status.value} (26 USC 1211(b)).",
            amount,
        )
        if amount != loss:
            yield Step(depth + 1, f"{dollars(amount - loss)} is left over and carries into {self.year.year + 1}.")
        yield from self.line("16", depth + 1)

    def _answer(self, number: str, depth: int) -> Iterator[Step]:
        answer = self.schedule.amounts().get(number)
        shown = "not answered: Settings state no Qualified Dividends" if answer is None else "Yes" if answer else "No"
        reason = {
            "17": f"line 15 is {dollars(self.schedule.line_15)} and line 16 is {dollars(self.schedule.line_16)}",
            "20": f"line 18 is {dollars(self._amount('18'))}, line 19 is {dollars(self._amount('19'))}, and Form 4952 "
            "is taken not to be filed",
            "22": f"Settings, Qualified Dividends: {dollars(self.schedule.qualified_dividends or ZERO)}",
        }[number]
        yield Step(depth, f"Line {number}: {shown}{'' if answer is None else f' ({reason})'}.")
        for part in self.schedule.parts(number):
            yield from self.line(part, depth + 1)


def _by_asset(rows: Sequence[Disposition], depth: int) -> Iterator[Step]:
    """What each asset comes to, the largest first."""
    of_asset: defaultdict[str, list[Disposition]] = defaultdict(list)
    for row in rows:
        of_asset[row.asset].append(row)
    totals = {asset: Totals.of(found) for asset, found in of_asset.items()}
    ranked = sorted(totals, key=lambda asset: abs(totals[asset].gain), reverse=True)
    for asset in ranked[:MOST_ASSETS]:
        yield _summed(f"{asset}, {_transactions(totals[asset].rows)}", totals[asset], depth)
    left = ranked[MOST_ASSETS:]
    if left:
        others = Totals.of([row for asset in left for row in of_asset[asset]])
        assets = f"{len(left):,} other asset{'' if len(left) == 1 else 's'}"
        yield _summed(f"{assets}, {_transactions(others.rows)}", others, depth)


def _summed(what: str, totals: Totals, depth: int) -> Step:
    return Step(depth, f"{what}: {_columns(totals)}.", totals.gain, summed=totals.rows)


def _columns(totals: Totals) -> str:
    text = f"{dollars(totals.gain)} = proceeds {dollars(totals.proceeds)} - basis {dollars(totals.basis)}"
    if totals.adjustment:
        sign = "-" if totals.adjustment < 0 else "+"
        text += f" {sign} adjustments {dollars(abs(totals.adjustment))}"
    return text


def _transactions(rows: int) -> str:
    return "1 transaction" if rows == 1 else f"{rows:,} transactions"
