"""The plainest script that reads a ledger file and matches it first in, first out: csv, Decimal, a deque.

It checks nothing, knows no wash sale and no form, and prints one number. Run as a process of its own.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict, deque
from decimal import Decimal

books: defaultdict[str, deque[list[Decimal]]] = defaultdict(deque)
total = Decimal(0)
matches = []
with open(sys.argv[1], newline="") as file:
    for row in csv.DictReader(file):
        quantity = Decimal(row["Quantity"])
        price = Decimal(row["Amount"]) / quantity
        book = books[row["Asset"]]
        if row["Type"] == "Buy":
            book.append([quantity, price])
            continue
        while quantity:
            lot = book[0]
            taken = min(lot[0], quantity)
            lot[0] -= taken
            quantity -= taken
            if not lot[0]:
                book.popleft()
            gain = taken * (price - lot[1])
            matches.append((row["Date"], row["Asset"], taken, gain))
            total += gain
print(len(matches), total)
