"""The sheet `Elections`: methods, identifications and allocations in force, on a page to sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from capgain.engine.classes import AssetClass, FilingStatus, Method, MissingBasis, WashScope
from capgain.engine.ledger import Account
from capgain.engine.money import EXACT, dollars
from capgain.engine.replay.standing_orders import identified_in_time, recorded_late
from capgain.engine.report import YearReport
from capgain.engine.transactions import Acquisition, Allocation, Disposal, GlobalAllocation, MethodOrder
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import SIGN_OFF
from capgain.workbook.report.positions import NO_AUTHORITY, shown_positions
from capgain.workbook.report.positions import TITLE as POSITIONS
from capgain.workbook.sheets import (
    BAD,
    BOLD,
    HEADING,
    MUTED,
    SUBTITLE,
    TITLE,
    WRAP,
    Cell,
    Row,
    Sheet,
    Style,
    at_top,
    fitted_heights,
)
from capgain.workbook.written.words import counted

NAME = "Elections"
WIDTHS = (24, 14, 78, 10)
_TOP = at_top(Style(name="CapGain Election"))
_LATE = BAD.but("CapGain Late Order", wrap=True, top_aligned=True)
HARBOR = (
    "The safe harbor of Rev. Proc. 2024-28 holds only where this record existed in time: a specific allocation before "
    "the earlier of the first sale, disposition or gift of the asset from 2025 on and the due date of the return for "
    "2025; a global allocation was described in books and records before January 1, 2025."
)


def elections(papers: Workpapers, year: YearReport) -> Sheet:
    """What the taxpayer has chosen, account by account, with the time and place of each record."""
    rows: list[Row] = [
        (Cell("Elections, methods and identifications", TITLE),),
        (Cell(f"{papers.taxpayer or 'Name: not stated in Settings'}, tax year {year.year}", BOLD),),
        (),
        (Cell("Order in which lots are sold, by account", SUBTITLE),),
        _heads("Account", "Kind", "In force"),
    ]
    rows += list(_by_account(papers, year))
    rows += [(), (Cell("Specific identification and average basis", SUBTITLE),), _heads("Choice", "Rows", "Record")]
    rows += list(_identified(papers, year))
    rows += [(), (Cell("Choices for the return", SUBTITLE),), _heads("Choice", "Value", "Meaning")]
    rows += list(_choices(papers, year))
    positions = [
        _line(papers, f"{one.setting} = {one.value}", f"{one.year}", one.text, one.row)
        for one in shown_positions(papers)
    ]
    if positions:
        rows += [(), (Cell(POSITIONS, SUBTITLE),), _heads("Position", "Tax year", "What it does"), *positions]
        rows.append((None, None, Cell(NO_AUTHORITY, WRAP)))
    allocations = [one for one in papers.report.ledger.transactions if isinstance(one, Allocation | GlobalAllocation)]
    if allocations:
        rows += [(), (Cell("Rev. Proc. 2024-28: unused basis of digital assets, wallet by wallet", SUBTITLE),)]
        rows += [_heads("Wallet or account", "Asset", "Allocation"), *_allocated(papers, allocations)]
        rows.append((None, None, Cell(HARBOR, WRAP)))
    rows += [(), (Cell("Signatures", SUBTITLE),), _heads("Who", "Date", "Signature")]
    signers = ["Taxpayer", "Spouse"] if year.status is FilingStatus.MFJ else ["Taxpayer"]
    for who in signers:
        rows.append((Cell(who), Cell(None, SIGN_OFF), Cell(None, SIGN_OFF)))
    heights = fitted_heights(rows, WIDTHS) | {len(rows) - place: 26.0 for place in range(len(signers))}
    return Sheet(
        name=NAME,
        rows=rows,
        widths=WIDTHS,
        heights=heights,
        freeze=(2, 0),
        page=papers.page(f"Elections {year.year}", landscape=True),
        tab="1F3864",
        gridlines=False,
    )


def _heads(*words: str) -> Row:
    return tuple(Cell(word, HEADING) for word in (*words, "Ledger row"))


def _line(papers: Workpapers, first: str, second: str, text: str, row: int = 0, *, is_late: bool = False) -> Row:
    link = papers.ledger_link(row)
    return (
        Cell(first, _TOP),
        Cell(second, _TOP),
        Cell(text, _LATE if is_late else WRAP),
        link and Cell(link.content, at_top(link.style)),
    )


def _by_account(papers: Workpapers, year: YearReport) -> Iterator[Row]:
    """Every standing order that reaches an account until the year's end, the latest first, and its method else."""
    ledger = papers.report.ledger
    names = sorted({row.account for row in ledger.transactions if row.names_holding} | set(ledger.accounts))
    orders = sorted(
        (one for one in ledger.transactions if isinstance(one, MethodOrder) and one.at.year <= year.year),
        key=lambda one: one.at,
    )
    for name in names:
        account = ledger.accounts.get(name) or Account(name)
        kind = account.kind.value if account.kind is not None else "not stated"
        label = name or "no account named"
        reaching = [order for order in reversed(orders) if order.account in ("", name)]
        for order in reaching:
            text, row, is_late = _order(order)
            yield _line(papers, label, kind, text, row, is_late=is_late)
        start = _from_the_start(papers, account, year.year)
        yield _line(papers, label, kind, f"before and beside these orders: {start}" if reaching else start)


def _from_the_start(papers: Workpapers, account: Account, year: int) -> str:
    settings = papers.report.ledger.settings
    if account.method is not None:
        where = "with the broker" if account.method_with_broker else "in own books"
        return f"{_words(account.method)}, as the sheet Accounts states; {where}"
    text = f"{_words(settings.method.of(year))}, as Settings state"
    for asset_class, by_year in settings.method_by_class.items():
        text += f"; {asset_class.value}: {_words(by_year.of(year))}"
    return text if settings.method.of(year) is not Method.FIFO or settings.method_by_class else f"{_words(Method.FIFO)}"


def _words(method: Method) -> str:
    return f"{method.value.upper()}, {method.relief.meaning}"


def _order(order: MethodOrder) -> tuple[str, int, bool]:
    """What a standing order says, when and where it was recorded, its row, and whether that was too late."""
    asset = f" for {order.asset}" if order.asset else ""
    text = f"{order.method.value.upper()}{asset} from {_moment(order.at, True)}; "
    made = order.identified
    if made is None:
        text += "when it was recorded is not stated (column Identified)"
    else:
        where = {"": "where is not stated", "books": "books"}.get(made.to, made.to)
        text += f"recorded {_moment(made.at, made.has_time)}, {where}"
    if order.with_broker:
        text += ", with the broker"
    is_late = recorded_late(order)
    if is_late:
        text += ". LATE: recorded after it was to act (Treas. Reg. 1.1012-1(c)(8))"
    return f"{text}; ledger row {order.row}", order.row, is_late


def _moment(at: datetime, has_time: bool) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if has_time and (at.hour or at.minute) else f"{at:%Y-%m-%d}"


def _identified(papers: Workpapers, year: YearReport) -> Iterator[Row]:
    ledger = papers.report.ledger
    named = [one for one in ledger.transactions if isinstance(one, Disposal) and one.lots and one.at.year == year.year]
    places: dict[str, int] = {}
    in_time = 0
    for one in named:
        if one.identified is not None:
            kind = account.kind if (account := ledger.accounts.get(one.account)) is not None else None
            asset_class = papers.class_of(one.account, one.asset) or AssetClass.STOCK
            in_time += identified_in_time(one.identified, one.at, kind, asset_class)
            to = one.identified.to or "not stated"
            places[to] = places.get(to, 0) + 1
    if named:
        states = "states" if in_time == 1 else "state"
        kept = ", ".join(f"{place}: {count:,}" for place, count in places.items()) or "nowhere stated"
        text = (
            f"Lots are named on {counted(len(named), 'row')} of {year.year}; {in_time:,} {states} an identification "
            f"in time, {len(named) - sum(places.values()):,} state no time. Kept with: {kept}."
        )
        yield _line(papers, "Specific lots", f"{len(named):,}", text)
    else:
        yield _line(papers, "Specific lots", "0", f"No row of {year.year} names the lots it sells.")
    averaged = sorted(
        account.name
        for account in ledger.accounts.values()
        if account.method is not None and account.method.relief.averages
    )
    averaged += [
        one.account or "every account"
        for one in ledger.transactions
        if isinstance(one, MethodOrder) and one.method.relief.averages
    ]
    if ledger.settings.method.of(year.year).relief.averages:
        averaged.append("every account")
    where = ", ".join(dict.fromkeys(averaged)) or "nowhere"
    yield _line(papers, "Average basis", f"{len(set(averaged)):,}", f"Elected for funds in: {where}.")


def _choices(papers: Workpapers, year: YearReport) -> Iterator[Row]:
    settings, shown = papers.report.ledger.settings, year.year
    groups = "; ".join(", ".join(sorted(group)) for group in settings.identical) or "none declared"
    yield _line(papers, "Substantially identical", f"{len(settings.identical)}", groups)
    scope = settings.wash_sales
    meaning = "26 USC 1091, across all accounts of the ledger"
    yield _line(
        papers,
        "Wash sales",
        scope.value,
        meaning if scope is WashScope.SECURITIES else f"departs from the law of today ({meaning})",
        is_late=scope is not WashScope.SECURITIES,
    )
    stops = settings.missing_basis is MissingBasis.STOP
    text = "units without a purchase are refused" if stops else "units without a purchase are sold at no basis"
    yield _line(papers, "Missing basis", settings.missing_basis.value, text)
    for label, chosen, text in (
        ("Exception 1", settings.exception_1.of(shown), "sales without adjustments stand on lines 1a and 8a alone"),
        ("Exception 2", settings.exception_2.of(shown), "one row for each broker and box, with statements attached"),
        ("Whole dollars", settings.whole_dollars.of(shown), "amounts of the return are rounded to dollars"),
    ):
        yield _line(papers, label, "yes" if chosen else "no", text if chosen else f"not chosen: {text}")
    day = settings.wallet_basis_from
    yield _line(papers, "Basis by wallet", f"{day:%Y-%m-%d}", "digital assets have one pool before that day")


def _allocated(papers: Workpapers, rows: Sequence[Allocation | GlobalAllocation]) -> Iterator[Row]:
    """One line an allocation, and what each wallet got in all."""
    bought = {
        name: one
        for one in papers.report.ledger.transactions
        if isinstance(one, Acquisition)
        for name in (one.lot, one.id)
        if name
    }
    units: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        made = row.identified
        when = _moment(made.at, made.has_time) if made is not None else _moment(row.at, True)
        if isinstance(row, GlobalAllocation):
            order = ", then ".join(row.accounts)
            text = f"Global allocation: lots in {row.method.value.upper()} order fill {order}; made {when}"
            yield _line(papers, "all wallets", row.asset or "all", text, row.row)
            continue
        units[row.account, row.asset] = units.get((row.account, row.asset), Decimal(0)) + row.quantity
        lot = bought.get(row.lot)
        text = f"Specific units: {row.quantity:f} of lot {row.lot}"
        if lot is not None and lot.quantity:
            each = EXACT.divide(lot.amount + lot.fee, lot.quantity)
            text += f", acquired {_moment(lot.at, False)} at {dollars(each)} a unit (row {lot.row})"
        yield _line(papers, row.account or "no account named", row.asset, f"{text}; made {when}", row.row)
    for (account, asset), total in units.items():
        text = f"All specific units allocated here: {total:f}"
        yield (Cell(account or "no account named", MUTED), Cell(asset, MUTED), Cell(text, MUTED))
