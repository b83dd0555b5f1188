"""The worksheets of the instructions, each declared line by line."""

from capgain.engine.forms.worksheets.carryover import CarryoverWorksheet
from capgain.engine.forms.worksheets.rate_28 import Rate28GainWorksheet

__all__ = ["CarryoverWorksheet", "Rate28GainWorksheet"]
