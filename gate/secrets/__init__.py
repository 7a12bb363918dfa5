"""Secrets: detect-secrets' detectors and filters behind a native pre-filter."""
