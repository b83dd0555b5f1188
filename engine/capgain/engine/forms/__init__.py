"""Form 8949, Schedule D and the worksheets, declared line by line."""
