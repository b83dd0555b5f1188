"""Sheets and files: reads ledgers, writes workbooks. Knows no tax law."""
