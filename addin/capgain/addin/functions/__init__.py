"""The functions of the cell, without any program that shows cells: registry, arguments, formula reader, answers."""
