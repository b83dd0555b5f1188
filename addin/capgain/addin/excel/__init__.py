"""The functions in the cell and the buttons on the ribbon: one registry, one conversion, many faces."""
