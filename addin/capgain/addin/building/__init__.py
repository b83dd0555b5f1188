"""What is made from declarations: the Excel add-in, the LibreOffice extension, and the pages that list the functions.

The same source gives the same bytes, on every machine with the same packages.
"""
