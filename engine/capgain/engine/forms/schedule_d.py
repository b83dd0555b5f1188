"""Schedule D (Form 1040), Capital Gains and Losses, in the words of 2020 to 2025."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from capgain.engine.classes import FilingStatus, Term
from capgain.engine.forms.form import Form, line, question, skip
from capgain.engine.forms.form_8949 import Form8949, Totals, box_names
from capgain.engine.forms.worksheets.rate_28 import Rate28GainWorksheet
from capgain.engine.ledger import SCHEDULE_D_INPUT_LINES
from capgain.engine.money import EXACT, ZERO, whole_dollars
from capgain.engine.results import Carryover
from capgain.engine.years import TaxYear


def _nothing_stated() -> Mapping[str, Decimal]:
    return {}


@dataclass(frozen=True, kw_only=True)
class ScheduleD(Form):
    """One year's Schedule D; losses negative, lines 6, 14 and 21 too. Lines 18, 19 and 21 are 0 where skipped.

    `carried_in` are last year's losses as positive amounts. `stated` are the amounts of lines that come from other
    forms (4, 5, 11, 12, 13, 18, 19) in dollars; a stated line 18 is the whole line, else it is figured from the
    collectibles on Form 8949. `qualified_dividends` and `files_form_4952` are for lines 20 and 22; None: not known.
    """

    form_8949: Form8949
    carried_in: Carryover
    status: FilingStatus
    year: TaxYear
    stated: Mapping[str, Decimal] = field(default_factory=_nothing_stated)
    qualified_dividends: Decimal | None = None
    files_form_4952: bool = False
    in_whole_dollars: bool = False

    def __post_init__(self) -> None:
        unknown = [number for number in self.stated if number not in SCHEDULE_D_INPUT_LINES]
        if unknown:
            raise ValueError(f"Schedule D lines {', '.join(unknown)} are figured here and cannot be stated.")
        if self.carried_in.short < ZERO or self.carried_in.long < ZERO:
            raise ValueError("A capital loss carryover is stated as a positive amount.")

    @property
    def words(self) -> Mapping[str, str]:
        layout, lines = self.year.form_8949, self.year.form_1040
        boxes = {
            f"boxes_{line}": box_names(*dict.fromkeys((plain, digital)))
            for numbers, term in ((("1b", "2", "3"), Term.SHORT), (("8b", "9", "10"), Term.LONG))
            for line, plain, digital in zip(
                numbers, layout.letters(term, False), layout.letters(term, True), strict=True
            )
        }
        words = self.year.schedule_d
        return {
            **boxes,
            "broker_statement": words.broker_statement,
            "form_4952_question": words.form_4952_question,
            "tax_instructions": words.tax_instructions,
            "gain_line": lines.gain,
            "tax_line": lines.tax,
            "dividends_line": lines.qualified_dividends,
        }

    # Part I  Short-Term Capital Gains and Losses - Generally Assets Held One Year or Less

    @line(
        "1a",
        "Totals for all short-term transactions reported on {broker_statement} for which basis was reported to the IRS "
        "and for which you have no adjustments (see instructions). However, if you choose to report all these "
        "transactions on Form 8949, leave this line blank and go to line 1b",
    )
    def line_1a(self) -> Totals:
        return self._entered(self.form_8949.direct_short)

    @line("1b", "Totals for all transactions reported on Form(s) 8949 with {boxes_1b} checked")
    def line_1b(self) -> Totals:
        return self._boxes(Term.SHORT, 0)

    @line("2", "Totals for all transactions reported on Form(s) 8949 with {boxes_2} checked")
    def line_2(self) -> Totals:
        return self._boxes(Term.SHORT, 1)

    @line("3", "Totals for all transactions reported on Form(s) 8949 with {boxes_3} checked")
    def line_3(self) -> Totals:
        return self._boxes(Term.SHORT, 2)

    @line("4", "Short-term gain from Form 6252 and short-term gain or (loss) from Forms 4684, 6781, and 8824")
    def line_4(self) -> Decimal:
        return self._stated("4")

    @line(
        "5",
        "Net short-term gain or (loss) from partnerships, S corporations, estates, and trusts from Schedule(s) K-1",
    )
    def line_5(self) -> Decimal:
        return self._stated("5")

    @line(
        "6",
        "Short-term capital loss carryover. Enter the amount, if any, from line 8 of your Capital Loss Carryover "
        "Worksheet in the instructions",
    )
    def line_6(self) -> Decimal:
        return -self._amount(self.carried_in.short)

    @line(
        "7",
        "Net short-term capital gain or (loss). Combine lines 1a through 6 in column (h). If you have any long-term "
        "capital gains or losses, go to Part II below. Otherwise, go to Part III on the back",
    )
    def line_7(self) -> Decimal:
        rows = (self.line_1a, self.line_1b, self.line_2, self.line_3)
        return _combine(*(row.gain for row in rows), self.line_4, self.line_5, self.line_6)

    # Part II  Long-Term Capital Gains and Losses - Generally Assets Held More Than One Year

    @line(
        "8a",
        "Totals for all long-term transactions reported on {broker_statement} for which basis was reported to the IRS "
        "and for which you have no adjustments (see instructions). However, if you choose to report all these "
        "transactions on Form 8949, leave this line blank and go to line 8b",
    )
    def line_8a(self) -> Totals:
        return self._entered(self.form_8949.direct_long)

    @line("8b", "Totals for all transactions reported on Form(s) 8949 with {boxes_8b} checked")
    def line_8b(self) -> Totals:
        return self._boxes(Term.LONG, 0)

    @line("9", "Totals for all transactions reported on Form(s) 8949 with {boxes_9} checked")
    def line_9(self) -> Totals:
        return self._boxes(Term.LONG, 1)

    @line("10", "Totals for all transactions reported on Form(s) 8949 with {boxes_10} checked")
    def line_10(self) -> Totals:
        return self._boxes(Term.LONG, 2)

    @line(
        "11",
        "Gain from Form 4797, Part I; long-term gain from Forms 2439 and 6252; and long-term gain or (loss) from Forms "
        "4684, 6781, and 8824",
    )
    def line_11(self) -> Decimal:
        return self._stated("11")

    @line(
        "12",
        "Net long-term gain or (loss) from partnerships, S corporations, estates, and trusts from Schedule(s) K-1",
    )
    def line_12(self) -> Decimal:
        return self._stated("12")

    @line("13", "Capital gain distributions. See the instructions")
    def line_13(self) -> Decimal:
        return self._stated("13")

    @line(
        "14",
        "Long-term capital loss carryover. Enter the amount, if any, from line 13 of your Capital Loss Carryover "
        "Worksheet in the instructions",
    )
    def line_14(self) -> Decimal:
        return -self._amount(self.carried_in.long)

    @line(
        "15",
        "Net long-term capital gain or (loss). Combine lines 8a through 14 in column (h). Then, go to Part III on the "
        "back",
    )
    def line_15(self) -> Decimal:
        rows = (self.line_8a, self.line_8b, self.line_9, self.line_10)
        entries = (self.line_11, self.line_12, self.line_13, self.line_14)
        return _combine(*(row.gain for row in rows), *entries)

    # Part III  Summary

    @line(
        "16",
        "Combine lines 7 and 15 and enter the result",
        "If line 16 is a gain, enter the amount from line 16 on Form 1040, 1040-SR, or 1040-NR, line {gain_line}. "
        "Then, go to line 17 below.",
        "If line 16 is a loss, skip lines 17 through 20 below. Then, go to line 21. Also be sure to complete line 22.",
        "If line 16 is zero, skip lines 17 through 21 below and enter -0- on Form 1040, 1040-SR, or 1040-NR, line "
        "{gain_line}. Then, go to line 22.",
    )
    def line_16(self) -> Decimal:
        return _combine(self.line_7, self.line_15)

    @skip("17", "20")
    def line_16_is_a_loss(self) -> bool:
        return self.line_16 < ZERO

    @skip("17", "21")
    def line_16_is_zero(self) -> bool:
        return self.line_16 == ZERO

    @question(
        "17",
        "Are lines 15 and 16 both gains?",
        "Yes. Go to line 18.",
        "No. Skip lines 18 through 21, and go to line 22.",
    )
    def line_17(self) -> bool:
        return self.line_15 > ZERO and self.line_16 > ZERO

    @skip("18", "21")
    def line_17_is_no(self) -> bool:
        return self.line_16 > ZERO and not self.line_17

    @line(
        "18",
        "If you are required to complete the 28% Rate Gain Worksheet (see instructions), enter the amount, if any, "
        "from line 7 of that worksheet",
    )
    def line_18(self) -> Decimal:
        stated = self._stated("18")
        if stated:
            return stated
        worksheet = self.rate_28_gain_worksheet
        return ZERO if worksheet is None else worksheet.line_7

    @line(
        "19",
        "If you are required to complete the Unrecaptured Section 1250 Gain Worksheet (see instructions), enter the "
        "amount, if any, from line 18 of that worksheet",
    )
    def line_19(self) -> Decimal:
        return self._stated("19")

    @question(
        "20",
        "Are lines 18 and 19 both zero or blank and {form_4952_question} filing Form 4952?",
        "Yes. Complete the Qualified Dividends and Capital Gain Tax Worksheet in the instructions for "
        "{tax_instructions}, line {tax_line}. Don’t complete lines 21 and 22 below.",
        "No. Complete the Schedule D Tax Worksheet in the instructions. Don’t complete lines 21 and 22 below.",
    )
    def line_20(self) -> bool:
        return not self.line_18 and not self.line_19 and not self.files_form_4952

    @skip("21", "22")
    def line_20_was_answered(self) -> bool:
        return self.line_17

    @line(
        "21",
        "If line 16 is a loss, enter here and on Form 1040, 1040-SR, or 1040-NR, line {gain_line}, the smaller of: • "
        "The loss on line 16; or • ($3,000), or if married filing separately, ($1,500)",
        "Note: When figuring which amount is smaller, treat both amounts as positive numbers.",
    )
    def line_21(self) -> Decimal:
        return max(self.line_16, -self.year.loss_limit[self.status])

    @question(
        "22",
        "Do you have qualified dividends on Form 1040, 1040-SR, or 1040-NR, line {dividends_line}?",
        "Yes. Complete the Qualified Dividends and Capital Gain Tax Worksheet in the instructions for "
        "{tax_instructions}, line {tax_line}.",
        "No. Complete the rest of Form 1040, 1040-SR, or 1040-NR.",
    )
    def line_22(self) -> bool | None:
        return None if self.qualified_dividends is None else self.qualified_dividends > ZERO

    @property
    def form_1040_gain(self) -> Decimal:
        """What goes to Form 1040 as capital gain or loss: line 16, or line 21 where line 16 is a loss."""
        return self.line_21 if self.line_16 < ZERO else self.line_16

    @property
    def rate_28_gain_worksheet(self) -> Rate28GainWorksheet | None:
        """The worksheet behind line 18, fed by the code C rows of Form 8949; None where it is not required."""
        collectibles = self.form_8949.collectibles()
        if not self.line_17 or not collectibles:
            return None
        return Rate28GainWorksheet(
            collectibles=Totals.of(collectibles).gain,
            d7=self.line_7,
            d14=self.line_14,
        )

    def to_state(self) -> tuple[str, ...]:
        """What the taxpayer must state because no row of Form 8949 tells it; () where nothing is open."""
        if not self.line_17:
            return ()
        stated, worksheet = self._stated("18"), self.rate_28_gain_worksheet
        if not stated and self.form_8949.section_1202_exclusions():
            return (
                "Form 8949, Part II has rows with code Q: figure the 28% Rate Gain Worksheet with their share on line "
                "2, and state its line 7 as Schedule D 18.",
            )
        if stated and worksheet is not None and stated < worksheet.line_7:
            return (
                f"Schedule D 18 is stated as {stated}, but the collectibles of the ledger alone make "
                f"{worksheet.line_7}: state the whole line.",
            )
        return ()

    def _boxes(self, term: Term, place: int) -> Totals:
        layout = self.year.form_8949
        boxes = dict.fromkeys((layout.letters(term, False)[place], layout.letters(term, True)[place]))
        return self._entered(self.form_8949.totals(*boxes))

    def _stated(self, number: str) -> Decimal:
        return self._amount(self.stated.get(number, ZERO))

    def _amount(self, amount: Decimal) -> Decimal:
        return whole_dollars(amount) if self.in_whole_dollars else amount

    def _entered(self, totals: Totals) -> Totals:
        return totals.in_whole_dollars() if self.in_whole_dollars else totals


def _combine(*amounts: Decimal) -> Decimal:
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total
