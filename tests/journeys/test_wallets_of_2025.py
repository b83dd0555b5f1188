"""An investor whose coins lie in several wallets meets the rules of 2025 and follows the advice."""

from __future__ import annotations

import re

from capgain.engine.compute import compute
from capgain.workbook.reading.blocks import ledger_from_blocks

HEADINGS = ["Date", "Type", "Asset", "Quantity", "Amount", "Account", "To Account", "Class", "Lot", "ID"]
ROWS = [
    ["2023-01-10", "Buy", "BTC", "0.1", "1750", "Kraken", None, "crypto", None, None],
    ["2023-02-14", "Buy", "BTC", "0.8", "17720", "Coinbase", None, None, None, None],
    ["2023-07-07", "Transfer", "BTC", "0.3", None, "Coinbase", "Ledger Nano", None, None, None],
    ["2023-08-01", "Buy", "BTC", "0.1268", "3720", "Coinbase", None, None, None, None],
    ["2023-11-03", "Spend", "BTC", "0.02", "690", "Ledger Nano", None, None, None, None],
    ["2025-06-03", "Sell", "BTC", "0.1", "10500", "Coinbase", None, None, None, None],
]
ACCOUNTS = [["Account", "Kind"], ["Coinbase", "exchange"], ["Kraken", "exchange"], ["Ledger Nano", "wallet"]]
ADVICE = re.compile(r"Quantity (\S+), Account (.+), Lot = the ID you give row (\d+)")


def test_the_allocation_rows_advised_settle_the_error() -> None:
    report = compute(ledger_from_blocks([HEADINGS, *ROWS], ACCOUNTS))
    (problem,) = report.problems
    advised = ADVICE.findall(problem.remedy)
    assert len(advised) == len({(account, row) for _, account, row in advised}) == problem.remedy.count("\n") - 1

    rows = [list(row) for row in ROWS]
    for quantity, account, row in advised:
        rows[int(row) - 2][-1] = f"L{row}"
        rows.append(["2025-01-01", "Allocation", "BTC", quantity, None, account, None, None, f"L{row}", None])
    settled = compute(ledger_from_blocks([HEADINGS, *rows], ACCOUNTS))

    assert not [problem for problem in settled.problems if problem.is_error]
    assert [sale.basis_cents for sale in settled.years[2025].dispositions] == [221500]
