"""The walk from a container's start: the tree as programs see it, the steps from file to file, and their evidence."""
