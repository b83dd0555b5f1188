"""Unrecaptured Section 1250 Gain Worksheet, Line 19 (Instructions for Schedule D; 26 USC 1(h)(6))."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from capgain.engine.forms.arithmetic import Given, Not, Smaller, above_zero, not_above_zero, not_below_zero, through
from capgain.engine.forms.form import Form, line, skip
from capgain.engine.forms.worksheets.inputs import D7, carried_in
from capgain.engine.money import ZERO

FORM_4797_LINE_7 = Given("form_4797_line_7", "7", "the gain on Form 4797, line 7")


@dataclass(frozen=True, kw_only=True)
class UnrecapturedSection1250GainWorksheet(Form):
    """Depreciation gain on real property taxed at up to 25%; `d7` and `d14` are Schedule D lines, losses negative.

    The other fields are the entries of lines 1, 2, 4, 5, 8, 10, 11, 12 and 14, and the gain on Form 4797, line 7.
    `long_term_carryovers`, negative, is line 16 where a Schedule K-1 adds to Schedule D, line 14; None: line 14 alone.
    """

    title: ClassVar = "Unrecaptured Section 1250 Gain Worksheet"

    form_4797_part_iii: Decimal = ZERO
    form_4797_line_26g: Decimal = ZERO
    installment_sales: Decimal = ZERO
    partnerships: Decimal = ZERO
    form_4797_line_7: Decimal = ZERO
    form_4797_line_8: Decimal = ZERO
    partnership_interests: Decimal = ZERO
    estates_trusts_and_funds: Decimal = ZERO
    other_sales: Decimal = ZERO
    rate_28_gain: Decimal = ZERO
    long_term_carryovers: Decimal | None = None
    d7: Decimal
    d14: Decimal

    there_is_no_gain_on_form_4797 = skip(
        "1",
        "8",
        "If you aren’t reporting a gain on Form 4797, line 7, skip lines 1 through 9 and go to line 10.",
        Not(above_zero(FORM_4797_LINE_7)),
    )
    line_1 = line(
        "1",
        "If you have a section 1250 property in Part III of Form 4797 for which you made an entry in Part I of Form "
        "4797 (but not on Form 6252), enter the smaller of line 22 or line 24 of Form 4797 for that property. If you "
        "didn’t have any such property, go to line 4. If you had more than one such property, see instructions",
        Given("form_4797_part_iii", "1", "the smaller of line 22 or line 24 of Form 4797"),
    )
    line_2 = line(
        "2",
        "Enter the amount from Form 4797, line 26g, for the property for which you made an entry on line 1",
        Given("form_4797_line_26g", "2", "Form 4797, line 26g"),
    )
    line_3 = line("3", "Subtract line 2 from line 1", line_1 - line_2)
    line_4 = line(
        "4",
        "Enter the total unrecaptured section 1250 gain included on line 26 or line 37 of Form(s) 6252 from "
        "installment sales of trade or business property held more than 1 year. See instructions",
        Given("installment_sales", "4", "installment sales of business property"),
    )
    line_5 = line(
        "5",
        "Enter the total of any amounts reported to you on a Schedule K-1 from a partnership or an S corporation as "
        "“unrecaptured section 1250 gain”",
        Given("partnerships", "5", "Schedule K-1 of a partnership or S corporation"),
    )
    line_6 = line("6", "Add lines 3 through 5", through(line_3, line_4, line_5))
    line_7 = line(
        "7", "Enter the smaller of line 6 or the gain from Form 4797, line 7", Smaller(line_6, FORM_4797_LINE_7)
    )
    line_8 = line(
        "8", "Enter the amount, if any, from Form 4797, line 8", Given("form_4797_line_8", "8", "Form 4797, line 8")
    )
    line_9 = line("9", "Subtract line 8 from line 7. If zero or less, enter -0-", not_below_zero(line_7 - line_8))
    line_10 = line(
        "10",
        "Enter the amount of any gain from the sale or exchange of an interest in a partnership attributable to "
        "unrecaptured section 1250 gain. See instructions",
        Given("partnership_interests", "10", "sale of a partnership interest"),
    )
    line_11 = line(
        "11",
        "Enter the total of any amounts reported to you as “unrecaptured section 1250 gain” on a Schedule K-1, Form "
        "1099-DIV, or Form 2439 from an estate, a trust, a real estate investment trust, or a mutual fund (or other "
        "regulated investment company) or in connection with a Form 1099-R",
        Given("estates_trusts_and_funds", "11", "Schedule K-1 of an estate or trust, Forms 1099-DIV and 2439"),
    )
    line_12 = line(
        "12",
        "Enter the total of any unrecaptured section 1250 gain from sales (including installment sales) or other "
        "dispositions of section 1250 property held more than 1 year for which you didn’t make an entry in Part I of "
        "Form 4797 for the year of sale. See instructions",
        Given("other_sales", "12", "other sales of section 1250 property"),
    )
    line_13 = line("13", "Add lines 9 through 12", through(line_9, line_10, line_11, line_12))
    line_14 = line(
        "14",
        "If you had any section 1202 gain or collectibles gain or (loss), enter the total of lines 1 through 4 of the "
        "28% Rate Gain Worksheet. Otherwise, enter -0-",
        Given("rate_28_gain", "14", "lines 1 through 4 of the 28% Rate Gain Worksheet"),
    )
    line_15 = line(
        "15",
        "Enter the (loss), if any, from Schedule D, line 7. If Schedule D, line 7, is zero or a gain, enter -0-",
        not_above_zero(D7),
    )
    line_16 = line(
        "16",
        "Enter your long-term capital loss carryovers from Schedule D, line 14; and Schedule K-1 (Form 1041), box 11, "
        "code D*",
        carried_in("16"),
    )
    line_17 = line(
        "17",
        "Combine lines 14 through 16. If the result is a (loss), enter it as a positive amount. If the result is zero "
        "or a gain, enter -0-",
        not_below_zero(-through(line_14, line_15, line_16)),
    )
    line_18 = line(
        "18",
        "Unrecaptured section 1250 gain. Subtract line 17 from line 13. If zero or less, enter -0-. If more than zero, "
        "enter the result here and on Schedule D, line 19",
        not_below_zero(line_13 - line_17),
    )
