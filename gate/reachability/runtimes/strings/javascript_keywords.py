"""The keyword of JavaScript's import statements, which names nothing: `import` is ImageMagick's program, too."""

import re

_LIST = rb"\{[^{}\"'`;]*\}"
_WHOLE = rb"\*\s*as\s+[\w$]+"
_IMPORT = re.compile(
    rb"(?<![\w$.])import(?=\s*\(|\s*(?:\btype\b\s*)?(?:(?:\b[\w$]+\s*,\s*)?(?:%s|%s)|\b[\w$]+)\s*from\s*[\"'][^\"'\n]+[\"'])"
    % (_LIST, _WHOLE)
)
"""`import a, { b } from "c"` and `import("c")`: no command line looks like these."""
_FOR_EFFECT = re.compile(rb"^[ \t]*import(?=[ \t]*[\"'][^\"'\n]+[\"'][ \t]*;?[ \t\r]*$)", re.MULTILINE)
"""`import "c"`, which a command in a text of several lines could be, too."""
_SEVERAL_LINES = (b"`", b"\\\n", b"\\\r\n")


def without_imports(content: bytes) -> bytes:
    """Return a source of JavaScript or TypeScript without the keyword of its import statements."""
    content = _IMPORT.sub(b"", content)
    if any(sign in content for sign in _SEVERAL_LINES):
        return content
    return _FOR_EFFECT.sub(b"", content)
