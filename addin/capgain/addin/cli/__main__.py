"""`python -m capgain.addin.cli` is `capgain`."""

from capgain.addin.cli import main

main()
