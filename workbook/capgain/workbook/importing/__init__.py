"""Files of exchanges, brokers and other programs into one ledger: `import_files` is the whole way."""
