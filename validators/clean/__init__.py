"""Sạch: nothing double, no junk, values and scans in the form that others can use."""
