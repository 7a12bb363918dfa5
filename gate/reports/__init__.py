"""Report formats: one file a format."""
