"""Hash chains in object storage."""
