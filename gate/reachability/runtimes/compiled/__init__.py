"""ELF programs and libraries: what they are linked with, what their code and strings name, what the loader finds."""
