"""What is not reached but named: which programs, modules and packages may still be started or loaded by a name."""
