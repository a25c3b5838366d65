"""Receipts: what comes back to the digitiser."""
