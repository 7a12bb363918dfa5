"""The shell: a script is parsed and run over the states in which it may be, with nothing executed."""
