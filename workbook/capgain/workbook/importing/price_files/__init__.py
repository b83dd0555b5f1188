"""Price files that people download: which source a file is of, and what a unit was worth on which day."""
