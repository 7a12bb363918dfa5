"""What is in use: what an image runs from its start on, and what a repository's own sources import."""
