"""What starts on a developer's machine, and what agents read. One reader a format in `readers/`."""
