"""One TOML file for each exchange, broker or program whose files are known; format_files.py says what they hold."""
