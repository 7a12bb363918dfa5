"""Whether vulnerable functions of Go modules are reached by a repository's own code and the sources that it vendors."""
