"""Definitions of pipelines: what CI systems run, when, with whose rights. One folder a system, rules in `rules/`."""
