"""What income was paid for stands in column Kind where the words of the source say it, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from capgain.engine.classes import IncomeKind
from capgain.workbook.importing.format_files import known_formats, read_format
from capgain.workbook.importing.income_words import said_of_income
from capgain.workbook.importing.movements import Becomes
from capgain.workbook.importing.source_tables import UnusableFormat
from capgain.workbook.reading.ledger_file import read_ledger_file

from .builders import SCHWAB, coinbase, file, ledger, run

LENDING, REFERRAL = IncomeKind.LENDING, IncomeKind.REFERRAL
WORDS = {
    "Staking Income": IncomeKind.STAKING,
    "mco_stake_reward": IncomeKind.STAKING,
    "finance.lockup.dpos_compound_interest.crypto_wallet": IncomeKind.STAKING,
    "Inflation Reward": IncomeKind.STAKING,
    "Receive / airdrop": IncomeKind.AIRDROP,
    "chain-split": IncomeKind.HARD_FORK,
    "Hard Fork": IncomeKind.HARD_FORK,
    "Mining": IncomeKind.MINING,
    "Mining (commercial)": IncomeKind.MINING_BUSINESS,
    "invite bonus": REFERRAL,
    "Referral Kickback": REFERRAL,
    "Learning Reward": IncomeKind.LEARNING,
    "Interest": LENDING,
    "crypto_earn_interest_paid": LENDING,
    "salary": IncomeKind.WAGE,
    "Qual Div Reinvest": IncomeKind.QUALIFIED_DIVIDEND,
    "Non-Qualified Div": IncomeKind.DIVIDEND,
    "Payment In Lieu Of Dividends": IncomeKind.SUBSTITUTE_PAYMENT,
}
SAY_NOTHING = ("", "Reward", "earn / reward", "Income", "Distribution", "referral_card_cashback", "Commission Rebate")


@pytest.mark.parametrize("words", WORDS)
def test_words_of_a_source_say_a_kind(words: str) -> None:
    assert said_of_income(words) is WORDS[words]


@pytest.mark.parametrize("words", SAY_NOTHING)
def test_words_that_may_mean_many_things_say_none(words: str) -> None:
    assert said_of_income(words) is None


def test_a_kind_of_row_that_no_row_of_its_type_can_have_is_not_written() -> None:
    """Every word of every format, as the reader of ledgers takes it."""
    allowed = {
        Becomes.DIVIDEND: {None, IncomeKind.DIVIDEND, IncomeKind.QUALIFIED_DIVIDEND, IncomeKind.SUBSTITUTE_PAYMENT},
    }
    words = {
        (word, treated.becomes)
        for known in known_formats()
        for table in known.tables
        for word, treated in table.kinds.items()
        if treated.becomes in allowed
    }
    assert len(words) > 20
    assert [word for word, becomes in words if said_of_income(word) not in allowed[becomes]] == []


def test_income_and_dividends_carry_it_and_the_ledger_reads_it(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        coinbase(
            tmp_path,
            "a,2024-05-04 10:00:00 UTC,Staking Income,ETH,0.01,USD,$3000.00,$30.00,$30.00,$0.00,",
            "b,2024-05-05 10:00:00 UTC,Receive,XLM,50,USD,$0.10,$5.00,$5.00,$0.00,Received 50 XLM from Coinbase Earn",
            "c,2024-05-06 10:00:00 UTC,Reward Income,ETH,0.01,USD,$3000.00,$30.00,$30.00,$0.00,",
        ),
        file(
            tmp_path,
            "schwab.csv",
            SCHWAB,
            "05/07/2024,Qualified Dividend,AAPL,APPLE INC,,,,$24.00",
            "05/08/2024,Non-Qualified Div,VNQ,VANGUARD REAL ESTATE,,,,$12.00",
        ),
    )
    assert ledger(result, "Type", "Asset", "Kind") == [
        ("Income", "ETH", "staking"),
        ("Income", "XLM", "learning"),
        ("Income", "ETH", ""),
        ("Dividend", "AAPL", "qualified dividend"),
        ("Dividend", "VNQ", ""),
    ]
    read = read_ledger_file(result.output).ledger
    assert [problem for problem in read.problems if problem.is_error] == []
    assert [getattr(entry, "kind", None) for entry in read.transactions] == [
        IncomeKind.STAKING,
        IncomeKind.LEARNING,
        None,
        IncomeKind.QUALIFIED_DIVIDEND,
        IncomeKind.DIVIDEND,
    ]


def test_the_kind_waits_with_its_row_on_open_items(tmp_path: Path) -> None:
    header = "Timestamp (UTC),Transaction Description,Currency,Amount,To Currency,To Amount,Native Currency,"
    header += "Native Amount,Native Amount (in USD),Transaction Kind,Transaction Hash"
    reward = file(
        tmp_path,
        "crypto_transactions_record.csv",
        header,
        "2024-05-01 10:00:00,CRO Stake Rewards,CRO,100,,,USD,,,mco_stake_reward,",
    )
    first = run(tmp_path, reward)
    assert [item.message for item in first.unsettled] != []
    prices = file(tmp_path, "prices.csv", "Asset,Price,Date", "CRO,0.12,2024-05-01")
    second = run(tmp_path, reward, into=first.output, prices=[prices])
    assert ledger(second, "Type", "Kind", "Amount") == [("Income", "staking", "12")]


def test_a_mapping_may_say_the_kind_and_one_that_is_none_is_refused() -> None:
    table = {
        "name": "rewards",
        "headers": [["When", "What", "Coin", "Units"]],
        "columns": {"at": "When", "kind": "What", "asset": "Coin", "quantity": "Units"},
        "kinds": {"Drop": {"becomes": "income", "set": {"income": "staking"}}},
    }
    document = {"name": "Pool", "kind": "exchange", "time_zone": "UTC", "table": [table]}
    assert read_format(document, "pool").tables[0].kinds["drop"].stated == {"income": "staking"}
    table["kinds"] = {"Drop": {"becomes": "income", "set": {"income": "manna"}}}
    with pytest.raises(UnusableFormat, match="'manna' is no kind of income"):
        read_format(document, "pool")
