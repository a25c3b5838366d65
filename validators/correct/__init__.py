"""Đúng: what the papers say agrees with itself, with one another and with the form of such values."""
