"""The tax on an amount as Excel formulas: the Tax Table's row, and the rate schedule over the year's brackets."""

from __future__ import annotations


def table_middle(amount: str) -> str:
    """The middle of the Tax Table's row that an amount stands in; rows are 10, 25 and from $3,000 on 50 dollars wide.

    ROUND(x-0.5,0) is the whole part of x, which is above zero here.
    """
    narrow, wide = (f"ROUND({amount}/{width}-0.5,0)*{width}+{width / 2:g}" for width in (25, 50))
    return f"IF({amount}<5,0,IF({amount}<15,10,IF({amount}<25,20,IF({amount}<3000,{narrow},{wide}))))"


def rate_schedule(amount: str, floors: str, steps: str) -> str:
    """The tax by the rate schedule: each bracket's floor, and how much its rate is above the one before."""
    return f"SUMPRODUCT(({amount}>{floors})*({amount}-{floors})*{steps})"


def tax_on(amount: str, middle: str, floors: str, steps: str, table_below: str) -> str:
    """The tax on an amount: by the Tax Table in whole dollars below its end, else to the cent.

    Rounded first to a millionth of a dollar, so that half a dollar is not lost to binary fractions.
    """
    by_table = f"ROUND(ROUND({rate_schedule(middle, floors, steps)},6),0)"
    by_rates = f"ROUND(ROUND({rate_schedule(amount, floors, steps)},6),2)"
    return f"IF({amount}<{table_below},{by_table},{by_rates})"
