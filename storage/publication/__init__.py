"""Publication: how checked records reach the databases that build on them, each version once and in order."""
