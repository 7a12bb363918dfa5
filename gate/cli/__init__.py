"""The command line: one file a command, imported when it is asked for."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command that the arguments name and return the exit status."""
    raise NotImplementedError(arguments)
