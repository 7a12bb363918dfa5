"""The modules that a JavaScript or TypeScript file loads: CommonJS calls and ES module declarations in its text.

The text is searched, not parsed. So a call inside a string or comment counts too, but minified, broken and future
syntax can be read as well, and no real call is missed.
"""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

Form = Literal["require", "import"]

_PLACE = re.compile(
    r"""(?<![\w$])(?:(?<!\.)|(?<=\.\.\.)|(?<=mainModule\.))(?<!function\s)
    (?: (?P<call>_{0,2}require\d?(?:\.resolve)?|(?:module|require\.main)\.require|import|fork|new\s+Worker)
        \s*(?:\?\.)?\(\s*(?:/\*[^*]{0,200}\*/\s*){0,5}
      | (?P<declared>from|import)\s*(?=["'])
    )""",
    re.VERBOSE,
)
_WORDS = ("require", "import", "fork", "Worker", "from")
"""One of them is in each match of `_PLACE`."""
_BEFORE = {"require": re.compile(r"(?:\b(?:module|require\.main)\.|_{0,2})\Z"), "Worker": re.compile(r"(?:new\s+)?\Z")}
"""What may stand before the word in a match."""
_LONGEST_BEFORE = 100
_QUOTED = r"""(?P<quote>["'`])(?P<name>(?:(?!(?P=quote))[^\\\n$]){1,500})(?P=quote)"""
_NAME = re.compile(_QUOTED + r"""(?:\s*\+\s*(?:""|''))?(?!\s*\+)""")
"""Also `"name" + ""`, by which code hides a module from a bundler."""
_PARTS = re.compile(r"""(?:(?:"[\w@./:-]*"|'[\w@./:-]*')\s*\+\s*){1,9}(?:"[\w@./:-]*"|'[\w@./:-]*')(?=\s*[,)])""")
"""A name in several strings, as bundlers hide it from themselves: `"u" + "rl"`."""
_PART_OF_NAME = re.compile(r"[\w@./:-]+")
_JOIN = r"""(?:(?:[\w$.]{1,40}|require\(["'](?:node:)?path["']\))\.)?(?:join|resolve)\s*\(\s*"""
"""`path.join(` or, imported by its name, `join(`."""
_OWN_FILE = r"(?:__filename|(?:[\w$.]{1,40}\.)?realpathSync\s*\(\s*__filename\s*\))"
_OWN_FOLDER = rf"(?:__dirname|import\.meta\.dirname|(?:[\w$.]{{1,40}}\.)?dirname\s*\(\s*{_OWN_FILE}\s*\))"
"""The folder of a source, links resolved: Node.js does so for `__filename` too."""
_IN_OWN_FOLDER = re.compile(
    rf"(?:{_JOIN})?{_OWN_FOLDER}\s*[,+]\s*" + _QUOTED + r"(?P<more>(?:\s*,\s*[\"'`][\w./-]{1,100}[\"'`]){0,5})\s*\)"
)
_MANIFEST = re.compile(_JOIN + r"[^()\"'`\n]{1,100},\s*[\"']package\.json[\"']\s*\)\s*\)")
"""A manifest in a folder that is known only at run time: data, and no module."""
_DIRNAME = "dirname"
"""A text in each match of it."""
_CHOSEN_IN_OWN_FOLDER = re.compile(
    rf"(?:(?:[\w$.]{{1,40}}\.)?join\s*\(\s*{_OWN_FOLDER}\s*,|__dirname\s*\+|`\$\{{__dirname\}}/)"
    r"(?P<parts>(?:\s*[\"'`][\w./-]{1,100}[\"'`]\s*[,+]){0,5})"
)
"""A path below the source's folder, of which the rest is known only at run time."""
_CONSTANT = re.compile(r"(?P<name>[A-Za-z_$][\w$]{0,60})\s*\)")
_ELSEWHERE = "node_modules"
"""A word in code that makes paths of packages."""
_PART = re.compile(r"[\w./-]+")
_BEGINNING = re.compile(
    r"""(?:`|["'])(?P<name>\.{1,2}/(?:[^"'`\\\n$]{0,200}/)?)(?:[^"'`\\\n$/]{0,200})(?:\$\{|["']\s*\+)"""
)
_BEGINNING_OF_PACKAGE = re.compile(
    r"""(?P<quote>["'`])(?P<name>(?:@[a-z\d][\w.-]{0,100}/)?[a-z\d][\w.-]{0,100}-|@[a-z\d][\w.-]{0,100}/)"""
    r"""(?:\$\{|(?P=quote)\s*\+)"""
)
"""How the name of a package begins that is made at run time: `"shop-plugin-" + name`."""
_RESOLVED_TO = r"(?<![\w$.]){0}\s*=\s*(?:[\w$]{{1,40}}\.){{0,3}}(?:resolve|resolveSync|sync)\(\s*"
_DECLARED_OR_LOADED = r"\b(?:var|let)\s+{0}\s*;|(?<![\w$.])(?:require|import)\s*\(\s*{0}\s*\)"
"""A variable that gets the path of a module, and where it only is declared or loaded."""
_NO_NAME = re.compile(r"\d+\s*[,)]|\)|\.\.\.|\\[\"'`]")
"""Arguments that name no module: a bundler's number, none at all, a signature, a name within a string of code."""
_LOADING = re.compile(r"_{0,2}require\d?|(?:module|require\.main)\.require|import")
"""Calls that load packages; the other calls start a file of the project as a process or worker."""
_ARGUMENT = re.compile(
    r"""(?:["'](?P<before>\.{1,2}/(?:[\w.-]{1,60}/){0,5})["']\s*\+\s*)?(?P<variable>[A-Za-z_$][\w$]{0,40})\s*\)"""
)
"""A name that is a variable, perhaps behind a folder."""
_FUNCTION_OF = (
    r"(?:function\s+([\w$]{{1,60}})\s*\(\s*{0}\b|([\w$]{{1,60}})\s*=\s*(?:function\s*)?\(?\s*{0}\s*(?:[,)]|=>))"
)
"""The beginning of a function of which the variable is the first parameter."""
_PACKAGE = re.compile(r"""["'`]((?:@[a-z\d][\w.-]{0,100}/)?[a-z\d][\w.-]{0,100}(?:/[\w./-]{1,100})?)(?=["'`])""")
_OUTERMOST = re.compile(r"\n(?=[^\s})\]/*])")
_COMMENT = re.compile(r"\s*(?://|/?\*)")
_LONGEST_BLOCK = 600
"""Characters before a call in which the beginning of its block is searched."""
_LONGEST_INDENT = 300
"""Characters before a call in which the beginning of its line is searched; lines of minified code are longer."""


_HANDED_ON = re.compile(
    r"""(?<![\w$.'"`/@-]) (?<!"function"==typeof\ require&&) (?<!typeof\ require=="function"&&) (?:
      require (?: \.(?:bind|call|apply)\s*\( | \s{0,8}(?P<behind>[,;)}\]&|?\n]|\Z) )
    | eval\(\s{0,8} (?: ["'`](?:re)?quire | (?!["'`\)]) (?![^()]{0,200}\)\s{0,8}\{) )
    ) | \b(?:_load|_compile)\( | (?<!require\ =\ )(?<!require=)(?<!function\ )\bcreateRequire\w*\s{0,4}\(""",
    re.VERBOSE,
)
"""Where code calls `require` by another name, or gives it to other code: what that loads is known only at run time.

What Browserify puts in front of a bundle gives it names alone that stand in calls of the bundle."""
_OF_MODULES_ALONE = 'Dynamic require of "'
"""What esbuild's stand-in for `require` says in an ES module, where there is none to call: `require.apply(this, …)`."""
_STAND_IN = re.compile(r"require\.apply\(this,\s?arguments\)")
_HANDING = ("require", "eval(", "_load(", "_compile(", "createRequire")
_ASKED = re.compile(r"typeof\s{1,8}\Z")
_PARAMETERS = re.compile(r"(?P<function>\bfunction\b[\w\s$*]{0,60})?\((?:[\w$\s]{1,60},){0,9}\s{0,8}\Z")
_BODY = re.compile(r"[\w$,\s]{0,200}\)\s{0,8}(?:=>|\{)")


class Load(msgspec.Struct, frozen=True):
    """A call or declaration that loads a module."""

    name: str
    """The module as it is written, with `./` in front if it is named relative to the file's folder. If the name is made
    at run time, how it begins if that is stated (`./locale/`, `shop-plugin-`), or an empty text."""
    form: Form
    line: int
    is_known: bool = True
    """False if the name is made at run time."""
    is_indented: bool = False
    """True if it is in a block or function, by its indentation; a `try` at the outermost level does not count."""


def loads(text: str) -> Iterator[Load]:
    """Yield every place in `text` that loads a module, in one pass."""
    line, counted = 1, 0
    starting: int | None = None
    for found in _places(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        if not _is_comment(text, found.start()):
            start = text.rfind("\n", max(0, found.start() - _LONGEST_INDENT), found.start())
            is_indented = start >= 0 and text[start + 1] in " \t" and not _is_tried(text, start)
            found_loads = tuple(_loaded(text, found, line))
            if not found_loads and found["call"] and not _LOADING.fullmatch(found["call"]):
                starting = starting or line
            for load in found_loads:
                yield msgspec.structs.replace(load, is_indented=is_indented)
                yield from () if load.is_known else _by_own_function(text, found, load.form)
    if starting is not None:  # a process or worker starts with a file that was chosen before: any of these
        yield from (_load_in_own_folder(each, "require", starting) for each in _IN_OWN_FOLDER.finditer(text))


def handed_on(text: str) -> int | None:
    """Return the line of the first place at which code hands its `require` on, or loads by it without its name."""
    if not any(word in text for word in _HANDING):
        return None
    if _OF_MODULES_ALONE in text and "createRequire" not in text:
        text = _STAND_IN.sub("", text)
    found = (each for each in _HANDED_ON.finditer(text) if not _is_comment(text, each.start()))
    first = next((each for each in found if not _is_parameter(text, each)), None)
    return None if first is None else text.count("\n", 0, first.start()) + 1


def _is_parameter(text: str, found: "re.Match[str]") -> bool:
    """True for a `require` that code asks about (`typeof require`), or that a function is to be given."""
    before = text[max(0, found.start() - _LONGEST_BEFORE) : found.start()]
    if found["behind"] is None or _ASKED.search(before):
        return found["behind"] is not None
    parameters = _PARAMETERS.search(before) if found["behind"] in ",)" else None
    if parameters is None:
        return False
    return parameters["function"] is not None or _BODY.match(text, found.end() - 1) is not None


def _by_own_function(text: str, found: "re.Match[str]", form: Form) -> Iterator[Load]:
    """Yield what calls of the function around a call name, whose first parameter is loaded: `load("./tasks")`."""
    argument = _ARGUMENT.match(text, found.end())
    if argument is None:
        return
    around = text[max(0, found.start() - _LONGEST_BLOCK) : found.start()]
    functions = re.findall(_FUNCTION_OF.format(re.escape(argument["variable"])), around)
    name = next(filter(None, functions[-1]), "") if functions else ""
    calls = re.finditer(rf"(?<![\w$.]){re.escape(name)}\(\s*{_QUOTED}\s*[,)]", text) if name else ()
    for call in calls:
        start = text.rfind("\n", max(0, call.start() - _LONGEST_INDENT), call.start())
        whole = (argument["before"] or "") + call["name"]
        yield Load(whole, form, text.count("\n", 0, call.start()) + 1, is_indented=text[start + 1] in " \t")


def _places(text: str) -> Iterator["re.Match[str]"]:
    """Yield what `_PLACE.finditer` would, in a fifth of the time: it is tried only where one of its words stands."""
    end = 0
    for start in sorted(set(_starts(text))):
        found = _PLACE.match(text, start) if start >= end else None
        if found is not None:
            end = found.end()
            yield found


def _starts(text: str) -> Iterator[int]:
    """Yield the places at which `_PLACE` may match."""
    for word in _WORDS:
        at = text.find(word)
        while at >= 0:
            before = _BEFORE[word].search(text, max(0, at - _LONGEST_BEFORE), at) if word in _BEFORE else None
            yield before.start() if before is not None else at
            at = text.find(word, at + 1)


def _is_tried(text: str, end: int) -> bool:
    """True if the nearest line above `end` that is not indented begins with `try`."""
    starts = [found.end() for found in _OUTERMOST.finditer(text, max(0, end - _LONGEST_BLOCK), end)]
    return bool(starts) and text.startswith("try", starts[-1])


def names_in(text: str) -> Iterator[str]:
    """Yield every string that could name a package or a module of one: view engines, transports, drivers."""
    return (name for name, _ in places_of_names(text))


def places_of_names(text: str) -> Iterator[tuple[str, int]]:
    """Yield what `names_in` does, each with the place of its string."""
    return ((found[1], found.start()) for found in _PACKAGE.finditer(text))


def _loaded(text: str, found: "re.Match[str]", line: int) -> Iterator[Load]:
    call = found["call"]
    form: Form = "import" if call in ("import", None) else "require"
    if name := _NAME.match(text, found.end()):
        yield Load(_from_folder(name["name"]) if call == "fork" else name["name"], form, line)
    elif parts := _PARTS.match(text, found.end()):
        whole = "".join(_PART_OF_NAME.findall(parts[0]))
        yield Load(_from_folder(whole) if call == "fork" else whole, form, line)
    elif in_own_folder := _IN_OWN_FOLDER.match(text, found.end()):
        yield _load_in_own_folder(in_own_folder, form, line)
    elif call and (constant := _constant_at(text, found.end())):
        yield _load_in_own_folder(constant, form, line)
    elif (chosen := _CHOSEN_IN_OWN_FOLDER.match(text, found.end())) and _ELSEWHERE not in text:
        folder = "/".join((".", *_PART.findall(chosen["parts"]), ""))
        yield Load(folder.replace("//", "/"), form, line, is_known=False)
    elif _MANIFEST.match(text, found.end()):
        return
    elif (beginning := _BEGINNING.match(text, found.end())) or (beginning := _beginning_at(text, found.end())):
        yield Load(beginning["name"], form, line, is_known=False)
    elif call and _LOADING.fullmatch(call) and not _NO_NAME.match(text, found.end()):
        yield Load("", form, line, is_known=False)


def _beginning_at(text: str, place: int) -> "re.Match[str] | None":
    """Return how a package's name begins that is loaded, or of which a variable has the resolved path alone."""
    if stated := _BEGINNING_OF_PACKAGE.match(text, place):
        return stated
    variable = _CONSTANT.match(text, place) if "resolve" in text else None
    if variable is None:
        return None
    name = re.escape(variable["name"])
    assigned = list(re.finditer(_RESOLVED_TO.format(name), text))
    beginnings = [_BEGINNING_OF_PACKAGE.match(text, each.end()) for each in assigned]
    uses = len(re.findall(rf"(?<![\w$/]){name}(?![\w$])", text))
    others = len(re.findall(_DECLARED_OR_LOADED.format(name), text))
    stated_names = {each["name"] for each in beginnings if each is not None}
    is_all = len(stated_names) == 1 and None not in beginnings and uses == len(assigned) + others
    return beginnings[0] if is_all else None


def _constant_at(text: str, place: int) -> "re.Match[str] | None":
    """Return the path in the source's folder that a constant stands for, if its name stands for nothing else.

    Else it might be a parameter's too: so it stands in its declaration and in calls that load it, and nowhere besides.
    """
    found = _CONSTANT.match(text, place) if _DIRNAME in text else None
    if found is None:
        return None
    name = re.escape(found["name"])
    declared = re.search(rf"\bconst\s+{name}\s*=\s*", text)
    path = _IN_OWN_FOLDER.match(text, declared.end()) if declared is not None else None
    if path is None:  # of most names: to count where they stand takes much longer
        return None
    uses = len(re.findall(rf"(?<![\w$/]){name}(?![\w$])", text))
    loaded = len(re.findall(rf"(?<![\w$.])(?:require|import)\s*\(\s*{name}\s*\)", text))
    return path if uses == 1 + loaded else None


def _load_in_own_folder(found: "re.Match[str]", form: Form, line: int) -> Load:
    """Return the load of a file that is named by `__dirname`, the folder of the source."""
    return Load(_from_folder("/".join((found["name"], *_PART.findall(found["more"])))), form, line)


def _from_folder(name: str) -> str:
    return name if name.startswith((".", "/")) and not name.startswith("/") else f"./{name.lstrip('/')}"


def _is_comment(text: str, place: int) -> bool:
    start = text.rfind("\n", max(0, place - _LONGEST_INDENT), place)
    is_known = start >= 0 or place <= _LONGEST_INDENT
    if not is_known or _COMMENT.match(text, start + 1, place) is None:
        return False
    return text.rfind("*/", start + 1, place) < 0
