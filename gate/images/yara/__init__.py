"""Malware in an image's files, by YARA rules: a small set of our own, and the user's."""
