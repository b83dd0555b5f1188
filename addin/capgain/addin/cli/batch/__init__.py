"""`capgain batch FOLDER -o OUT`: every client's ledger below a folder, each on its own, and an index of all of them."""
