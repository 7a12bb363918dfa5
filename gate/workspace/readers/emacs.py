"""Emacs: variables of a folder that evaluate code (GNU Emacs manual, "Safe File Variables"); Emacs asks before it."""

from gate.core.lazy_regex import lazy_regex
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Moment, Question, ReadFile
from gate.workspace.readers.reading import shown, text_of

_EVAL = lazy_regex(r"\(\s*eval\s+\.\s*(?P<code>[^\n]{1,400})")


def read(tree: FileTree, path: str) -> ReadFile:
    """Read the `eval` entries of one file."""
    text = text_of(tree, path)
    entries = [
        AutoStart(
            when=Moment.OPEN,
            by="Emacs",
            what="eval of local variables",
            command=shown(found["code"].strip()),
            question=Question.EACH,
            path=path,
            line=text.count("\n", 0, found.start()) + 1,
        )
        for found in list(_EVAL.finditer(text))[:50]
    ]
    return ReadFile(entries=tuple(entries))
