"""The CapGain tab: what stands on it, and what its buttons do to the open workbook."""
