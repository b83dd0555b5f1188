"""What matching costs at the least: bare loops over whole numbers that keep every match and do nothing else."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush

from workload import Trade

Match = tuple[int, int, int, int]
"""Number of the purchase, number of the sale, quantity, gain."""


def fifo(history: list[Trade]) -> tuple[int, list[Match]]:
    """First in, first out per asset; the total gain in 10^-10 dollars, and the matches."""
    books: dict[str, deque[list[int]]] = {}
    matches: list[Match] = []
    total = 0
    for number, (_, asset, is_buy, quantity, price) in enumerate(history):
        book = books.get(asset)
        if book is None:
            book = books[asset] = deque()
        if is_buy:
            book.append([number, quantity, price])
            continue
        while quantity:
            lot = book[0]
            held = lot[1]
            if held <= quantity:
                book.popleft()
                taken = held
            else:
                lot[1] = held - quantity
                taken = quantity
            quantity -= taken
            gain = taken * (price - lot[2])
            total += gain
            matches.append((lot[0], number, taken, gain))
    return total, matches


def hifo(history: list[Trade]) -> tuple[int, list[Match]]:
    """Highest price first per asset."""
    books: dict[str, list[list[int]]] = {}
    matches: list[Match] = []
    total = 0
    for number, (_, asset, is_buy, quantity, price) in enumerate(history):
        book = books.get(asset)
        if book is None:
            book = books[asset] = []
        if is_buy:
            heappush(book, [-price, number, quantity])
            continue
        while quantity:
            lot = book[0]
            held = lot[2]
            if held <= quantity:
                heappop(book)
                taken = held
            else:
                lot[2] = held - quantity
                taken = quantity
            quantity -= taken
            gain = taken * (price + lot[0])
            total += gain
            matches.append((lot[1], number, taken, gain))
    return total, matches
