"""Mends what findings know how to mend: from edits to a file's new text, the diff, and the write."""
