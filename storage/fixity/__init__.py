"""Fixity: what was kept is held against its hashes, night after night."""
