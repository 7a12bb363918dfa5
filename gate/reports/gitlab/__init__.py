"""Formats that GitLab reads: security reports by its schemas (15.2.1), and Code Quality."""
