"""28% Rate Gain Worksheet, Line 18 (Instructions for Schedule D; 26 USC 1(h)(4))."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from capgain.engine.forms.arithmetic import Entry, Given, not_above_zero, not_below_zero, through
from capgain.engine.forms.form import Form, line
from capgain.engine.forms.worksheets.inputs import D7, carried_in
from capgain.engine.money import ZERO


@dataclass(frozen=True, kw_only=True)
class Rate28GainWorksheet(Form):
    """Collectibles and section 1202 gain taxed at up to 28%; `d7` and `d14` are Schedule D lines, losses negative.

    `section_1202` is the positive amount of line 2. `long_term_carryovers`, negative, is line 5 where a Schedule K-1
    adds to Schedule D, line 14; None: line 14 alone.
    """

    title: ClassVar = "28% Rate Gain Worksheet"

    collectibles: Decimal
    section_1202: Decimal = ZERO
    other_forms: Decimal = ZERO
    reported_to_you: Decimal = ZERO
    long_term_carryovers: Decimal | None = None
    d7: Decimal
    d14: Decimal

    line_1 = line(
        "1",
        "Enter the total of all collectibles gain or (loss) from items you reported on Form 8949, Part II",
        Given("collectibles", "1", "collectibles gain or loss on Form 8949, Part II"),
    )
    line_2 = line(
        "2",
        "Enter as a positive number the total of: • Any section 1202 exclusion you reported in column (g) of Form "
        "8949, Part II, with code “Q” in column (f), that is 50% of the gain; • 2/3 of any section 1202 exclusion you "
        "reported in column (g) of Form 8949, Part II, with code “Q” in column (f), that is 60% of the gain; and • 1/3 "
        "of any section 1202 exclusion you reported in column (g) of Form 8949, Part II, with code “Q” in column (f), "
        "that is 75% of the gain. Don’t make an entry for any section 1202 exclusion that is 100% of the gain.",
        Given("section_1202", "2", "section 1202 exclusions", Entry.POSITIVE),
    )
    line_3 = line(
        "3",
        "Enter the total of all collectibles gain or (loss) from Form 4684, line 4 (but only if Form 4684, line 15, is "
        "more than zero); Form 6252; Form 6781, Part II; and Form 8824",
        Given("other_forms", "3", "collectibles on Forms 4684, 6252, 6781 and 8824"),
    )
    line_4 = line(
        "4",
        "Enter the total of any collectibles gain reported to you on: • Form 1099-DIV, box 2d; • Form 2439, box 1d; "
        "and • Schedule K-1 from a partnership, S corporation, estate, or trust.",
        Given("reported_to_you", "4", "collectibles gain reported to you"),
    )
    line_5 = line(
        "5",
        "Enter your long-term capital loss carryovers from Schedule D, line 14; and Schedule K-1 (Form 1041), box 11, "
        "code D",
        carried_in("5"),
    )
    line_6 = line(
        "6", "If Schedule D, line 7, is a (loss), enter that (loss) here. Otherwise, enter -0-", not_above_zero(D7)
    )
    line_7 = line(
        "7",
        "Combine lines 1 through 6. If zero or less, enter -0-. If more than zero, also enter this amount on Schedule "
        "D, line 18",
        not_below_zero(through(line_1, line_2, line_3, line_4, line_5, line_6)),
    )
