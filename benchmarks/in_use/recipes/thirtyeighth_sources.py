"""How the thirty-eighth set's images are built from sources that their last stage does not have."""

import shlex


def written(files: dict[str, str], folder: str) -> tuple[str, ...]:
    """Return the commands that write an application's sources below the folder of its build."""
    commands = []
    for path, content in files.items():
        file = f"{folder}/{path}"
        commands.append(f"mkdir -p {shlex.quote(file.rpartition('/')[0])}")
        commands.append(f"printf %s {shlex.quote(content)} > {shlex.quote(file)}")
    return tuple(commands)
