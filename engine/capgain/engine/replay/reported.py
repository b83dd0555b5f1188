"""What is stated of a disposal: whether a Form 1099 reports it, and the taxpayer's own codes."""

from __future__ import annotations

from capgain.engine.classes import AccountKind, AssetClass, Reported
from capgain.engine.known_accounts import is_exchange_abroad
from capgain.engine.money import ZERO, share_out, to_cents
from capgain.engine.replay.covered_units import FIRST_COVERED_DAY
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Lot
from capgain.engine.replay.sale import FormRow, Sale
from capgain.engine.replay.small_business_stock import exclusions
from capgain.engine.replay.state import State
from capgain.engine.section_1202 import CODE as CODE_Q
from capgain.engine.spellings import spelt_alike
from capgain.engine.transactions import Disposal, Entry


def said_of_asset(state: State, held: Holding, year: int) -> Reported | None:
    """What Settings say that the Form 1099 of a year reports of an asset; None where they say nothing."""
    said = state.ledger.settings.reported_by_asset.get(held.asset)
    return None if said is None else said.of(year)


def by_default(state: State, held: Holding, entry: Entry, lot: Lot, year: int) -> tuple[Reported, bool]:
    """What a Form 1099 is taken to say where neither row nor account does, and whether that hangs on the lot.

    Contract, column Reported. Brokers and exchanges outside the United States file no Form 1099 (Treas. Reg.
    1.6045-1(a)(1); DECISIONS.md, F-10).
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
    if held.account.is_abroad:
        return Reported.NONE, False
    if not held.asset_class.is_digital:
        return Reported.BASIS, False
    if year < FIRST_COVERED_DAY.year - 1:
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
    near = spelt_alike(account, state.ledger.accounts_of_known_kind)
    return f" {near[0]} is listed: is {account} the same?" if near else ""


def with_stated_codes(state: State, sale: Sale, entry: Disposal, rows: list[FormRow]) -> list[FormRow]:
    """Rows with the codes and the adjustment that the taxpayer states (Instructions for Form 8949, column (f))."""
    if entry.adjustment is None:
        adjustments = [0] * len(rows)
    else:
        adjustments = share_out(to_cents(entry.adjustment), [row[1] for row in rows])
    if CODE_Q in entry.code and entry.adjustment != ZERO:
        lots = [(row[0], row[2] - row[3], row[3]) for row in rows]
        adjustments = exclusions(state, entry, sale.sold, lots, adjustments if entry.adjustment is not None else None)
    return [
        (lot, units, proceeds, basis, entry.code, adjustment, term)
        for (lot, units, proceeds, basis, _, _, term), adjustment in zip(rows, adjustments, strict=True)
    ]
