"""What brokers report: the rows of Forms 1099-B and 1099-DA as the taxpayer entered them on the sheet 1099."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine.box_letters import NOT_REPORTED, REPORTED_OF_BOX, TERM_OF_BOX
from capgain.engine.classes import Reported, Term

SHEET = "1099"
"""The name of the sheet, for messages."""

BOX_TERMS = {box: term for box, term in TERM_OF_BOX.items() if box not in NOT_REPORTED}
"""The term that a box of Form 8949 for reported sales stands for."""

BOX_REPORTED = {box: reported for box, reported in REPORTED_OF_BOX.items() if box not in NOT_REPORTED}
"""Whether a box is for sales whose basis was reported to the IRS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerRow:
    """One row of a form: of one sale where it has a quantity and a day, else a total. Amounts in dollars.

    `box` is a letter of Form 8949, "X" or "Y" where the broker does not know the term, "" where the form names none;
    `term` and `reported` follow from it where they are not stated. `form` is 1099-B, 1099-DA or "" for not stated;
    `asset` "" on a total of all assets. `acquired_text` is VARIOUS or INHERITED. None stands for a blank cell: a basis
    or wash sale loss of which the form says nothing.
    """

    row: int
    broker: str
    form: str = ""
    box: str = ""
    asset: str = ""
    quantity: Decimal | None = None
    acquired: date | None = None
    acquired_text: str = ""
    sold: date | None = None
    proceeds: Decimal
    basis: Decimal | None = None
    wash: Decimal | None = None
    discount: Decimal | None = None
    term: Term | None = None
    reported: Reported
    loss_not_allowed: bool = False
    withheld: Decimal | None = None
    note: str = ""

    @property
    def is_of_a_sale(self) -> bool:
        """Whether it is a lot row, of one sale; else it is a total."""
        return self.sold is not None

    @property
    def knows_term(self) -> bool:
        """Whether the broker says the term; with the letters X and Y it does not (Form 1099-DA, box 1; 1099-B)."""
        return self.term is not None and self.box not in ("X", "Y")
