"""Keywords of Python's import statements, which name nothing: `import` is ImageMagick's program, `as` the assembler."""

import ast
import re
import warnings
from collections.abc import Iterator

_KEYWORD = re.compile(rb"\b(?:from|import|as)\b")
_CODING = re.compile(rb"\A(?:\xef\xbb\xbf|[^\n]*\n?[^\n]*coding[:=][ \t]*+(?!utf-?8\b))", re.IGNORECASE)
"""A mark, or a line (PEP 263), by which a source may have another coding than UTF-8."""


def without_keywords(content: bytes) -> bytes:
    """Return a source without the keywords of its import statements; as it is if it cannot be read."""
    if _CODING.match(content) or not _KEYWORD.search(content):
        return content
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(content.decode())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return content
    lines = content.splitlines(keepends=True)
    for begin, end, first, last in sorted(_imports(tree), reverse=True):
        statement = b"".join(lines[begin:end])
        behind = len(statement) - len(lines[end - 1]) + last
        lines[begin:end] = [
            statement[:first] + _KEYWORD.sub(b"", statement[first:behind]) + statement[behind:],
            *[b""] * (end - begin - 1),
        ]
    return b"".join(lines)


def _imports(tree: ast.AST) -> Iterator[tuple[int, int, int, int]]:
    """Yield the lines and bytes of each import statement."""
    for one in ast.walk(tree):
        if isinstance(one, ast.Import | ast.ImportFrom) and one.end_lineno and one.end_col_offset:
            yield one.lineno - 1, one.end_lineno, one.col_offset, one.end_col_offset
