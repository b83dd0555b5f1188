"""The add-in file: VBA, ribbon and help sheet made from the registry, byte for byte the same every time."""
