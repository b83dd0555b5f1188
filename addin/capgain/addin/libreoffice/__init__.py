"""The same functions in LibreOffice Calc: an extension with the engine inside."""
