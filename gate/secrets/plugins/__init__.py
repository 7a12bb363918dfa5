"""The documented names for other packages: rows of their own tables, and our detectors for detect-secrets."""
