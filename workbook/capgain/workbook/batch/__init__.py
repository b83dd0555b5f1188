"""The clients of a folder: which they are, what is remembered of each, and the index of all of them."""
