"""What has to be asked of the taxpayer before the return is filed: stable keys, texts with the ledger's figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from capgain.engine.classes import AccountKind, AssetClass
from capgain.engine.gifts_and_losses import NO_FORM_UP_TO
from capgain.engine.money import ZERO, dollars, from_cents
from capgain.engine.optional_reporting import STABLECOINS
from capgain.engine.planning.accounts_abroad import AccountAbroad
from capgain.engine.report import YearReport
from capgain.engine.results.dispositions import Disposition
from capgain.engine.years import nearest_tax_year
from capgain.workbook.handoff.workpapers.gifts_and_losses import Given
from capgain.workbook.handoff.workpapers.income_by_kind import COINS, PAY, KindOfIncome
from capgain.workbook.handoff.workpapers.zero_basis import rows_without_basis
from capgain.workbook.report.context import Workpapers

MOST_NAMED = 12
NOT_REPORTED = "CFIL"
"""Boxes for sales of which no Form 1099 was received."""
WASH_DAYS = timedelta(days=30)
FIRST_DIGITAL_QUESTION = 2019
FIRST_1099_DA = 2025


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `key` never changes; `is_open_point`: the return rests on the answer."""

    key: str
    text: str
    why: str
    is_open_point: bool = False


@dataclass(frozen=True, slots=True)
class AskedOf:
    """What the questions of a year are drawn from; `reported_1099` are accounts that a row of sheet 1099 covers,
    `outside` those outside the United States."""

    papers: Workpapers
    year: YearReport
    given: Sequence[Given]
    kinds: Sequence[KindOfIncome]
    reported_1099: frozenset[str]
    is_over: bool
    outside: Sequence[AccountAbroad] = ()


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
        f"included? Known here: {_listed(names) or 'none'}.",
        "Wash sales reach all of them (IRC 1091, Rev. Rul. 2008-5); Form 8938; FBAR",
        is_open_point=True,
    )


def _accounts(about: AskedOf) -> Iterator[Question]:
    yield _all_accounts(_names(about.papers))


def _digital_assets(about: AskedOf) -> Iterator[Question]:
    year = about.year
    if year.year < FIRST_DIGITAL_QUESTION:
        return
    sold = sum(row.asset_class.is_digital for row in year.dispositions)
    received = sum(sum(count for _, count in kind.by_account.values()) for kind in about.kinds if kind.label == COINS)
    given = sum(one.departure.asset_class.is_digital for one in about.given)
    if sold or received or given:
        says = f"The ledger says Yes: {_count(sold, 'disposal')}, {_count(received, 'receipt')}, {given} given or lost."
    else:
        says = "The ledger has no disposal and no receipt; buying with dollars or holding alone is No."
    yield Question(
        "Q-DA",
        f"At any time during {year.year}, did you receive (as a reward, award or payment for property or services) or "
        f"sell, exchange or otherwise dispose of a digital asset? {says}",
        "Form 1040, page 1, the digital-asset question",
    )


def _january(about: AskedOf) -> Iterator[Question]:
    year = about.year
    end = date(year.year, 12, 31)
    late = [
        row
        for row in year.dispositions
        if row.asset_class.is_security and row.gain_cents - row.wash_cents < 0 and end - row.sold < WASH_DAYS
    ]
    if late:
        last = max(row.sold for row in late) + WASH_DAYS
        named = _listed([f"{asset} {day:%m/%d}" for asset, day in dict.fromkeys((row.asset, row.sold) for row in late)])
        yield Question(
            "Q-JAN",
            f"Losses were taken within 30 days of the year end: {named}. Did you, your spouse, an IRA or a company you "
            f"control buy the same or a substantially identical security up to {last:%m/%d/%Y}?",
            "Wash sales reach 30 days past the sale (IRC 1091)",
            is_open_point=True,
        )
    elif not about.is_over:
        yield Question(
            "Q-JAN",
            f"The year is not over. Will losses be taken in December, and the same securities bought again before "
            f"{end + WASH_DAYS:%m/%d/%Y}, in any account?",
            "Wash sales reach 30 days past the sale (IRC 1091)",
            is_open_point=True,
        )


def _forms_1099(about: AskedOf) -> Iterator[Question]:
    missing: defaultdict[str, list[Disposition]] = defaultdict(list)
    for row in about.year.dispositions:
        if row.box not in NOT_REPORTED and row.account not in about.reported_1099:
            missing[row.account].append(row)
    if missing:
        named = _listed(
            [
                f"{account or 'no account named'} ({_count(len(rows), 'sale')}, "
                f"{dollars(from_cents(sum(row.proceeds_cents for row in rows)))})"
                for account, rows in sorted(missing.items())
            ]
        )
        yield Question(
            "Q-1099",
            f"No Form 1099 was entered for: {named}. Did one arrive? Please send it.",
            "Whether a sale was reported decides its box on Form 8949",
            is_open_point=True,
        )


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


def _zero_basis(about: AskedOf) -> Iterator[Question]:
    rows = rows_without_basis(about.year)
    if rows:
        named = _listed(
            [f"{row.quantity.normalize():f} {row.asset} sold {row.sold:%m/%d/%Y} (row {row.row})" for row in rows]
        )
        yield Question(
            "Q-ZERO",
            f"Sold without a purchase in the ledger: {named}. How and when were they acquired, and what records exist?",
            "Their basis is zero otherwise: the whole proceeds are taxed",
            is_open_point=True,
        )


def _donations(about: AskedOf) -> Iterator[Question]:
    donated = [one for one in about.given if one.kind == "Donation"]
    whole = sum((one.value or ZERO for one in donated), ZERO)
    if donated and (whole > NO_FORM_UP_TO or any(one.value is None for one in donated)):
        appraised = any("Section B" in one.form for one in donated)
        asks = "Was a qualified appraisal made, and is there" if appraised else "Is there"
        yield Question(
            "Q-8283",
            f"Donated: {_of(donated)}. {asks} a written acknowledgement of the charity?",
            "Form 8283; IRC 170(f)(8), (11)",
        )


def _gifts(about: AskedOf) -> Iterator[Question]:
    gifts = [one for one in about.given if one.kind == "Gift"]
    exclusion = nearest_tax_year(about.year.year).gift_exclusion
    if any(one.form.startswith("Form 709") for one in gifts):
        yield Question(
            "Q-709",
            f"Given: {_of(gifts)}. To whom, and what else was given to the same person in {about.year.year}? "
            + ("" if exclusion is None else f"The exclusion is {exclusion:,} for each person."),
            "Form 709; IRC 2503(b)",
        )


def _thefts(about: AskedOf) -> Iterator[Question]:
    lost = [one for one in about.given if one.kind == "Loss or theft"]
    if lost:
        yield Question(
            "Q-4684",
            f"Lost or stolen: {_of(lost)}. What happened, was it held for profit, and was or will anything be "
            "recovered (insurance, a claim)?",
            "Form 4684 Section B; IRC 165(c)(2)",
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
        who = f"Outside the United States by the sheet Accounts: {_listed(abroad)}. Was"
    elif unknown:
        who = (
            f"Was any account outside the United States ({_listed(unknown)}: no Country on the sheet Accounts), and was"
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


def _collectibles(about: AskedOf) -> Iterator[Question]:
    kinds = (AssetClass.COLLECTIBLE, AssetClass.NFT)
    assets = sorted({row.asset for row in about.year.dispositions if row.asset_class in kinds})
    if assets:
        yield Question(
            "Q-COLL",
            f"Are these collectibles (art, metals, gems, and NFTs that stand for such a thing): {_listed(assets)}?",
            "28% rate (IRC 408(m), 1(h)(5); Notice 2023-27)",
        )


def _aggregated(about: AskedOf) -> Iterator[Question]:
    if about.year.year < FIRST_1099_DA:
        return
    rows = [
        row
        for row in about.year.dispositions
        if row.box in "GHJK" and (row.asset.upper() in STABLECOINS or row.asset_class is AssetClass.NFT)
    ]
    if rows:
        named = _listed(sorted({f"{row.asset} at {row.account}" for row in rows}))
        yield Question(
            "Q-AGG",
            f"Sales of stablecoins or NFTs: {named}. Were they reported in total on one Form 1099-DA (box 11), "
            "or not at all?",
            "Form 1099-DA, optional reporting",
        )


def _residence(about: AskedOf) -> Iterator[Question]:
    yield _STATE


_ALL = (
    _accounts,
    _digital_assets,
    _january,
    _forms_1099,
    _opportunity_fund,
    _investment_interest,
    _last_year,
    _zero_basis,
    _donations,
    _gifts,
    _thefts,
    _abroad,
    _pay,
    _collectibles,
    _aggregated,
    _residence,
)


def _of(given: Sequence[Given]) -> str:
    """Units, asset, day and value of each row."""
    rows: dict[int, tuple[Decimal, Given, Decimal]] = {}
    for one in given:
        units, first, value = rows.get(one.departure.row, (ZERO, one, ZERO))
        rows[one.departure.row] = units + one.departure.quantity, first, value + (one.value or ZERO)
    return _listed(
        [
            f"{units.normalize():f} {first.departure.asset} {first.departure.left:%m/%d/%Y}"
            + (f" ({first.note})" if first.note else "")
            + (f", value {dollars(value)}" if value else ", no value stated")
            for units, first, value in rows.values()
        ]
    )


def _listed(names: Sequence[str]) -> str:
    """The names; of many the first, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
