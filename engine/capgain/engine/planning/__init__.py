"""Deciding before year end: which losses to harvest, which lots to sell, what another order of lots would have done.

Everything here asks the same pass, forms and worksheets as the report. A plan is a row in a copy of the ledger; the
ledger itself never changes.
"""
