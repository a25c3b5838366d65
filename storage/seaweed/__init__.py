"""The embedded store: SeaweedFS from its wheel."""
