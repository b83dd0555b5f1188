"""Files that tax software imports, each with its limits stated and with the rows it cannot say named."""
