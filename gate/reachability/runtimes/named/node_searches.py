"""Whether code looks through folders of modules, or the dependencies in manifests, for what it loads.

A module's name that is made at run time may come from there. It comes from a string where code only compares a path
with `node_modules`, puts a name that it has behind it to load that, or writes dependencies into a manifest.
"""

import re
from collections.abc import Iterator, Set

IN_FOLDERS = b"node_modules"
IN_MANIFESTS = b"package.json"
_DEPENDENCIES = re.compile(rb"ependencies(?!\w)")
"""A pattern that begins with a text is found many times as fast as one that looks back first."""
_KINDS = (b"", b"dev", b"peer", b"optional", b"bundle", b"bundled", b"accept")
"""What stands before `dependencies` in a manifest's keys."""
_LONGEST_KIND = 60
_IDENTIFIER = re.compile(rb"([\w$]*)[dD]\Z")
_COMPARES = rb"\.(?:split|includes|indexOf|lastIndexOf|startsWith|endsWith)\(\s{0,8}"
_COMPARED = re.compile(
    _COMPARES
    + rb"""(["'`])[^"'`\s$]{0,80}node_modules[^"'`\s$]{0,80}\1(?:\s{0,8}\+\s{0,8}(?:\w{1,20}\.)?sep\b)?\s*[,)]"""
    rb"""|(["'])[^"'\s]{0,80}\(\?[^"'\s]{0,80}node_modules[^"'\s]{0,80}\2"""
)
"""Where a path is looked at, also by a regular expression, and none is made."""
_EQUAL = re.compile(rb"""[!=]==?\s{0,8}(["'])/?node_modules/?\1|(["'])/?node_modules/?\2\s{0,8}[!=]==""")
"""Where a folder's name is looked at; code that lists folders may go into that one."""
_WHOLE = re.compile(
    rb"""(?<!\+)(?<!\+ )(["'])(?:[\w.~@-]{0,80}/){0,8}node_modules/(?:@[\w.-]{1,80}/)?"""
    rb"""\w[\w.-]{0,80}(?:/[\w.@-]{1,80}){0,9}\1(?!\s{0,8}\+)"""
)
"""The whole path of a module, whose name is a string of the source as others are."""
_BASE = rb"(?:process\.cwd\(\)|[\w$.]{1,60})"
_LOADED_BY_NAME = re.compile(
    rb"\b(?:require(?:\.resolve)?|import)\(\s{0,8}(?:[\w$.]{0,60}(?:resolve|join|normalize)\(\s{0,8})?"
    rb"(?:" + _BASE + rb"""\s{0,8}[+,]\s{0,8}){0,3}["'`]/?node_modules/["'`]\s{0,8}[+,]\s{0,8}[\w$.]{1,80}\s{0,8}\)"""
    rb"""|\b\w{0,40}[rR]esolve\w{0,40}\(\s{0,8}`(?:\./)?node_modules/\$\{[\w$.]{1,80}\}`\s{0,8}[,)]"""
)
"""A name that is there already, of a package in a certain folder."""
_IGNORED = re.compile(
    rb"(?m)^[ \t]{0,40}/?node_modules/[ \t]{0,40}$"
    rb"""|\b[iI]gnored?\b[^;{}]{0,100}?["'`]\*\*/node_modules/(?:\*\*)?["'`]"""
)
"""A line of what version control is to leave out, in a template, and a pattern of files that are left out."""
_DECLARED = re.compile(
    rb"\b(?:var|let|const)\s{1,8}([\w$]{1,60})\s{0,8}=\s{0,8}(?:[\w$.]{0,60}(?:resolve|join|normalize)\(\s{0,8})?"
    rb"""[^;\n()]{0,160}?node_modules/?["'`](?:\s{0,8}\+\s{0,8}(?:\w{1,20}\.)?sep)?\)?\s{0,8};"""
)
"""A variable with the path of such a folder."""
_MOST_DECLARED = 20
_BEFORE, _BEHIND = 400, 200
"""Bytes in front of and behind `node_modules` that a match of one of the patterns above has at most."""
_MEMBER = rb"\.(?:\w{1,20}D|d)ependencies\b"
_INERT = re.compile(
    rb"(?:\.|\b)dependencies\s{0,3}[:=]\s{0,3}(?:[\w$.]{1,60}\.)?dependencies(?=\s{0,3}[,;})\n])"
    rb"|" + _MEMBER + rb"\s{0,8}=(?![=>])"
    rb"|" + _MEMBER + rb"\s{0,8}\[\s{0,8}(?:\"[^\"\n]{1,100}\"|'[^'\n]{1,100}'|`[^`\n]{1,100}`)\s{0,8}\]"
    rb"|" + _MEMBER + rb"\.(?!length\b)[A-Za-z_$][\w$]{0,60}(?![\w$]|\s{0,8}[(.\[?])"
    rb"|![\w$.]{1,60}" + _MEMBER + rb"(?!\s{0,8}[.\[?])"
    rb"|(?<![.\w$\"'`?])dependencies(?=\s{0,3}(?:[.\[();]|=|of\b|in\b))"
    rb"|[\"']?\bdependencies[\"']?\s{0,3}:\s{0,3}(?:true|false|null|\d)"
    rb"|\bdependencies\s{0,3}:\s{0,3}[\w$]{1,60}\.[\w$.]{1,60}(?=\s{0,3}[,}\n])"
    rb"|(?<=[a-z]-)dependencies(?![\w-])"
    rb"|(?<=[a-z]{3}) dependencies(?=[.]{3}|[.!:]?[\"'`]"
    rb"| (?:can|cannot|could|do|have|may|might|must|should|were|will|are)\b)"
)
"""Where a manifest's dependencies are written or copied, looked at by the name of one, or spoken of: no name comes from
there."""
_OF_SCHEMAS = (b"dependentSchemas", b"dependentRequired", b"patternProperties")
_IS_LIST = re.compile(rb"\bArray\.isArray\(\s{0,8}(?:[\w$.]{1,60}\.)?dependencies\s{0,8}\)")
"""What plug-ins say of each other (fastify-plugin's `dependencies`) is a list; those of a manifest are none."""
_OF_MANIFESTS = re.compile(rb"(?:dev|peer|optional)Dependencies")
"""Words of JSON Schema, of which `dependencies` is a word too, and those that manifests alone have."""
_HELD = re.compile(
    rb"""["']?\s{0,8}:\s{0,8}\{(?:\s*+(?:["'][^"'\n]*+["']|[\w$]++)\s*+:\s*+["'][^"'\n]*+["']\s*+,?)*+\s*+\}"""
)
"""Behind dependencies that a source holds itself, as a bundle does its own manifest's: their names are its strings."""
_EXPORTS = re.compile(rb"\bexports\s{0,8}=\s{0,8}\{[^{}]{0,600}\Z")
"""In front of a key of what a source exports, which is written there."""
_SPREAD = re.compile(rb"\.\.\.([\w$]{1,60}" + _MEMBER + rb")\Z")
_AROUND = 130
"""Bytes in front of and behind a word that are looked at."""
_FAR = 600
_MOST_LOOKED_AT = 2_000
"""Places of the word in one source; in a source with more, any may be one where dependencies are read."""


_ALL = rb"""["'`/]node_modules(?:/(?:\*[^"'`\n]{0,60})?)?["'`]"""
_HANDED_OUT = re.compile(
    rb"\b(?:readdir\w*|(?:fast)?[gG]lob\w*(?:\.\w+)?|opendir\w*|cp\w*|copy\w*|static|serve\w*|directory)\s{0,8}\("
    rb"[^;\n]{0,160}?" + _ALL + rb"|\b(?:root|path)\s{0,8}:[^;:\n]{0,80}?" + _ALL
)
"""Where own code lists, copies or serves all that is installed."""
_LEFT_OUT = re.compile(rb"ignore|exclude|skip|filter")
_SERVES = (b"static", b"serve", b"directory", b"readdir", b"glob", b"Glob", b"opendir", b"cp", b"copy")


_SERVED = re.compile(rb"node_modules/((?:@[\w.-]{1,100}/)?[\w.-]{1,100})/")


def served_in(content: bytes) -> set[str]:
    """Return the packages of which a page states files: `<script src="/node_modules/a/dist/a.js">`."""
    return {name.decode() for name in _SERVED.findall(content)} if IN_FOLDERS in content else set()


def hands_out(content: bytes) -> bool:
    """True if own code lists, copies or serves whole folders of modules."""
    if IN_FOLDERS not in content or not any(word in content for word in _SERVES):
        return False
    return any(not _LEFT_OUT.search(found[0]) for found in _HANDED_OUT.finditer(content))


LISTING = (b"readdir", b"glob", b"opendir")
"""Words in code that looks which files are there."""
_LISTS = re.compile(rb"readdir|opendir|glob(?!al)")
_PLACES = re.compile(
    rb"\b(?:module|require\.main|require\.resolve)\.(?:paths|globalPaths)\b|\*/package\.json"
    rb"""|__dirname\s{0,4},\s{0,4}["'`]\.\.(?:/\.\.)*/?["'`]\s{0,4}\)"""
)
"""Folders of modules that code finds without their name: those that Node.js looks in, and that around the package."""


def searches(content: bytes, marks: Set[bytes]) -> bool:
    """True if a source may take names of modules from folders or manifests; `marks` are the words that it has."""
    if IN_FOLDERS in marks and _looks_into_folders(content):
        return True
    if not marks.isdisjoint(LISTING) and lists_files(content) and _PLACES.search(content):
        return True
    return IN_MANIFESTS in marks and reads_dependencies(content)


def lists_files(content: bytes) -> bool:
    """True if a source may look which files are there; `global` is no word for that."""
    return _LISTS.search(content) is not None


def _looks_into_folders(content: bytes) -> bool:
    others = () if lists_files(content) else (_EQUAL,)
    for pattern in (_COMPARED, _WHOLE, _LOADED_BY_NAME, _IGNORED, *others):
        content = b"".join(pattern.sub(b"", part) if IN_FOLDERS in part else part for part in _parts(content))
    declared = (found for part in _parts(content) if IN_FOLDERS in part for found in _DECLARED.finditer(part))
    for place, found in enumerate(list(declared)):
        if place < _MOST_DECLARED and _is_only_compared(found[1], content):
            content = content.replace(found[0], b"")
    return IN_FOLDERS in content


def _parts(content: bytes) -> Iterator[bytes]:
    """Yield the parts around `node_modules`, in which alone the patterns match, and those between them."""
    end, place = 0, content.find(IN_FOLDERS)
    while place >= 0:
        begin = max(end, place - _BEFORE)
        yield content[end:begin]
        end = place + len(IN_FOLDERS) + _BEHIND
        while 0 <= (place := content.find(IN_FOLDERS, place + 1)) < end + _BEFORE:
            end = place + len(IN_FOLDERS) + _BEHIND
        yield content[begin:end]
    yield content[end:]


def _is_only_compared(name: bytes, content: bytes) -> bool:
    uses = len(re.findall(rb"(?<![\w$])" + re.escape(name) + rb"(?![\w$])", content))
    compared = len(re.findall(_COMPARES + re.escape(name) + rb"\s{0,8}[,)]", content))
    return uses == 1 + compared


def reads_dependencies(content: bytes) -> bool:
    """True if a source may take names from the dependencies of a manifest; the word is used for others, too."""
    if IN_MANIFESTS not in content and _is_of_others(content):
        return False
    places = enumerate(_DEPENDENCIES.finditer(content))
    return any(number >= _MOST_LOOKED_AT or not _is_inert(found, content) for number, found in places)


def _is_of_others(content: bytes) -> bool:
    """True for a source in which the word is one of JSON Schema, or of plug-ins, and none of a manifest is."""
    is_other = any(word in content for word in _OF_SCHEMAS) or _IS_LIST.search(content) is not None
    return is_other and not _OF_MANIFESTS.search(content)


def _is_inert(found: "re.Match[bytes]", content: bytes) -> bool:
    before = _IDENTIFIER.search(content, max(0, found.start() - _LONGEST_KIND), found.start())
    if _HELD.match(content, found.end()) or (before is not None and before[1] not in _KINDS):
        return True  # no word of a manifest: `addRunDependencies`, as Emscripten has it
    if content[found.end() : found.end() + 1] == b":" and _EXPORTS.search(
        content, max(0, found.start() - _FAR), found.start()
    ):
        return True
    begin = max(0, found.start() - _AROUND)
    place = found.start() - begin
    near = content[begin : found.end() + _AROUND]
    return any(one.start() <= place < one.end() for one in _INERT.finditer(near)) or _is_kept(found, content)


def _is_kept(found: "re.Match[bytes]", content: bytes) -> bool:
    """True if what was there stays there: `manifest.dependencies = {…, ...manifest.dependencies}`."""
    spread = _SPREAD.search(content[max(0, found.start() - _AROUND) : found.end()])
    if spread is None:
        return False
    before = content[max(0, found.start() - _FAR) : found.end() - len(spread[0])]
    return re.search(re.escape(spread[1]) + rb"\s{0,8}=\s{0,8}\{[^{}]*+\Z", before) is not None
