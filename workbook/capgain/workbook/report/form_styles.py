"""How the sheets that stand for an official form look: black part bars, check boxes, brackets for losses."""

from __future__ import annotations

from capgain.workbook.sheets import DATE_FORMAT, MONEY_FORMAT, Style, Validation

FORM_TITLE = Style(name="CapGain Form Title", bold=True, font_size=16)
FORM_YEAR = Style(name="CapGain Form Year", bold=True, font_size=20, align="right")
PART_BAR = Style(name="CapGain Part Bar", bold=True, colour="FFFFFF", fill="000000")
FORM_HEADING = Style(
    name="CapGain Form Heading", bold=True, font_size=9, fill="E7E6E6", wrap=True, align="center", border="tblr"
)
BOX = Style(name="CapGain Check Box", align="right")
BOX_TEXT = Style(name="CapGain Check Box Text", colour="595959")
BOX_TEXT_CHECKED = Style(name="CapGain Check Box Text Checked", bold=True)
DESCRIPTION = Style(name="CapGain Description", border="b", wrap=True)
DATED = Style(name="CapGain Form Date", number_format=DATE_FORMAT, align="center", border="b")
CODE = Style(name="CapGain Code", align="center", border="b")
AMOUNT = Style(name="CapGain Form Amount", number_format=MONEY_FORMAT, border="b")
TOTAL_AMOUNT = Style(name="CapGain Form Total", number_format=MONEY_FORMAT, bold=True, border="TB")
TOTAL_TEXT = Style(name="CapGain Form Total Text", bold=True, border="TB")
LINE_NUMBER = Style(name="CapGain Line Number", bold=True, align="center", top_aligned=True, border="b")
LINE_NUMBER_AGAIN = Style(name="CapGain Line Number Again", bold=True, align="center", border="b")
"""the number repeated beside the amount, at the bottom of the line like it"""
LINE_TEXT = Style(name="CapGain Line Text", wrap=True, top_aligned=True, border="b")
LINE_NOTE = Style(name="CapGain Line Note", wrap=True, top_aligned=True, italic=True, font_size=9, colour="404040")
LINE_AMOUNT = Style(name="CapGain Line Amount", number_format=MONEY_FORMAT, border="b")
LINE_TOTAL = Style(name="CapGain Line Total", number_format=MONEY_FORMAT, bold=True, border="TB")
LINE_INPUT = Style(name="CapGain Line Input", number_format=MONEY_FORMAT, colour="0000FF", border="b")
"""a value that comes from elsewhere, in blue as bankers mark inputs"""
LINE_ANSWER = Style(name="CapGain Line Answer", bold=True, align="center", border="b")
SHADED = Style(name="CapGain Shaded", fill="D9D9D9", border="b")
"""where the form leaves no room for an amount"""
TICK = Style(name="CapGain Tick Mark", align="center", colour="0000FF", fill="FFFFE0", unlocked=True)
SIGN_OFF = Style(name="CapGain Sign-off", border="b", fill="FFFFE0", unlocked=True)

TICK_MARKS = (
    ("F", "footed: the column was added up"),
    ("XF", "cross-footed: across and down agree"),
    ("A", "agreed to the broker's Form 1099"),
    ("R", "recomputed"),
    ("PY", "agreed to the prior year's return"),
    ("?", "open question"),
)
"""Tick marks of the working papers and what each says was done."""


def tick_choices(cells: str) -> Validation:
    """The drop-down of tick marks on a range."""
    return Validation(
        cells, tuple(mark for mark, _ in TICK_MARKS), title="Tick mark", message="Legend: sheet Readme", strict=False
    )
