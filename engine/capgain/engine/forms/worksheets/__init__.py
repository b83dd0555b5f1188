"""The worksheets of the instructions, each declared line by line, and the tax on an amount."""
