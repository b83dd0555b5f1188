"""The faces: command line, Excel functions, ribbon, installer, LibreOffice extension."""
