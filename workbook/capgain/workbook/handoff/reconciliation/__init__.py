"""The brokers' Forms 1099 against the ledger: what differs, by how much, and why."""
