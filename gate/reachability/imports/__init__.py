"""Which of the locked packages a repository's own code imports; one module a language."""
