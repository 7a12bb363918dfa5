"""What a repository's own code imports: one file a language, and what that says of the packages that are locked."""
