"""The organisation's signature on sealed copies."""
