"""Every function, declared once: its arguments, its help, an example, and what answers it.

From here come the VBA wrappers, the help while typing, the Function Wizard's texts, the LibreOffice extension, the
xlwings functions, `capgain functions`, docs/functions.md and the README's table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from capgain.addin.functions.answers import (
    checks,
    estimates,
    explaining,
    gains,
    handles,
    lots,
    planning,
    rates,
    tax_forms,
    why,
)
from capgain.addin.functions.arguments import Argument, Left, Takes
from capgain.addin.functions.cells import Answer, Table
from capgain.engine.money import ZERO
from capgain.workbook.written.words import STATUSES


@dataclass(frozen=True, slots=True)
class Function:
    """A worksheet function. `result` says what comes back; `spills` whether that is a table.

    `answer` is called with the arguments by name. Where one of them takes a ledger, that and the settings, accounts
    and prices come first, as one `Computed`. `is_kept`: the same question to the same ledger is worked out once.
    `alone`, of a table: what its first cell says in a spreadsheet, where it may be all that is seen.
    """

    name: str
    help: str
    arguments: tuple[Argument, ...]
    result: str
    example: str
    answer: Callable[..., Answer]
    spills: bool = False
    is_kept: bool = True
    alone: Callable[[Table], str] | None = None

    @property
    def takes_ledger(self) -> bool:
        return any(argument.takes is Takes.LEDGER for argument in self.arguments)

    @property
    def reads_sheets(self) -> bool:
        """Whether Settings, Accounts or Prices of the calling workbook may count."""
        return self.takes_ledger or any(argument.default is Left.OF_SETTINGS for argument in self.arguments)

    @property
    def signature(self) -> str:
        """`CAPGAIN(ledger, year, [measure])`."""
        return f"{self.name}({', '.join(argument.shown for argument in self.arguments)})"


LEDGER = Argument("ledger", Takes.LEDGER, "The ledger with its header row, or a handle from CAPGAIN_LEDGER.")
YEAR = Argument("year", Takes.YEAR, "The tax year, as 2025.")
SETTINGS = Argument(
    "settings",
    Takes.SETTINGS,
    'Settings that go before the Settings sheet: two columns, or "Filing Status=mfs; Method=hifo".',
    Left.OUT,
)
ASSET = Argument("asset", Takes.TEXT, "Only this asset, as AAPL or BTC.", Left.OUT)
ACCOUNT = Argument("account", Takes.TEXT, "Only this account.", Left.OUT)
AS_OF = Argument("as_of", Takes.DATE, "At the end of this day; today if left out.", Left.TODAY)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "CAPGAIN",
        "One number of a tax year: gain or loss, proceeds, basis, income, deduction, carryover or unrealized gain.",
        (
            LEDGER,
            YEAR,
            Argument(
                "measure",
                Takes.TEXT,
                "net, short or long gain of the year's disposals; or proceeds, basis, adjustment, wash, 1256, income, "
                "deductible, carryover, carryover_short, carryover_long, unrealized.",
                "net",
                gains.MEASURES,
            ),
            ASSET,
            ACCOUNT,
            SETTINGS,
        ),
        "A dollar amount. Losses are negative; deductible and the carryovers are positive.",
        '=CAPGAIN(Ledger[#All], 2025, "long")',
        gains.capgain,
    ),
    Function(
        "CAPGAIN_ROWS",
        "Beside the ledger, row for row: gain, term, box and status.",
        (LEDGER, SETTINGS),
        "As many rows as the range, four columns.",
        "=CAPGAIN_ROWS(Ledger[#All])",
        gains.rows,
        spills=True,
    ),
    Function(
        "CAPGAIN_8949",
        "The rows of Form 8949, columns (a) to (h), with a header.",
        (
            LEDGER,
            YEAR,
            Argument("box", Takes.TEXT, "Only this box, A to L.", Left.OUT, tax_forms.BOXES),
            SETTINGS,
        ),
        "A header and one row for each row of the form; dates are serial numbers to format as dates.",
        '=CAPGAIN_8949(Ledger[#All], 2025, "A")',
        tax_forms.form_8949,
        spills=True,
    ),
    Function(
        "CAPGAIN_SCHEDULE_D",
        "One line of Schedule D, or all of them with their text.",
        (
            LEDGER,
            YEAR,
            Argument("line", Takes.TEXT, "A line such as 7, 16 or 1b; all lines if left out.", Left.OUT),
            SETTINGS,
        ),
        "One line's amount (column (h) where it has columns), or a table of all lines.",
        '=CAPGAIN_SCHEDULE_D(Ledger[#All], 2025, "16")',
        tax_forms.schedule_d,
        spills=True,
    ),
    Function(
        "CAPGAIN_NET",
        "Netting alone: Schedule D line 16, the deduction and both carryovers to next year.",
        (
            Argument("short", Takes.AMOUNT, "Net short-term gain or loss of the year."),
            Argument("long", Takes.AMOUNT, "Net long-term gain or loss of the year."),
            Argument("carry_short", Takes.AMOUNT, "Short-term loss carried in, positive.", ZERO),
            Argument("carry_long", Takes.AMOUNT, "Long-term loss carried in, positive.", ZERO),
            Argument("status", Takes.TEXT, "single, mfj, mfs, hoh or qss.", "single", STATUSES.values, STATUSES),
            Argument(
                "taxable_income",
                Takes.AMOUNT,
                "Form 1040 taxable income, negative if deductions exceed income; enough if left out.",
                Left.OUT,
                is_zero_doubtful=True,
            ),
        ),
        "Four numbers in a row: line 16, deduction, carryover short, carryover long.",
        '=CAPGAIN_NET(5000, -12000, 0, 0, "single")',
        tax_forms.net,
        spills=True,
    ),
    Function(
        "CAPGAIN_LOTS",
        "The lots still held, with quantity, acquisition date, basis and term.",
        (LEDGER, AS_OF, ASSET, ACCOUNT, SETTINGS),
        "A header and one row for each lot.",
        "=CAPGAIN_LOTS(Ledger[#All], DATE(2025,12,31))",
        lots.lots,
        spills=True,
    ),
    Function(
        "CAPGAIN_BASIS",
        "The basis of all units of an asset that are held.",
        (
            LEDGER,
            Argument("asset", Takes.TEXT, "The asset, as AAPL or BTC."),
            AS_OF,
            ACCOUNT,
            SETTINGS,
        ),
        "A dollar amount.",
        '=CAPGAIN_BASIS(Ledger[#All], "BTC")',
        lots.basis,
    ),
    Function(
        "CAPGAIN_TERM",
        "Short or Long: more than one year counts as long-term.",
        (
            Argument("acquired", Takes.DATE, "The day of acquisition."),
            Argument("sold", Takes.DATE, "The day of sale."),
        ),
        "Short or Long.",
        "=CAPGAIN_TERM(DATE(2024,3,1), DATE(2025,3,2))",
        gains.term_of,
    ),
    Function(
        "CAPGAIN_PORTFOLIO",
        "What is held, asset by asset: units, basis, price, value, gain, next day a lot turns long, wash-sale windows.",
        (
            LEDGER,
            Argument("prices", Takes.PRICES, "Two columns or more with a header: Asset, Price, and perhaps Date."),
            AS_OF,
            SETTINGS,
        ),
        "A header, one row for each asset, and a last row of all; dates are serial numbers to format as dates.",
        "=CAPGAIN_PORTFOLIO(Ledger[#All], Prices[#All])",
        planning.portfolio,
        spills=True,
    ),
    Function(
        "CAPGAIN_HARVEST",
        "Lots at a loss, what selling each would save this year, and which would be a wash sale.",
        (
            LEDGER,
            Argument("prices", Takes.PRICES, "Two columns or more with a header: Asset, Price, and perhaps Date."),
            AS_OF,
            SETTINGS,
        ),
        "A header and one row for each lot, the most useful first.",
        "=CAPGAIN_HARVEST(Ledger[#All], Prices[#All])",
        planning.harvest,
        spills=True,
    ),
    Function(
        "CAPGAIN_WHATIF",
        "A planned sale under every lot method side by side, with the tax of each. The ledger does not change.",
        (
            LEDGER,
            Argument("asset", Takes.TEXT, "The asset to sell."),
            Argument("quantity", Takes.QUANTITY, "How many units."),
            Argument("price", Takes.AMOUNT, "Dollars for one unit.", is_zero_doubtful=True),
            Argument("date", Takes.DATE, "The day of the sale; today if left out.", Left.TODAY),
            Argument("account", Takes.TEXT, "The account it is sold from.", Left.OUT),
            SETTINGS,
        ),
        "A header and one row for each method, the cheapest marked.",
        '=CAPGAIN_WHATIF(Ledger[#All], "BTC", 0.5, 95000)',
        planning.whatif,
        spills=True,
    ),
    Function(
        "CAPGAIN_TAX",
        "The federal tax on the gains of a year: with them, without them, the difference, and marginal rates.",
        (
            LEDGER,
            YEAR,
            Argument(
                "taxable_income",
                Takes.AMOUNT,
                "Form 1040 taxable income with these gains in it.",
                is_zero_doubtful=True,
            ),
            SETTINGS,
        ),
        "Rows of a name and an amount.",
        "=CAPGAIN_TAX(Ledger[#All], 2025, 120000)",
        planning.tax,
        spills=True,
    ),
    Function(
        "CAPGAIN_ESTIMATE",
        "The estimated tax of a year: the four payments, what is required by each day, and what is short.",
        (LEDGER, YEAR, AS_OF, SETTINGS),
        "A header, four rows and notes; dates are serial numbers to format as dates.",
        "=CAPGAIN_ESTIMATE(Ledger[#All], 2026)",
        estimates.estimate,
        spills=True,
    ),
    Function(
        "CAPGAIN_RATES",
        "The rates and amounts in force in a tax year: brackets, limits, deductions, minimum tax, with their sources.",
        (
            YEAR,
            Argument(
                "status",
                Takes.TEXT,
                "single, mfj, mfs, hoh or qss; that of the Settings sheet if left out, else single.",
                Left.OF_SETTINGS,
                STATUSES.values,
                STATUSES,
            ),
        ),
        "A header, one row for each rate or amount, then the sources.",
        '=CAPGAIN_RATES(2025, "mfj")',
        rates.rates,
        spills=True,
    ),
    Function(
        "CAPGAIN_CHECK",
        "The problems of the ledger, or OK.",
        (LEDGER, SETTINGS),
        "OK, or a header and one row for each problem: severity, sheet, row, column, problem, what to do. The first "
        "cell counts them.",
        "=CAPGAIN_CHECK(Ledger[#All])",
        checks.check,
        spills=True,
        alone=checks.alone,
    ),
    Function(
        "CAPGAIN_WHY",
        "Why a cell with a CapGain function shows an error.",
        (Argument("cell", Takes.CELL, "The cell that shows the error."),),
        "A sentence.",
        "=CAPGAIN_WHY(B4)",
        why.why,
    ),
    Function(
        "CAPGAIN_EXPLAIN",
        "How a line of Schedule D came about, down to the rows of the ledger.",
        (
            LEDGER,
            YEAR,
            Argument("line", Takes.TEXT, "A line such as 7, 16 or 1b; 6251 11 and the like for a form behind the tax."),
            SETTINGS,
        ),
        "Sentences, one a row.",
        '=CAPGAIN_EXPLAIN(Ledger[#All], 2025, "16")',
        explaining.explain,
        spills=True,
    ),
    Function(
        "CAPGAIN_LEDGER",
        "A handle that the other functions take in place of the range, so that a large ledger is read once.",
        (
            LEDGER,
            SETTINGS,
            Argument("accounts", Takes.ACCOUNTS, "The Accounts table, if not the sheet of that name.", Left.OUT),
        ),
        "A text that stands for this ledger while Excel runs.",
        "=CAPGAIN_LEDGER(Ledger[#All])",
        handles.ledger,
        is_kept=False,
    ),
)
"""In the order of the documentation."""


def function(name: str) -> Function:
    """The function of that name, without regard to case. Raises KeyError."""
    return _BY_NAME[name.upper()]


def named(text: str) -> Function | None:
    """The function a formula calls so: by its name, after a long name of Excel or LibreOffice, or by that alone.

    LibreOffice keeps a formula, and saves it as .xlsx, with the component's name and the method's, which has no `_`.
    """
    name = text.rpartition(".")[2].upper()
    return _BY_NAME.get(name) or _BY_METHOD.get(name)


_BY_NAME = {function.name: function for function in FUNCTIONS}
_BY_METHOD = {function.name.replace("_", ""): function for function in FUNCTIONS}


def in_cells(name: str, answer: Answer) -> Answer:
    """The answer of the function of that name as a spreadsheet shows it."""
    alone = function(name).alone
    if alone is None or not isinstance(answer, list | tuple):
        return answer
    rows = [tuple(row) for row in answer]
    return [(alone(rows), *rows[0][1:]), *rows[1:]]
