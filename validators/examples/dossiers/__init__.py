"""Dossiers of invented people in which nothing is wrong, as data."""
