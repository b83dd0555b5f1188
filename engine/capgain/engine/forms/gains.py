"""The capital gains of a year as they meet on Schedule D, and the same with further ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from capgain.engine.forms.form import Form
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.worksheets.rate_28 import Rate28GainWorksheet
from capgain.engine.money import ZERO


@dataclass(frozen=True)
class Gains(Form):
    """The capital gains of a year as they meet on Schedule D, Part III, in dollars, losses negative.

    `short` is line 7 and `long` line 15, carryovers in both. `rate_28` is the sum of lines 1 to 4 of the 28% Rate Gain
    Worksheet, `long_carryover` Schedule D, line 14, which reduces it; `stated_line_18` takes its place where the
    taxpayer figured the worksheet. `line_19` is unrecaptured section 1250 gain. Lines 16 to 19 are those of the form.
    """

    short: Decimal = ZERO
    long: Decimal = ZERO
    rate_28: Decimal = ZERO
    long_carryover: Decimal = ZERO
    stated_line_18: Decimal | None = None
    stated_line_19: Decimal = ZERO

    line_16 = ScheduleD.line_16
    line_17 = ScheduleD.line_17
    line_18 = ScheduleD.line_18
    line_19 = ScheduleD.line_19

    @classmethod
    def of(cls, schedule_d: ScheduleD) -> Gains:
        """The gains of a filled-in Schedule D."""
        worksheet = schedule_d.rate_28_gain_worksheet
        return cls(
            short=schedule_d.line_7,
            long=schedule_d.line_15,
            rate_28=ZERO if worksheet is None else worksheet.line_1,
            long_carryover=schedule_d.line_14,
            stated_line_18=schedule_d.stated.get("18") or None,
            stated_line_19=schedule_d.stated.get("19", ZERO),
        )

    def plus(self, *, short: Decimal = ZERO, long: Decimal = ZERO) -> Gains:
        """These gains with more short- and long-term gain or loss realised."""
        return replace(self, short=self.short + short, long=self.long + long)

    @property
    def net(self) -> Decimal:
        """Schedule D, line 16."""
        return self.line_16

    @property
    def line_7(self) -> Decimal:
        return self.short

    @property
    def line_15(self) -> Decimal:
        return self.long

    @property
    def stated(self) -> Mapping[str, Decimal]:
        """Lines 18 and 19 as stated."""
        return {"18": self.stated_line_18 or ZERO, "19": self.stated_line_19}

    @property
    def collectibles(self) -> Decimal:
        return self.rate_28

    @property
    def rate_28_gain(self) -> Decimal:
        """Line 7 of the 28% Rate Gain Worksheet."""
        return Rate28GainWorksheet(collectibles=self.rate_28, d7=self.short, d14=self.long_carryover).line_7


NO_GAINS = Gains()
