"""Dollar values that a source leaves out, taken from prices the user gives, by date; nothing goes over the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from capgain.engine.ledger import Price
from capgain.engine.money import EXACT, ZERO, to_the_cent
from capgain.workbook.importing.movements import USD, Becomes, Movement
from capgain.workbook.importing.price_files.reading import read_price_files
from capgain.workbook.importing.sides import POOLS
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading.stablecoins import ONE_DOLLAR
from capgain.workbook.written.time_zones import ZoneByYear

NEED_VALUE = frozenset(
    {
        Becomes.BUY,
        Becomes.SELL,
        Becomes.REINVEST,
        Becomes.SHORT_SELL,
        Becomes.COVER,
        Becomes.EXCHANGE,
        Becomes.POOL_IN,
        Becomes.POOL_OUT,
        Becomes.INCOME,
        Becomes.SPEND,
        Becomes.FEE,
    }
)
"""What cannot be a ledger row without its dollars."""


ASSUMED = "the setting Stablecoins"
"""Where one dollar for a stablecoin comes from."""


@dataclass(frozen=True, slots=True)
class PriceList:
    """What one unit was worth in dollars, by asset and day; each with where it was found.

    `notices` are sentences about what price files leave out, `stablecoins` coins at one dollar where no price is.
    """

    prices: Mapping[tuple[str, date], tuple[Decimal, str]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    stablecoins: frozenset[str] = frozenset()

    def on(self, asset: str, day: date) -> tuple[Decimal, str] | None:
        """(dollars per unit, where it was found) of that very day, or None."""
        found = self.prices.get((asset.casefold(), day))
        return (Decimal(1), ASSUMED) if found is None and asset.upper() in self.stablecoins else found


def price_list(
    sheet: Iterable[Price],
    files: Sequence[Path],
    zones: ZoneByYear | None,
    stablecoins: frozenset[str] = frozenset(),
) -> PriceList:
    """Prices of the Prices sheet and of price files by day in the tax zone; undated ones are left out.

    Raises:
        UnreadableImport: a price file cannot be read, or gives two prices of one asset for one day.
    """
    found: dict[tuple[str, date], tuple[Decimal, str]] = {}
    for price in sheet:
        if price.day is not None:
            found[price.asset.casefold(), price.day] = (price.price, "the Prices sheet")
    read = read_price_files(files, zones=zones)
    for one in read.prices:
        key = (one.asset.casefold(), one.day)
        known = found.get(key)
        if known is not None and known[0] != one.price:
            raise UnreadableImport(
                f"{one.place} says {one.asset} was worth {one.price} on {one.day}, {known[1]} says {known[0]}. "
                "Keep the right one."
            )
        found.setdefault(key, (one.price, one.file))
    return PriceList(found, read.notices, stablecoins)


def price_wanted(movement: Movement) -> tuple[str, date]:
    """The asset and day whose price would settle a movement that lacks dollars."""
    day = movement.at.date()
    if movement.becomes in NEED_VALUE and movement.value is None:
        return _valued(movement)[0][0], day
    return movement.fee_asset if movement.becomes is not Becomes.TRANSFER else movement.out_asset, day


def about_prices(lacking: Sequence[Movement], prices: PriceList, made: Sequence[Movement]) -> list[str]:
    """What has to be said of prices: those that are missing, once for each asset and day, and what was assumed."""
    said = []
    wanted: dict[str, set[date]] = {}
    for movement in lacking:
        asset, day = price_wanted(movement)
        wanted.setdefault(asset, set()).add(day)
    if wanted:
        listed = "; ".join(
            f"{asset} on {', '.join(str(day) for day in sorted(days)[:8])}{' and more' if len(days) > 8 else ''}"
            for asset, days in sorted(wanted.items())[:12]
        )
        said.append(f"Prices that are missing, each once: {listed}. Add them to the sheet Prices, or give --prices.")
    assumed = [movement for movement in made if any(ASSUMED in one for one in movement.looked_up)]
    if assumed:
        dollars = sum((movement.value or ZERO for movement in assumed), ZERO)
        said.append(
            f"{len(assumed)} rows take a stablecoin at one dollar because {ASSUMED} says so, which is an assumption: "
            f"{to_the_cent(dollars)} dollars hang on it."
        )
    with_them = replace(prices, stablecoins=ONE_DOLLAR)
    settled = sum(1 for movement in lacking if not fill_in(replace(movement, looked_up=[]), with_them))
    if settled and not prices.stablecoins:
        said.append(f"{settled} of the open items would be settled by --stablecoins yes (one dollar for a stablecoin).")
    return said


def fill_in(movement: Movement, prices: PriceList) -> str:
    """Put in the dollars that are missing, noting what was looked up; the text names what is still missing."""
    if movement.becomes in NEED_VALUE and movement.value is None:
        movement.value = _exchange_value(movement, prices)
        if movement.value is None:
            return f"what {_what(movement)} was worth in dollars on {movement.at.date()}"
    return _fee(movement, prices) or _units_short(movement, prices)


def _what(movement: Movement) -> str:
    asset, units = _valued(movement)[0]
    return f"{units or ZERO:f} {asset}"


def _valued(movement: Movement) -> list[tuple[str, Decimal | None]]:
    """The sides whose worth is the movement's, the better first; of a pool what is not its token."""
    received = (movement.in_asset, movement.in_quantity)
    given = (movement.out_asset, movement.out_quantity)
    if movement.becomes in POOLS:
        return [given if movement.becomes is Becomes.POOL_IN else received]
    return [received, given] if movement.in_asset else [given]


def _exchange_value(movement: Movement, prices: PriceList) -> Decimal | None:
    """What was received, or, where that has no price, what was given up (Treas. Reg. 1.1001-7(b)(1)(i))."""
    for asset, units in _valued(movement):
        if not asset or units is None:
            continue
        if asset == USD:
            return units
        worth = _looked_up(movement, asset, units, prices)
        if worth is not None:
            return worth
    return None


def _looked_up(movement: Movement, asset: str, units: Decimal, prices: PriceList) -> Decimal | None:
    price = prices.on(asset, movement.at.date())
    if price is None:
        return None
    movement.looked_up.append(f"{asset} {_plainly(price[0])} on {movement.at.date()} from {price[1]}")
    return EXACT.multiply(price[0], units)


def _plainly(price: Decimal) -> str:
    """A price as a person writes it, where a cell of a spreadsheet holds 2610.0."""
    return f"{price:f}".removesuffix(".0")


def _fee(movement: Movement, prices: PriceList) -> str:
    fee, asset = movement.fee_quantity, movement.fee_asset
    if not fee or asset == USD or movement.fee_value is not None:
        return ""
    for other, units in _valued(movement):
        if other == asset and units and movement.value is not None:
            movement.fee_value = _share(movement.value, fee, units)
            return ""
    movement.fee_value = _looked_up(movement, asset, fee, prices)
    if movement.fee_value is None:
        return f"what the fee of {fee:f} {asset} was worth in dollars on {movement.at.date()}"
    return ""


def _share(value: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """The dollars of `part` of `whole` units worth `value`, to the 8th decimal."""
    return EXACT.divide(EXACT.multiply(value, part), whole).quantize(Decimal("1e-8"), context=EXACT).normalize()


def _units_short(movement: Movement, prices: PriceList) -> str:
    """A transfer's network fee is disposed of at its price (the Ledger's column Price)."""
    if movement.becomes is not Becomes.TRANSFER or movement.in_quantity is None or movement.out_quantity is None:
        return ""
    if movement.in_quantity >= movement.out_quantity or movement.price is not None:
        return ""
    price = prices.on(movement.out_asset, movement.at.date())
    if price is None:
        short = movement.out_quantity - movement.in_quantity
        return (
            f"the price of {movement.out_asset} on {movement.at.date()}: {short.normalize():f} were the network's fee"
        )
    movement.price = price[0]
    movement.looked_up.append(f"{movement.out_asset} {price[0]:f} on {movement.at.date()} from {price[1]}")
    return ""
