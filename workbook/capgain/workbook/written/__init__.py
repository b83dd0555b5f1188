"""What people and programs write in a cell or a field, read once: numbers, moments, zones, ratios, words, lots."""
