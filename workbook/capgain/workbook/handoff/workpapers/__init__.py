"""The workbook an accountant signs: forms by box and page, tie-outs, reconciliation, sources, and what is open."""
