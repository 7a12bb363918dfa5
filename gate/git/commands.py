"""The table of all git commands that the gate runs; all of them only read.

A command is named by its key. Its arguments are object ids, numbers and paths, each checked by a pattern and placed
where it cannot be taken for an option. Revisions that a user or a server names go to `cat-file` on standard input.
"""

import re
from collections.abc import Sequence
from itertools import islice

import msgspec

from gate.core.errors import UnreadableError
from gate.core.lazy_regex import lazy_regex

_REV_LIST = ("rev-list", "--topo-order")
_LS_FILES = ("ls-files", "-z")
_CHANGES = (
    *("diff-tree", "--stdin", "--always", "--format=%H %ad %ae", "--date=short"),
    *("--root", "-r", "-c", "--raw", "-z", "--no-renames", "--no-abbrev"),
)
_ID = lazy_regex(r"\^?(?:[0-9a-f]{40}|[0-9a-f]{64})")
_PLACE = lazy_regex(r"(?:[0-9a-f]{40}|[0-9a-f]{64})(?::[^\0]*)?", re.DOTALL)
_NUMBER = lazy_regex(r"[0-9]{1,9}")
"""An object id, or a path in a tree (`ID:path`)."""
_LEFT_OUT = lazy_regex(r"\^(?:[0-9a-f]{40}|[0-9a-f]{64})|--not|--(?:exclude|glob)=refs/remotes/[-A-Za-z0-9._/]+/\*")
"""What excludes commits: `^ID`, and the options that exclude those of a remote's branches."""
_PATH = lazy_regex(r"[^\0]*", re.DOTALL)


class GitCommand(msgspec.Struct, frozen=True, kw_only=True):
    """A git command with placeholders for its arguments."""

    words: tuple[str, ...]
    """The command line after `git`; each `{}` is replaced by an argument."""
    takes: tuple[re.Pattern[str], ...] = ()
    """The patterns of these arguments, in order."""
    rest: re.Pattern[str] | None = None
    """The pattern of further arguments, which are appended; None: there may be none."""
    in_tree: bool = False
    """True if it reads the working tree; it then runs in the folder that is asked about."""
    may_say_no: bool = False
    """True if exit status 1 is no error, but means that nothing was found."""

    def line(self, arguments: Sequence[str]) -> list[str]:
        """Return the command line with these arguments. Raises UnreadableError for one that does not match."""
        own, rest = arguments[: len(self.takes)], arguments[len(self.takes) :]
        fits = len(own) == len(self.takes) and all(map(_matches, self.takes, own))
        if not fits or (rest and self.rest is None) or not all(_matches(self.rest, one) for one in rest):
            raise UnreadableError("is not what can be asked of git", path=" ".join((*self.words[:1], *arguments))[:200])
        given = iter(own)
        return [*(word.format(*islice(given, word.count("{}"))) for word in self.words), *rest]


def _matches(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.fullmatch(text) is not None


COMMANDS: dict[str, GitCommand] = {
    # Objects; their names are read from standard input.
    "contents": GitCommand(words=("cat-file", "--batch", "--buffer")),
    "contents one by one": GitCommand(words=("cat-file", "--batch")),
    "sizes one by one": GitCommand(words=("cat-file", "--batch-check")),
    "sizes": GitCommand(words=("cat-file", "--buffer", "--batch-check=%(objectname) %(objectsize)")),
    "names": GitCommand(words=("cat-file", "--batch-check=%(objecttype) %(objectname)")),
    "all ids": GitCommand(words=("cat-file", "--batch-all-objects", "--buffer", "--batch-check=%(objectname)")),
    "all objects": GitCommand(
        words=("cat-file", "--batch-all-objects", "--buffer", "--batch-check=%(objectname) %(objecttype)")
    ),
    # Commits.
    "tips": GitCommand(words=("rev-list", "--no-walk=unsorted", "--all", "--reflog")),
    "commits": GitCommand(words=(*_REV_LIST, "--reverse", "--stdin")),
    "commits with borders": GitCommand(words=("rev-list", "--boundary", "{}"), takes=(_ID,), rest=_LEFT_OUT),
    "newest commits": GitCommand(words=(*_REV_LIST, "--max-count={}", "{}"), takes=(_NUMBER, _ID)),
    "merge base": GitCommand(words=("merge-base", "{}", "{}"), takes=(_ID, _ID)),
    "independent": GitCommand(words=("merge-base", "--independent"), rest=_ID),
    "changes": GitCommand(words=_CHANGES),
    "changes with folders": GitCommand(words=(*_CHANGES, "-t")),
    "renames": GitCommand(
        words=(
            *("diff-tree", "-r", "--find-renames", "--diff-filter=R", "--name-status", "--relative={}", "-z"),
            *("{}", "{}"),
        ),
        takes=(_PATH, _ID, _ID),
    ),
    "changed names": GitCommand(
        words=("diff-tree", "-r", "--no-renames", "--name-only", "--relative={}", "-z", "{}", "{}"),
        takes=(_PATH, _ID, _ID),
    ),
    "staged renames": GitCommand(
        words=(
            *("diff-index", "--cached", "--find-renames", "--diff-filter=R", "--name-status", "--relative={}", "-z"),
            "{}",
        ),
        takes=(_PATH, _ID),
    ),
    "line": GitCommand(
        words=("blame", "--porcelain", "--no-textconv", "-L{},{}", "{}", "--", "{}"),
        takes=(_NUMBER, _NUMBER, _ID, _PATH),
    ),
    # Trees.
    "leaves": GitCommand(words=("--literal-pathspecs", "ls-tree", "-r", "-z", "{}", "--"), takes=(_PLACE,), rest=_PATH),
    "entries": GitCommand(words=("--literal-pathspecs", "ls-tree", "-z", "{}", "--"), takes=(_PLACE,), rest=_PATH),
    # The index and the working tree: names and status, no contents.
    "files": GitCommand(words=(*_LS_FILES, "--cached", "--others", "--exclude-standard"), in_tree=True),
    "others": GitCommand(words=(*_LS_FILES, "--others", "--directory", "--no-empty-directory"), in_tree=True),
    "ignored": GitCommand(
        words=(*_LS_FILES, "--others", "--ignored", "--directory", "--exclude-standard"), in_tree=True
    ),
    "why ignored": GitCommand(words=("check-ignore", "--verbose", "-z", "--stdin"), in_tree=True, may_say_no=True),
    "changed files": GitCommand(words=(*_LS_FILES, "--modified"), in_tree=True),
    "states": GitCommand(words=(*_LS_FILES, "-t", "--cached"), in_tree=True),
    "index": GitCommand(words=(*_LS_FILES, "--stage"), in_tree=True),
    "index with tags": GitCommand(words=(*_LS_FILES, "--stage", "-v"), in_tree=True),
    "index of": GitCommand(words=("--literal-pathspecs", *_LS_FILES, "--stage", "--"), rest=_PATH, in_tree=True),
    "untracked files": GitCommand(words=(*_LS_FILES, "--others", "--exclude-standard"), in_tree=True),
    "states with flags": GitCommand(words=(*_LS_FILES, "-t", "-v", "--cached"), in_tree=True),
    # Not into submodules: git would start another git in each, with the submodule's own configuration.
    "changes of HEAD": GitCommand(
        words=(
            *("status", "--porcelain=v2", "--branch", "-z", "--no-renames", "--untracked-files=no"),
            "--ignore-submodules=dirty",
        ),
        in_tree=True,
    ),
    "staged files": GitCommand(
        words=("diff-index", "--cached", "--no-renames", "--ignore-submodules=dirty", "--name-only", "-z", "{}", "--"),
        takes=(_ID,),
    ),
    "converted files": GitCommand(
        words=(*_LS_FILES, "--", ".", ":(exclude,attr:!filter !ident !working-tree-encoding)"), in_tree=True
    ),
    "is ignored": GitCommand(words=("check-ignore", "."), in_tree=True),
}
