"""The add-in on a person's machine: put there, taken away, and looked over when it does not work."""
