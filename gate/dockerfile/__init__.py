"""Dockerfiles: parser, rules and fixes."""
