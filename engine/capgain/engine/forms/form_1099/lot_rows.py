"""A lot row of a Form 1099 and the lots it is about: which figures Form 8949 shows, and what of them is settled."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from capgain.engine.box_letters import BASIS_REPORTED, DIGITAL_BOXES
from capgain.engine.broker_rows import BrokerRow
from capgain.engine.classes import Term
from capgain.engine.forms.boxes import box
from capgain.engine.forms.form_1099.matching import Match
from capgain.engine.forms.form_1099.outcome import Difference, Figure
from capgain.engine.forms.form_1099.printed_figures import as_one_row, printed
from capgain.engine.forms.form_1099.sale_facts import BASIS_CAUSES, SaleFacts
from capgain.engine.money import dollars, from_cents, share_out, to_cents
from capgain.engine.results.dispositions import Disposition, Kind

CENT = 1
"""What a broker may be off by in rounding, for each lot row."""


class LotRow:
    """The rows of a form that a match holds together, and what they make of its dispositions."""

    def __init__(self, match: Match, rows: Sequence[Disposition], facts: SaleFacts) -> None:
        self.forms = match.forms
        self.places = match.places
        self._dates_differ = match.dates_differ
        self._facts = facts
        self.rows = [rows[place] for place in match.places]
        self._entries = [entry for row in self.rows if (entry := facts.sale(row)) is not None]
        self.differences: list[Difference] = []
        self.discount = 0

    @property
    def form(self) -> BrokerRow:
        return self.forms[0]

    @property
    def noted(self) -> bool:
        """Whether a note on the form's row, or on each sale, says what is behind a difference."""
        sold = {row.row for row in self.rows}
        return any(form.note for form in self.forms) or (
            bool(self._entries) and sold <= {entry.row for entry in self._entries if entry.note}
        )

    @property
    def _stated_codes(self) -> frozenset[str]:
        return frozenset(code for entry in self._entries for code in entry.code)

    def printed(self) -> list[Disposition]:
        """The dispositions with the form's figures, in the order of the match."""
        self._choose_box()
        proceeds, codes = self._proceeds()
        expense = sum(row.proceeds_cents for row in self.rows) - sum(proceeds)
        basis, correction, more = self._basis()
        codes += more + self._term()
        self._acquired()
        wash = self._wash(expense + correction)
        discounts = self._discounts()
        codes += wash + ("D" if sum(discounts) else "")
        self.discount = sum(discounts)
        self._not_allowed()
        shown = [
            printed(
                row,
                proceeds=proceeds[place],
                basis=basis[place],
                codes=codes,
                discount=discounts[place],
                form_row=self.form.row,
            )
            for place, row in enumerate(self.rows)
        ]
        acquired = self.form.acquired_text or ("VARIOUS" if self.form.acquired is None else "")
        return as_one_row(shown, self.places[0] + 1, acquired if len(shown) > 1 else "")

    def _differs(self, figure: Figure, amount: int, cause: str, letter: str, what: str = "", remedy: str = "") -> None:
        self.differences.append(Difference(figure, amount, cause, letter, what, remedy))

    def _choose_box(self) -> None:
        """Column Reported of the sale, else the form (contract, column Reported); the kind of asset by the form."""
        form = self.form
        stated = next((entry.reported for entry in self._entries if entry.reported is not None), None)
        if stated is not None:
            if stated is not form.reported:
                self._differs(
                    Figure.BOX,
                    0,
                    "box",
                    "",
                    f"the form says {form.reported.value}, the ledger {stated.value} in Reported",
                    "Correct column Reported of the sale, or Box on sheet 1099.",
                )
            return
        for place, row in enumerate(self.rows):
            digital = row.box in DIGITAL_BOXES
            if form.box in ("", "X", "Y"):
                digital = form.form == "1099-DA" or (digital and form.form != "1099-B")
            else:
                digital = form.box in DIGITAL_BOXES
            self.rows[place] = row._replace(box=box(row.term, digital, form.reported, row.sold.year))

    def _proceeds(self) -> tuple[list[int], str]:
        """Column (d): the form's, ours where more was received ("enter the correct proceeds", column (d))."""
        ours = [row.proceeds_cents for row in self.rows]
        theirs, net = sum(to_cents(form.proceeds) for form in self.forms), sum(ours)
        difference = theirs - net
        shares = share_out(theirs, [row.units for row in self.rows])
        if abs(difference) <= CENT * len(self.forms):
            return ours, ""
        fee = sum(map(self._facts.fee, self.places))
        both = f"{_text(theirs)} on the form, {_text(net)} in the ledger"
        if all(row.kind is Kind.ASSIGNED for row in self.rows) or (fee and abs(difference - fee) <= CENT):
            self._differs(Figure.PROCEEDS, difference, "fee", "E")
            return shares, "E"
        if self._is_strike(theirs):
            self._differs(Figure.PROCEEDS, difference, "option", "E")
            return shares, "E"
        if difference < 0:
            told = "" if self.noted else f"proceeds are {_text(-difference)} lower on the form: {both}"
            self._differs(
                Figure.PROCEEDS, difference, "more received", "", told, "Correct the sale, or say why in its Note."
            )
            return ours, ""
        stated = self._stated_codes & {"E", "O"}
        if self.noted or stated:
            code = "O" if stated == {"O"} else "E"
            self._differs(Figure.PROCEEDS, difference, "as noted", code)
            return shares, code
        self._differs(
            Figure.PROCEEDS,
            difference,
            "",
            "",
            f"proceeds are {_text(difference)} higher on the form: {both}, and no fee of the sale explains it",
            "Enter the missing Fee or correct the price; or say why in Note of the sale.",
        )
        return ours, ""

    def _is_strike(self, theirs: int) -> bool:
        """Whether the form has the strike price alone of a put that was used, with the fee taken off or not."""
        known = [self._facts.strike_of_sale(place) for place in self.places]
        if None in known:
            return False
        strike, fee = (sum(one[part] for one in known if one is not None) for part in (0, 1))
        return any(abs(theirs - amount) <= CENT * len(self.places) for amount in (strike, strike - fee))

    def _basis(self) -> tuple[list[int], int, str]:
        """Column (e), what corrects it in (g), and the code (Worksheet for Basis Adjustments in Column (g))."""
        ours = [row.basis_cents for row in self.rows]
        stated = [form.basis for form in self.forms]
        shown = [basis for basis in stated if basis is not None]
        if len(shown) < len(stated):
            return ours, 0, ""
        theirs, own = sum(map(to_cents, shown)), sum(ours)
        difference = theirs - own
        if abs(difference) <= CENT * len(self.forms):
            return ours, 0, ""
        if self.rows[0].box not in BASIS_REPORTED:
            if not theirs:
                return ours, 0, ""
            self._differs(Figure.BASIS, difference, "basis shown to the taxpayer alone", "B")
            return ours, 0, "B"
        cause = self._basis_cause(difference)
        told = ""
        if not (cause or self.noted or "B" in self._stated_codes):
            told = (
                f"the basis reported to the IRS is {_text(theirs)}, {_text(own)} in the ledger, and nothing in the "
                "ledger explains it"
            )
        self._differs(
            Figure.BASIS,
            difference,
            cause,
            "B",
            told,
            "Correct the lot, or say in Note why the broker's basis is wrong.",
        )
        return share_out(theirs, [row.units for row in self.rows]), difference, "B"

    def _basis_cause(self, difference: int) -> str:
        """The fewest causes that add up to the difference."""
        amounts = {name: -sum(fact(self._facts, place) for place in self.places) for name, fact in BASIS_CAUSES.items()}
        known = {name: amount for name, amount in amounts.items() if amount}
        for count in range(1, len(known) + 1):
            for chosen in combinations(known, count):
                if abs(sum(known[name] for name in chosen) - difference) <= CENT * max(len(self.places), count):
                    return " and ".join(chosen)
        return ""

    def _term(self) -> str:
        form, ours = self.form, self.rows[0].term
        if not form.knows_term or form.term is ours:
            return ""
        tacks = all(map(self._facts.tacks, self.places))
        told = "" if tacks or self.noted else f"the form says {_word(form.term)}-term, the ledger {_word(ours)}-term"
        self._differs(
            Figure.TERM, 0, "holding period" if tacks else "", "T", told, "Correct the lot's date, or say why in Note."
        )
        return "T"

    def _acquired(self) -> None:
        if not self._dates_differ:
            return
        ours = self.rows[0].acquired_text or self.rows[0].acquired.isoformat()
        form = self.form.acquired_text or (self.form.acquired.isoformat() if self.form.acquired else "")
        settled = self.noted or not form or all(map(self._facts.tacks, self.places))
        told = "" if settled else f"acquired {form} by the form, {ours} in the ledger"
        self._differs(Figure.ACQUIRED, 0, "acquired date", "", told, "Correct the lot's date, or say why in Note.")

    def _wash(self, corrected: int) -> str:
        """Code W: our disallowed loss; 0 where the form has one and we have none. `corrected` is B and E in (g)."""
        ours = sum(row.wash_cents for row in self.rows)
        stated = [form.wash for form in self.forms if form.wash is not None]
        if "W" in self._stated_codes:
            return ""
        if not stated:
            return "W" if ours else ""
        theirs = sum(map(to_cents, stated))
        difference = theirs - ours
        code = "W" if ours or theirs else ""
        if abs(difference) <= CENT * len(self.forms):
            return code
        both = f"{_text(theirs)} on the form, {_text(ours)} in the ledger"
        if difference > 0:
            told = "" if self.noted else f"the wash sale loss is smaller than on the form: {both}"
            self._differs(
                Figure.WASH,
                difference,
                "smaller wash sale loss",
                "W",
                told,
                "Say in Note of the sale why it is smaller.",
            )
            return code
        cause = self._larger_wash(-difference, ours, corrected)
        told = "" if cause or self.noted else f"the wash sale loss is larger than on the form: {both}"
        self._differs(
            Figure.WASH, difference, cause, "W", told, "Compare the broker's wash sales with sheet Wash Sales."
        )
        return code

    def _larger_wash(self, more: int, ours: int, corrected: int) -> str:
        """Replacements the broker does not look at, or its own loss being smaller by what B and E correct."""
        across = self._facts.washed_elsewhere(self.places)
        loss = sum(max(0, row.correct_basis_cents - row.net_cents) for row in self.rows)
        share = round(Decimal(ours) * -corrected / loss) if loss else 0
        for cause, amount in (("wash across accounts", across), ("the broker's loss was smaller", share)):
            if amount and abs(more - amount) <= CENT:
                return cause
        if across and share and abs(more - across - share) <= CENT:
            return "wash across accounts and a smaller loss of the broker's"
        return ""

    def _discounts(self) -> list[int]:
        """What of a gain is accrued market discount: interest, code D (26 USC 1276; worksheet for code D)."""
        accrued = sum(to_cents(form.discount) for form in self.forms if form.discount is not None)
        gains = [max(0, row.net_cents - row.correct_basis_cents) for row in self.rows]
        if not accrued or "D" in self._stated_codes or not sum(gains):
            return [0] * len(self.rows)
        return share_out(min(accrued, sum(gains)), gains)

    def _not_allowed(self) -> None:
        """The form says that the loss is not allowed because of its proceeds (Form 1099-B, box 7)."""
        loss = any(row.gain_cents < 0 for row in self.rows)
        if loss and any(form.loss_not_allowed for form in self.forms) and "L" not in self._stated_codes:
            told = "" if self.noted else "the form says that the loss is not allowed, and the sale has no code L"
            self._differs(
                Figure.SALE,
                0,
                "loss not allowed",
                "",
                told,
                "Enter code L with the loss in Adjustment, or say why in Note.",
            )


def _text(cents: int) -> str:
    return dollars(from_cents(cents))


def _word(term: Term | None) -> str:
    return "" if term is None else term.value
