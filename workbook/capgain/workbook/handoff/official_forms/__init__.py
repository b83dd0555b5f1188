"""The official Schedule D and Form 8949, filled: the user's own downloaded IRS forms, recognised by year and fields."""
