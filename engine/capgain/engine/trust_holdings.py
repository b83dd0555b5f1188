"""Grantor trusts by their symbols: what each holds, and who sponsors it."""

from __future__ import annotations

from collections.abc import Mapping


def _listed(text: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for line in text.strip().splitlines():
        symbols, holds, sponsor = (part.strip() for part in line.split("|"))
        found |= dict.fromkeys(symbols.split(), (holds, sponsor))
    return found


COIN_TRUSTS: Mapping[str, tuple[str, str]] = _listed(
    """
    IBIT      | bitcoin | iShares
    FBTC      | bitcoin | Fidelity
    GBTC BTC  | bitcoin | Grayscale
    ARKB      | bitcoin | ARK 21Shares
    BITB      | bitcoin | Bitwise
    HODL      | bitcoin | VanEck
    BTCO      | bitcoin | Invesco Galaxy
    EZBC      | bitcoin | Franklin
    BRRR      | bitcoin | CoinShares Valkyrie
    BTCW      | bitcoin | WisdomTree
    DEFI      | bitcoin | Hashdex
    ETHA      | ether   | iShares
    FETH      | ether   | Fidelity
    ETHE      | ether   | Grayscale
    ETHW      | ether   | Bitwise
    ETHV      | ether   | VanEck
    CETH      | ether   | 21Shares
    QETH      | ether   | Invesco Galaxy
    EZET      | ether   | Franklin
    BSOL      | solana  | Bitwise
    GSOL      | solana  | Grayscale
    """
)
"""Trusts that hold coins, with the coin and the sponsor whose site has the figures of its sales."""

METAL_TRUSTS: Mapping[str, tuple[str, str]] = _listed(
    """
    GLD GLDM  | gold            | SPDR
    IAU IAUM  | gold            | iShares
    SGOL      | gold            | abrdn
    BAR       | gold            | GraniteShares
    AAAU      | gold            | Goldman Sachs
    OUNZ      | gold            | VanEck Merk
    SLV       | silver          | iShares
    SIVR      | silver          | abrdn
    PPLT      | platinum        | abrdn
    PLTM      | platinum        | GraniteShares
    PALL      | palladium       | abrdn
    GLTR      | precious metals | abrdn
    """
)
"""Trusts that hold metal: their tax statements give the 28% rate (26 USC 1(h)(5), 408(m); DECISIONS.md, C-5)."""

TRUSTS: Mapping[str, tuple[str, str]] = {**COIN_TRUSTS, **METAL_TRUSTS}


def held_by(asset: str) -> str:
    """What a trust holds, in a word."""
    return TRUSTS.get(asset.upper(), ("assets", ""))[0]
