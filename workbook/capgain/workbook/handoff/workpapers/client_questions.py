"""What has to be asked of the taxpayer before the return is filed: stable keys, texts with the ledger's figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capgain.engine.classes import AccountKind
from capgain.engine.money import ZERO, dollars
from capgain.workbook.handoff.workpapers.income_by_kind import PAY
from capgain.workbook.handoff.workpapers.question import AskedOf, Question, listed
from capgain.workbook.handoff.workpapers.questions_of_givings import donations, gifts, thefts
from capgain.workbook.handoff.workpapers.questions_of_sales import (
    aggregated,
    collectibles,
    digital_assets,
    forms_1099,
    january,
    zero_basis,
)
from capgain.workbook.report.context import Workpapers


def questions(about: AskedOf) -> tuple[Question, ...]:
    """The questions of a year in a fixed order."""
    return tuple(question for ask in _ALL for question in ask(about))


def questions_of_a_draft(papers: Workpapers) -> tuple[Question, ...]:
    """What can be asked before the ledger gives any figure."""
    names = _names(papers)
    return (_all_accounts(names), _QOF, _STATE)


_QOF = Question(
    "Q-QOF",
    "Did you dispose of any investment in a qualified opportunity fund during the year, or invest a gain in one?",
    "Schedule D, first line; Form 8997",
)

_STATE = Question(
    "Q-STATE",
    "In which state did you live, and did you move during the year (part-year resident)?",
    "State return; state basis may differ",
)


def _names(papers: Workpapers) -> list[str]:
    ledger = papers.report.ledger
    return sorted({row.account for row in ledger.transactions if row.account} | set(ledger.accounts))


def _all_accounts(names: Sequence[str]) -> Question:
    return Question(
        "Q-ACC",
        "Are these all accounts of you and your spouse, IRAs, children's accounts and those of companies you control "
        f"included? Known here: {listed(names) or 'none'}.",
        "Wash sales reach all of them (IRC 1091, Rev. Rul. 2008-5); Form 8938; FBAR",
        is_open_point=True,
    )


def _accounts(about: AskedOf) -> Iterator[Question]:
    yield _all_accounts(_names(about.papers))


def _opportunity_fund(about: AskedOf) -> Iterator[Question]:
    yield _QOF


def _investment_interest(about: AskedOf) -> Iterator[Question]:
    if about.year.schedule_d is not None and about.year.schedule_d.line_17:
        yield Question("Q-4952", "Will you file Form 4952 (investment interest expense)?", "Schedule D, line 20")


def _last_year(about: AskedOf) -> Iterator[Question]:
    papers, year = about.papers, about.year
    stated = papers.report.ledger.stated_carryover(year.year)
    begins = papers.previous(year.year) is None
    if begins or any(amount is not None for amount in stated):
        short, long = (dollars(amount) for amount in (year.carried_in.short, year.carried_in.long))
        yield Question(
            "Q-PY",
            "Please send last year's Capital Loss Carryover Worksheet. "
            f"Used here: short-term {short}, long-term {long}.",
            "Schedule D lines 6 and 14; agreed to last year's return (PY)",
        )


def _abroad(about: AskedOf) -> Iterator[Question]:
    accounts = about.papers.report.ledger.accounts.values()
    abroad = [
        f"{one.account.name} ({dollars(one.highest.value)} at a quarter's end)"
        if one.highest.value
        else one.account.name
        for one in about.outside
    ]
    unknown = [account.name for account in accounts if account.kind is AccountKind.EXCHANGE and not account.country]
    if abroad:
        who = f"Outside the United States by the sheet Accounts: {listed(abroad)}. Was"
    elif unknown:
        who = (
            f"Was any account outside the United States ({listed(unknown)}: no Country on the sheet Accounts), and was"
        )
    else:
        return
    text = f"{who} the highest total of all such accounts over 10,000 at any time of {about.year.year}?"
    yield Question("Q-FBAR", text, "FinCEN 114 (FBAR; not for virtual currency alone, Notice 2020-2); Form 8938")


def _pay(about: AskedOf) -> Iterator[Question]:
    pay = sum((kind.amount for kind in about.kinds if kind.label == PAY), ZERO)
    if pay:
        yield Question(
            "Q-PAY",
            f"Stock worth {dollars(pay)} was received as income. Is that amount in box 1 of your Form W-2?",
            "Form 1040, line 1a: taxed once",
        )


def _residence(about: AskedOf) -> Iterator[Question]:
    yield _STATE


_ALL = (
    _accounts,
    digital_assets,
    january,
    forms_1099,
    _opportunity_fund,
    _investment_interest,
    _last_year,
    zero_basis,
    donations,
    gifts,
    thefts,
    _abroad,
    _pay,
    collectibles,
    aggregated,
    _residence,
)
