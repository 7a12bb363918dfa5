"""Automatic fixes (`gate fix`): from the edits of findings to a file's new text, its diff, and writing it."""
