"""The .xlsx file itself: its parts, its XML, how it is written, edited in place and checked."""
