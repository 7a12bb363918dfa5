"""Advisories in OSV format: index, version order, matching."""
