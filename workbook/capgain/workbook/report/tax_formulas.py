"""The worksheets behind the tax as cell formulas, a line each, in the numbering of the printed worksheets.

`{L5}` is line 5 in the same column, `{TI}` and the like are inputs of the sheet (see `tax.py`); `TAX({L5})` is the tax
on an amount by the Tax Table or the Tax Computation Worksheet.
"""

from __future__ import annotations

from collections.abc import Mapping

QDCGT: Mapping[str, str] = {
    "1": "MAX({TI},0)",
    "2": "{QD}",
    "3": "MAX(MIN({D15},{D16}),0)",
    "4": "{L2}+{L3}",
    "5": "MAX({L1}-{L4},0)",
    "6": "{ZERO_RATE}",
    "7": "MIN({L1},{L6})",
    "8": "MIN({L5},{L7})",
    "9": "{L7}-{L8}",
    "10": "MIN({L1},{L4})",
    "11": "{L9}",
    "12": "{L10}-{L11}",
    "13": "{FIFTEEN_RATE}",
    "14": "MIN({L1},{L13})",
    "15": "{L5}+{L9}",
    "16": "MAX({L14}-{L15},0)",
    "17": "MIN({L12},{L16})",
    "18": "0.15*{L17}",
    "19": "{L9}+{L17}",
    "20": "{L10}-{L19}",
    "21": "0.2*{L20}",
    "22": "TAX({L5})",
    "23": "{L18}+{L21}+{L22}",
    "24": "TAX({L1})",
    "25": "MIN({L23},{L24})",
}
"""Qualified Dividends and Capital Gain Tax Worksheet (Instructions for Form 1040)."""


def _after_16(formula: str) -> str:
    """Lines 23 to 32 are skipped where lines 1 and 16 are the same."""
    return f"IF({{L1}}={{L16}},0,{formula})"


def _after_32(formula: str) -> str:
    """Lines 33 to 43 are skipped where lines 1 and 32 are the same, too."""
    return f"IF(OR({{L1}}={{L16}},{{L1}}={{L32}}),0,{formula})"


def _with_19(formula: str) -> str:
    """Lines 35 to 40 are skipped where Schedule D, line 19, is zero."""
    return f"IF(OR({{L1}}={{L16}},{{L1}}={{L32}},{{D19}}=0),0,{formula})"


def _with_18(formula: str) -> str:
    """Lines 41 to 43 are skipped where Schedule D, line 18, is zero."""
    return f"IF(OR({{L1}}={{L16}},{{L1}}={{L32}},{{D18}}=0),0,{formula})"


SCHEDULE_D_TAX: Mapping[str, str] = {
    "1": "MAX({TI},0)",
    "2": "{QD}",
    "3": "{LINE_4G}",
    "4": "{LINE_4E}",
    "5": "MAX({L3}-{L4},0)",
    "6": "MAX({L2}-{L5},0)",
    "7": "MIN({D15},{D16})",
    "8": "MIN({L3},{L4})",
    "9": "MAX({L7}-{L8},0)",
    "10": "{L6}+{L9}",
    "11": "{D18}+{D19}",
    "12": "MIN({L9},{L11})",
    "13": "{L10}-{L12}",
    "14": "MAX({L1}-{L13},0)",
    "15": "{ZERO_RATE}",
    "16": "MIN({L1},{L15})",
    "17": "MIN({L14},{L16})",
    "18": "MAX({L1}-{L10},0)",
    "19": "MIN({L1},{TOP_OF_24})",
    "20": "MIN({L14},{L19})",
    "21": "MAX({L18},{L20})",
    "22": "{L16}-{L17}",
    "23": _after_16("MIN({L1},{L13})"),
    "24": _after_16("{L22}"),
    "25": _after_16("MAX({L23}-{L24},0)"),
    "26": _after_16("{FIFTEEN_RATE}"),
    "27": _after_16("MIN({L1},{L26})"),
    "28": _after_16("{L21}+{L22}"),
    "29": _after_16("MAX({L27}-{L28},0)"),
    "30": _after_16("MIN({L25},{L29})"),
    "31": _after_16("0.15*{L30}"),
    "32": _after_16("{L24}+{L30}"),
    "33": _after_32("{L23}-{L32}"),
    "34": _after_32("0.2*{L33}"),
    "35": _with_19("MIN({L9},{D19})"),
    "36": _with_19("{L10}+{L21}"),
    "37": _with_19("{L1}"),
    "38": _with_19("MAX({L36}-{L37},0)"),
    "39": _with_19("MAX({L35}-{L38},0)"),
    "40": _with_19("0.25*{L39}"),
    "41": _with_18("{L21}+{L22}+{L30}+{L33}+{L39}"),
    "42": _with_18("{L1}-{L41}"),
    "43": _with_18("0.28*{L42}"),
    "44": "TAX({L21})",
    "45": "{L31}+{L34}+{L40}+{L43}+{L44}",
    "46": "TAX({L1})",
    "47": "MIN({L45},{L46})",
}
"""Schedule D Tax Worksheet (Instructions for Schedule D)."""

NIIT: Mapping[str, str] = {
    "12": "MAX({NII},0)",
    "13": "{MAGI}",
    "14": "{THRESHOLD}",
    "15": "MAX({L13}-{L14},0)",
    "16": "MIN({L12},{L15})",
    "17": "0.038*{L16}",
}
"""Form 8960, Part III, lines 12 to 17."""


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
