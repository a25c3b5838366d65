"""The derived index: SQL over what the records say."""
