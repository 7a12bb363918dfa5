"""Scripts of which ShellCheck has nothing to say, so that it need not be asked: `npm ci && npm run build`.

Programs with which it finds no fault, plain words without a sign that a shell obeys, joined by `&&`. A test asks
ShellCheck whether that is so.
"""

import re

PROGRAMS = (
    *("addgroup", "adduser", "apk", "apt-get", "bundle", "cargo", "cmake", "composer", "conda", "corepack", "dnf"),
    *("dotnet", "gem", "go", "gradle", "groupadd", "ldconfig", "locale-gen", "make", "microdnf", "mvn", "ninja"),
    *("node", "npm", "npx", "pip", "pip3", "pnpm", "poetry", "python", "python3", "ruby", "rustup"),
    *("update-ca-certificates", "useradd", "usermod", "uv", "yarn", "yum", "zypper"),
)
RESERVED = ("do", "done", "elif", "else", "esac", "fi", "then")
"""Words of the shell that ShellCheck takes for a slip where they are arguments."""
_ARGUMENT = r"[\w./:@,-][\w./:@+,=-]*+"
_RESERVED = rf"(?:{'|'.join(RESERVED)})(?=[ \t&]|\Z)"
_COMMAND = rf"(?:{'|'.join(PROGRAMS)})(?=[ \t&]|\Z)(?:[ \t]++(?!{_RESERVED}){_ARGUMENT})*+[ \t]*+"
_PLAIN = re.compile(rf"[ \t]*+{_COMMAND}(?:&&[ \t]*+{_COMMAND})*+", re.ASCII)


def is_plain(script: str) -> bool:
    """True for a script of plain commands."""
    return _PLAIN.fullmatch(script) is not None
