"""Reading ledgers: blocks of cells and files to the engine's transactions, with every problem found."""
