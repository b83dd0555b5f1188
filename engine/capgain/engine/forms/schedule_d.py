"""Schedule D (Form 1040), Capital Gains and Losses, in the words of 2020 to 2025."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.arithmetic import (
    NOTHING,
    AllOf,
    Elsewhere,
    Entered,
    Filled,
    Given,
    GivenAnswer,
    Not,
    OfLine,
    OfYear,
    Smaller,
    When,
    above_zero,
    below_zero,
    is_zero,
    through,
)
from capgain.engine.forms.boxes import BOX_LINES, DIRECT_LINES, boxes_of_line
from capgain.engine.forms.form import Form, Line, line, question, skip
from capgain.engine.forms.form_6781 import Form6781
from capgain.engine.forms.form_8949 import NO_ROWS, Form8949, Totals, box_names
from capgain.engine.forms.worksheets.carryover import CarryoverWorksheet
from capgain.engine.forms.worksheets.rate_28 import Rate28GainWorksheet
from capgain.engine.money import ZERO
from capgain.engine.results.carryovers import Carryover
from capgain.engine.settings import SCHEDULE_D_INPUT_LINES
from capgain.engine.years import TaxYear


def _nothing_stated() -> Mapping[str, Decimal]:
    return {}


class TotalsLine(Line[Totals], OfLine):
    """A line with columns (d) to (h), totals of rows; column (h) is its amount."""

    arithmetic = None

    def __init__(self, number: str, text: str) -> None:
        super().__init__(number, text, (), lambda form: form.totals(number), NO_ROWS)

    def value(self, form: Filled) -> Decimal:
        totals: Totals = getattr(form, self.name)
        return totals.gain


STATED_18 = Entered(Elsewhere("18"))
COLLECTIBLES = Given("collectibles")


@dataclass(frozen=True, kw_only=True)
class ScheduleD(Form):
    """One year's Schedule D; losses negative, lines 6, 14 and 21 too. Lines 18, 19 and 21 are 0 where skipped.

    `carried_in` are last year's losses as positive amounts. `stated` are the amounts of lines that come from other
    forms (4, 5, 11, 12, 13, 18, 19) in dollars; a stated line 18 is the whole line, else it is figured from the
    collectibles on Form 8949. Lines 8 and 9 of `form_6781` join lines 4 and 11. `qualified_dividends` and
    `files_form_4952` are for lines 20 and 22; None: not known.
    """

    form_8949: Form8949
    carried_in: Carryover
    status: FilingStatus
    year: TaxYear
    stated: Mapping[str, Decimal] = field(default_factory=_nothing_stated)
    form_6781: Form6781 | None = None
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
        words = self.year.schedule_d
        return {
            **{f"boxes_{line}": box_names(*boxes_of_line(line, layout)) for line in BOX_LINES},
            "broker_statement": words.broker_statement,
            "form_4952_question": words.form_4952_question,
            "tax_instructions": words.tax_instructions,
            "gain_line": lines.gain,
            "tax_line": lines.tax,
            "dividends_line": lines.qualified_dividends,
        }

    # Part I  Short-Term Capital Gains and Losses - Generally Assets Held One Year or Less
    line_1a = TotalsLine(
        "1a",
        "Totals for all short-term transactions reported on {broker_statement} for which basis was reported to the IRS "
        "and for which you have no adjustments (see instructions). However, if you choose to report all these "
        "transactions on Form 8949, leave this line blank and go to line 1b",
    )
    line_1b = TotalsLine("1b", "Totals for all transactions reported on Form(s) 8949 with {boxes_1b} checked")
    line_2 = TotalsLine("2", "Totals for all transactions reported on Form(s) 8949 with {boxes_2} checked")
    line_3 = TotalsLine("3", "Totals for all transactions reported on Form(s) 8949 with {boxes_3} checked")
    line_4 = line(
        "4",
        "Short-term gain from Form 6252 and short-term gain or (loss) from Forms 4684, 6781, and 8824",
        Entered(Elsewhere("4") + Given("short_of_6781")),
    )
    line_5 = line(
        "5",
        "Net short-term gain or (loss) from partnerships, S corporations, estates, and trusts from Schedule(s) K-1",
        Entered(Elsewhere("5")),
    )
    line_6 = line(
        "6",
        "Short-term capital loss carryover. Enter the amount, if any, from line 8 of your Capital Loss Carryover "
        "Worksheet in the instructions",
        -Entered(Given("carried_short")),
    )
    line_7 = line(
        "7",
        "Net short-term capital gain or (loss). Combine lines 1a through 6 in column (h). If you have any long-term "
        "capital gains or losses, go to Part II below. Otherwise, go to Part III on the back",
        through(line_1a, line_1b, line_2, line_3, line_4, line_5, line_6),
    )

    # Part II  Long-Term Capital Gains and Losses - Generally Assets Held More Than One Year
    line_8a = TotalsLine(
        "8a",
        "Totals for all long-term transactions reported on {broker_statement} for which basis was reported to the IRS "
        "and for which you have no adjustments (see instructions). However, if you choose to report all these "
        "transactions on Form 8949, leave this line blank and go to line 8b",
    )
    line_8b = TotalsLine("8b", "Totals for all transactions reported on Form(s) 8949 with {boxes_8b} checked")
    line_9 = TotalsLine("9", "Totals for all transactions reported on Form(s) 8949 with {boxes_9} checked")
    line_10 = TotalsLine("10", "Totals for all transactions reported on Form(s) 8949 with {boxes_10} checked")
    line_11 = line(
        "11",
        "Gain from Form 4797, Part I; long-term gain from Forms 2439 and 6252; and long-term gain or (loss) from Forms "
        "4684, 6781, and 8824",
        Entered(Elsewhere("11") + Given("long_of_6781")),
    )
    line_12 = line(
        "12",
        "Net long-term gain or (loss) from partnerships, S corporations, estates, and trusts from Schedule(s) K-1",
        Entered(Elsewhere("12")),
    )
    line_13 = line("13", "Capital gain distributions. See the instructions", Entered(Elsewhere("13")))
    line_14 = line(
        "14",
        "Long-term capital loss carryover. Enter the amount, if any, from line 13 of your Capital Loss Carryover "
        "Worksheet in the instructions",
        -Entered(Given("carried_long")),
    )
    line_15 = line(
        "15",
        "Net long-term capital gain or (loss). Combine lines 8a through 14 in column (h). Then, go to Part III on the "
        "back",
        through(line_8a, line_8b, line_9, line_10, line_11, line_12, line_13, line_14),
    )

    # Part III  Summary
    line_16 = line(
        "16",
        "Combine lines 7 and 15 and enter the result",
        line_7 + line_15,
        "If line 16 is a gain, enter the amount from line 16 on Form 1040, 1040-SR, or 1040-NR, line {gain_line}. "
        "Then, go to line 17 below.",
        "If line 16 is a loss, skip lines 17 through 20 below. Then, go to line 21. Also be sure to complete line 22.",
        "If line 16 is zero, skip lines 17 through 21 below and enter -0- on Form 1040, 1040-SR, or 1040-NR, line "
        "{gain_line}. Then, go to line 22.",
    )
    line_16_is_no_gain = skip("17", "17", "", Not(above_zero(line_16)))
    line_17 = question(
        "17",
        "Are lines 15 and 16 both gains?",
        AllOf((above_zero(line_15), above_zero(line_16))),
        "Yes. Go to line 18.",
        "No. Skip lines 18 through 21, and go to line 22.",
    )
    line_17_is_no = skip("18", "20", "", Not(line_17))
    line_18 = line(
        "18",
        "If you are required to complete the 28% Rate Gain Worksheet (see instructions), enter the amount, if any, "
        "from line 7 of that worksheet",
        When(is_zero(STATED_18), When(is_zero(COLLECTIBLES), NOTHING, Given("rate_28_gain")), STATED_18),
    )
    line_19 = line(
        "19",
        "If you are required to complete the Unrecaptured Section 1250 Gain Worksheet (see instructions), enter the "
        "amount, if any, from line 18 of that worksheet",
        Entered(Elsewhere("19")),
    )
    line_20 = question(
        "20",
        "Are lines 18 and 19 both zero or blank and {form_4952_question} filing Form 4952?",
        AllOf((is_zero(line_18), is_zero(line_19), Not(GivenAnswer("files_form_4952")))),
        "Yes. Complete the Qualified Dividends and Capital Gain Tax Worksheet in the instructions for "
        "{tax_instructions}, line {tax_line}. Don’t complete lines 21 and 22 below.",
        "No. Complete the Schedule D Tax Worksheet in the instructions. Don’t complete lines 21 and 22 below.",
    )
    line_16_is_no_loss = skip("21", "21", "", Not(below_zero(line_16)))
    line_21 = line(
        "21",
        "If line 16 is a loss, enter here and on Form 1040, 1040-SR, or 1040-NR, line {gain_line}, the smaller of: • "
        "The loss on line 16; or • ($3,000), or if married filing separately, ($1,500)",
        -Smaller(-line_16, OfYear("loss_limit")),
        "Note: When figuring which amount is smaller, treat both amounts as positive numbers.",
    )
    line_20_was_answered = skip("22", "22", "", line_17)
    line_22 = question(
        "22",
        "Do you have qualified dividends on Form 1040, 1040-SR, or 1040-NR, line {dividends_line}?",
        GivenAnswer("has_qualified_dividends"),
        "Yes. Complete the Qualified Dividends and Capital Gain Tax Worksheet in the instructions for "
        "{tax_instructions}, line {tax_line}.",
        "No. Complete the rest of Form 1040, 1040-SR, or 1040-NR.",
    )
    form_1040_gain = line(
        "",
        "To Form 1040, 1040-SR, or 1040-NR, line {gain_line}",
        When(below_zero(line_16), line_21, line_16),
    )

    @property
    def carried_short(self) -> Decimal:
        return self.carried_in.short

    @property
    def carried_long(self) -> Decimal:
        return self.carried_in.long

    @property
    def short_of_6781(self) -> Decimal:
        """Form 6781, line 8."""
        return ZERO if self.form_6781 is None else self.form_6781.line_8

    @property
    def long_of_6781(self) -> Decimal:
        """Form 6781, line 9."""
        return ZERO if self.form_6781 is None else self.form_6781.line_9

    @property
    def has_qualified_dividends(self) -> bool | None:
        return None if self.qualified_dividends is None else self.qualified_dividends > ZERO

    @property
    def collectibles(self) -> Decimal:
        """What of Form 8949, Part II, is taxed at up to 28%: the code C rows, and of code Q what line 2 takes."""
        return Totals.of(self.form_8949.collectibles()).gain + self.form_8949.section_1202_at_28_percent()

    @property
    def rate_28_gain(self) -> Decimal:
        """Line 7 of the 28% Rate Gain Worksheet, 0 where it is not required."""
        return ZERO if self.rate_28_gain_worksheet is None else self.rate_28_gain_worksheet.line_7

    @property
    def rate_28_gain_worksheet(self) -> Rate28GainWorksheet | None:
        """The worksheet behind line 18, fed by the code C and Q rows of Form 8949; None where it is not required."""
        section_1202 = self.form_8949.section_1202_at_28_percent()
        if not self.line_17 or not (self.form_8949.collectibles() or section_1202):
            return None
        gain = Totals.of(self.form_8949.collectibles()).gain
        return Rate28GainWorksheet(collectibles=gain, section_1202=section_1202, d7=self.line_7, d14=self.line_14)

    def carryover_worksheet(self, taxable_income: Decimal | None) -> CarryoverWorksheet:
        """The worksheet that carries this year's losses into the next; `taxable_income` None where not known."""
        return CarryoverWorksheet(
            into_year=self.year.year + 1,
            taxable_income=taxable_income,
            d7=self.line_7,
            d15=self.line_15,
            d16=self.line_16,
            d21=self.line_21,
        )

    def to_state(self) -> tuple[str, ...]:
        """What the taxpayer must state because no row of Form 8949 tells it; () where nothing is open."""
        if not self.line_17:
            return ()
        stated, worksheet = STATED_18.value(self), self.rate_28_gain_worksheet
        if stated and worksheet is not None and stated < worksheet.line_7:
            return (
                f"Schedule D 18 is stated as {stated}, but the collectibles of the ledger alone make "
                f"{worksheet.line_7}: state the whole line.",
            )
        return ()

    def totals(self, number: str) -> Totals:
        """The columns of a line that Form 8949 feeds, or Exception 1 without it."""
        if number in DIRECT_LINES:
            found = self.form_8949.direct[DIRECT_LINES[number]]
        else:
            found = self.form_8949.totals(*boxes_of_line(number, self.year.form_8949))
        return found.in_whole_dollars() if self.in_whole_dollars else found
