"""What is locked by a repository or installed in an image: one file a format."""
