"""The law: lots, netting and forms. Pure standard library; knows no Excel, no tables, no files but its own data."""
