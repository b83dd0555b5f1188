"""The one chronological pass over a ledger: lots in, dispositions, wash sales and open lots out."""
