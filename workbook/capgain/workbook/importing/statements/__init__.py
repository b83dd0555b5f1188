"""Statements that are no tables: each a module that makes one out of them, for a format to read."""
