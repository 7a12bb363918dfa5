"""Vim and Neovim: files that they source from the current folder where `exrc` is set (`:help exrc`, `:help trust`)."""

from gate.core.lazy_regex import lazy_regex
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Moment, Question, ReadFile
from gate.workspace.readers.reading import lines_of, shown

_STARTS = lazy_regex(r"!|system\(|os\.execute|io\.popen|jobstart|termopen|autocmd|vim\.cmd")
_MOST = 20
_COMMENTS = ('"', "--")


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one file: the whole is a program, of which the lines are shown that start others."""
    is_neovim = path.endswith((".lua", ".nvimrc"))
    lines = list(lines_of(tree, path, _COMMENTS))
    programs = [one for one in lines if _STARTS.search(one[1])]
    by = "Neovim" if is_neovim else "Vim"
    entries = [
        AutoStart(
            when=Moment.OPEN,
            by=by,
            what=path.rpartition("/")[2],
            command=shown(line),
            question=Question.EACH if is_neovim else Question.NONE,
            needs="`exrc` is set",
            path=path,
            line=number,
        )
        for number, line in (programs or lines[:1])[:_MOST]
    ]
    return ReadFile(entries=tuple(entries))
