"""What a Form 1099 says of a disposal: whether it reports it, and figures that differ from those worked out here."""

from __future__ import annotations

from capgain.engine.classes import AccountKind, AssetClass, Reported
from capgain.engine.known_accounts import is_exchange_abroad
from capgain.engine.money import share_out, to_cents
from capgain.engine.replay.atoms import cents
from capgain.engine.replay.covered_units import FIRST_COVERED_DAY
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Lot
from capgain.engine.replay.sale import FormRow, Sale
from capgain.engine.replay.small_business_stock import CODE as CODE_Q
from capgain.engine.replay.small_business_stock import check_exclusion
from capgain.engine.replay.state import State
from capgain.engine.results import Kind
from capgain.engine.spellings import spelt_alike
from capgain.engine.transactions import Disposal, Entry

_BY_OPTION = frozenset({Kind.EXERCISED, Kind.ASSIGNED})
"""Sales of which brokers leave out what the option cost or brought (Instructions for Form 8949, code E)."""


def said_of_asset(state: State, held: Holding, year: int) -> Reported | None:
    """What Settings say that the Form 1099 of a year reports of an asset; None where they say nothing."""
    said = state.ledger.settings.reported_by_asset.get(held.asset)
    return None if said is None else said.of(year)


def by_default(state: State, held: Holding, entry: Entry, lot: Lot, year: int) -> tuple[Reported, bool]:
    """What a Form 1099 is taken to say where neither row nor account does, and whether that hangs on the lot.

    Contract, column Reported.
    """
    if held.kind is None:
        if held.place not in state.problems.assumed_boxes:
            state.problems.assumed_boxes.add(held.place)
            state.problems.warn(
                entry,
                "Reported",
                "BOX_ASSUMED",
                f"nothing says whether a Form 1099 reports sales in {held.place or '(blank)'}: taken as not reported.",
                "List the account on the Accounts sheet with its Kind, or fill in column Reported."
                + _listed_otherwise(state, held.place),
                blocks_filing=True,
            )
        return Reported.NONE, False
    if held.kind is AccountKind.WALLET or held.asset_class in (AssetClass.COLLECTIBLE, AssetClass.OTHER):
        return Reported.NONE, False
    if not held.asset_class.is_digital:
        return Reported.BASIS, False
    if year < FIRST_COVERED_DAY.year - 1 or held.account.is_abroad:
        return Reported.NONE, False
    if held.kind is AccountKind.EXCHANGE and is_exchange_abroad(held.place):
        _warn_of_exchange_abroad(state, held, entry)
        return Reported.NONE, False
    if year < FIRST_COVERED_DAY.year:
        return Reported.NO_BASIS, False
    return (Reported.BASIS if lot.is_covered else Reported.NO_BASIS), True


def _warn_of_exchange_abroad(state: State, held: Holding, entry: Entry) -> None:
    if held.place in state.problems.assumed_boxes:
        return
    state.problems.assumed_boxes.add(held.place)
    state.problems.warn(
        entry,
        "Account",
        "FOREIGN_EXCHANGE",
        f"{held.place} is the name of an exchange outside the United States: its sales are taken as reported on no "
        "Form 1099-DA.",
        "Let its Kind on the Accounts sheet be exchange, foreign; or say in Reported what it reports.",
        blocks_filing=True,
    )


def _listed_otherwise(state: State, account: str) -> str:
    """A hint at an account that is listed, which may be the same."""
    listed = [name for name, one in state.ledger.accounts.items() if one.kind is not None]
    near = spelt_alike(account, listed)
    return f" {near[0]} is listed: is {account} the same?" if near else ""


def as_reported(state: State, held: Holding, sale: Sale, entry: Disposal, rows: list[FormRow]) -> list[FormRow]:
    """Rows where the broker's figures or the taxpayer's codes enter (Instructions for Form 8949, column (f)).

    The 1099's proceeds stay in (d) and what they leave out is code E; the 1099's basis stays in (e) where it was
    reported to the IRS and is corrected in (g) with code B, else (e) is correct and (g) is 0.
    """
    weights = [row[1] for row in rows]
    proceeds = [row[2] for row in rows]
    printed = [row[3] for row in rows]
    codes = entry.code
    adjustments = share_out(to_cents(entry.adjustment), weights) if entry.adjustment is not None else [0] * len(rows)
    if CODE_Q in codes and entry.adjustment:
        gains = [(row[0], row[2] - row[3]) for row in rows]
        check_exclusion(state, entry, sale.sold, gains, adjustments)
    ours = cents(sale.net)
    if entry.reported_proceeds is not None and (theirs := to_cents(entry.reported_proceeds)) > ours:
        short = share_out(theirs - ours, weights)
        adjustments = [own - part for own, part in zip(adjustments, short, strict=True)]
        proceeds = [own + part for own, part in zip(proceeds, short, strict=True)]
        explained = theirs - ours <= cents(sale.costs) + 1 or sale.kind in _BY_OPTION
        codes = joined(codes, "E" if explained else "O")
    elif entry.reported_proceeds is not None and theirs < ours and sale.kind is Kind.ASSIGNED:
        left_out = share_out(ours - theirs, weights)
        adjustments = [own + part for own, part in zip(adjustments, left_out, strict=True)]
        proceeds = [own - part for own, part in zip(proceeds, left_out, strict=True)]
        codes = joined(codes, "E")
    if entry.reported_basis is not None and (theirs := to_cents(entry.reported_basis)) != sum(printed):
        codes = joined(codes, "B")
        if _basis_was_reported(state, held, entry, rows[0][0], sale.sold.year):
            shares = share_out(theirs, printed if sum(printed) else weights)
            adjustments = [g + e - own for g, e, own in zip(adjustments, shares, printed, strict=True)]
            printed = shares
    return [
        (lot, units, part, basis, codes, adjustment, term)
        for (lot, units, *_, term), part, basis, adjustment in zip(rows, proceeds, printed, adjustments, strict=True)
    ]


def _basis_was_reported(state: State, held: Holding, entry: Disposal, lot: Lot, year: int) -> bool:
    stated = entry.reported or said_of_asset(state, held, year) or held.account.reported
    stated = stated or by_default(state, held, entry, lot, year)[0]
    return stated is Reported.BASIS


def joined(codes: str, more: str) -> str:
    """Codes in alphabetical order, no blanks, none twice (Instructions for Form 8949, column (f))."""
    return "".join(sorted(set(codes + more)))
