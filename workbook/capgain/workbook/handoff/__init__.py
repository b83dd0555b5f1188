"""The accountant's package: workpapers, official forms, files for tax software, and a manifest, in one folder."""
