"""Container images: where they come from, their layers as one file tree, their configuration."""
