"""Programs that a source file has an editor start: modelines of Vim, local variables of Emacs.

Vim looks at five lines at each end (`:help modeline`), Emacs at the first line, or the second behind `#!`, and at the
last 3,000 characters (GNU Emacs manual, "Specifying File Variables"). What only sets a width or a mode is not listed.
"""

from collections.abc import Callable, Iterator, Sequence

from gate.core.lazy_regex import lazy_regex
from gate.core.path_patterns import is_vendored_path
from gate.core.source_text import decode
from gate.core.word_lists import word_lists
from gate.trees import FileTree
from gate.trees.base import contents_of
from gate.workspace.model import AutoStart, Moment, Question, ReadFile
from gate.workspace.plain_contents import PlainContents
from gate.workspace.readers.reading import shown

MAX_FILES = 2_500
"""Files that are looked at: 10 µs each to read, from a commit 120 µs, of the 0.3 s that 50,000 files may take."""
MAX_SIZE = 256 << 10
"""Bytes of a file that is read; sources that people edit are smaller."""
MODELINE = "modeline"
FILE_VARIABLES = "eval of the file's variables"
VIM_LINES = 5
EMACS_TAIL = 3_000
_ENDS = 4_096
"""Bytes at each end in which a first, quick search looks."""
_NO_TEXT = word_lists(__file__)["no_text"]
"""What no one writes in an editor, and formats without comments."""
_VIM = lazy_regex(r"(?:^|\s)(?:vi|[vV]im(?:[<=>]?\d+)?):\s*(?P<options>.{1,400})|\sex:\s*(?P<more>.{1,400})")
_VIM_STARTS = lazy_regex(
    r"\b(?:system|systemlist|execute|libcall|libcallnr|job_start|term_start|feedkeys|writefile|assert_fails"
    r"|luaeval|py3?eval|pyxeval|perleval|rubyeval|nvim_exec\w*)\\?\(|\bsource\\?!|:\\?!"
)
_EMACS_LINE = lazy_regex(r"-\*-(?P<variables>.{1,2000}?)-\*-")
_EMACS_BLOCK = lazy_regex(r"Local Variables:")
_EMACS_EVAL = lazy_regex(r"\beval:\s*(?P<code>\(.{1,400})")
_EMACS_STARTS = lazy_regex(
    r"\((?:async-)?shell-command\b|\((?:call|start|make)-process\b|\(start-file-process\b|\(process-\w+|\(url-\w+"
    r"|\(load(?:-file)?\s|\(eval\s|\(compile\s|\(write-region\b|\(find-file\b|\(require\s+'tramp"
)


def started_by_modelines(
    tree: FileTree, paths: Sequence[str], is_wanted: Callable[[str], bool], plain: PlainContents | None = None
) -> tuple[list[ReadFile], int]:
    """Return what the modelines of some files start, and how many files were not read.

    Files that editors do not show as text, and copies of other projects, are passed over. Those that are `plain` are
    not read; further ones are noted there.
    """
    plain = plain or PlainContents()
    texts = [path for path in paths if not path.endswith(_NO_TEXT)]
    not_read = max(len(texts) - MAX_FILES, 0)
    found: list[ReadFile] = []
    unknown = [path for path in texts[:MAX_FILES] if not plain.has(path)]
    for path, content in contents_of(tree, unknown, MAX_SIZE):
        if content is None:
            not_read += 1
        elif not _may_start(content):
            plain.add(path)
        elif is_wanted(path) and not is_vendored_path(path):
            entries = tuple(_starts(decode(content).text, path))
            found += [ReadFile(entries=entries)] if entries else []
    plain.keep()
    return found, not_read


def _may_start(content: bytes) -> bool:
    """True if one of the ends has a word that each start has."""
    ends = content[:_ENDS] + content[-_ENDS:] if len(content) > 2 * _ENDS else content
    return b"vim" in ends or b"eval:" in ends or b"vi:" in ends or b"Vim" in ends or b"ex:" in ends


def _starts(text: str, path: str) -> Iterator[AutoStart]:
    lines = text.splitlines()
    yield from _of_vim(lines, path)
    yield from _of_emacs(lines, path)


def _of_vim(lines: Sequence[str], path: str) -> Iterator[AutoStart]:
    last = max(len(lines) - VIM_LINES, VIM_LINES)
    for number in (*range(min(VIM_LINES, len(lines))), *range(last, len(lines))):
        found = _VIM.search(lines[number])
        options = (found["options"] or found["more"]) if found else ""
        if _VIM_STARTS.search(options):
            yield _start("Vim", MODELINE, options, path, number, Question.NONE, "`modelineexpr` is set, or Vim is old")


def _of_emacs(lines: Sequence[str], path: str) -> Iterator[AutoStart]:
    for number, variables in _emacs_variables(lines):
        code = _EMACS_EVAL.search(variables)
        if code and _EMACS_STARTS.search(code["code"]):
            yield _start("Emacs", FILE_VARIABLES, code["code"], path, number, Question.EACH, "")


def _emacs_variables(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines, from 0, in which Emacs looks for variables of the file."""
    for number, line in enumerate(lines[:2]):
        found = _EMACS_LINE.search(line)
        if found:
            yield number, found["variables"]
    size, number = 0, len(lines)
    while number and size < EMACS_TAIL:
        number -= 1
        size += len(lines[number]) + 1
    begins = next((place for place in range(number, len(lines)) if _EMACS_BLOCK.search(lines[place])), len(lines))
    yield from enumerate(lines[begins + 1 :], begins + 1)


def _start(by: str, what: str, command: str, path: str, number: int, question: Question, needs: str) -> AutoStart:
    return AutoStart(
        when=Moment.OPEN,
        by=by,
        what=what,
        command=shown(command.strip()),
        question=question,
        needs=needs,
        path=path,
        line=number + 1,
    )
