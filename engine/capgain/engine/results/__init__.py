"""What the pass over a ledger leaves: rows of Form 8949, income, lots and shorts held, wash sales, carryovers."""
