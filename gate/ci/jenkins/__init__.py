"""Jenkinsfiles: tokens of Groovy, what they say of a pipeline, and the reader."""
