"""Calls in own code of Ruby, PHP, Lua and Perl that start programs, or run code, by a name that is no call's own.

A function is taken by its name (`send(:system)`, `call_user_func("exec")`, `os["execute"]`), by an interface to the
C library (`ffi.C.system`), or a text is run that code unpacks or turns around (`eval "…".unpack1("m")`).
"""

import re

_START = r"(?:system|exec[lv]?p?e?|spawn|popen\d?|posix_spawnp?|fork|syscall|dlopen)"
_OF_PHP = r"[\"']\\?(?:system|exec|passthru|shell_exec|popen|proc_open|pcntl_exec)\\?[\"']"
_UNPACKING = r"unpack|decode|inflate|decompress|gun?z(?:ip|uncompress)|revers|strrev|rot13|\.tr\b|pack\(|decrypt"
_UNPACKED = rf"[^\n;]{{0,200}}(?:{_UNPACKING})"
_GIVEN = (
    r"(?:call_user_func(?:_array)?|array_(?:map|walk|filter|reduce)|u[ak]?sort|register_shutdown_function|fromCallable)"
)
_BY_NAME = r"(?:\b(?:public_)?send|\b__send__|\b(?:instance_)?method)\b\s*\(?\s*:?[\"']?(?:system|exec|spawn|popen|`)"
_HARMLESS = r"getenv|time|date|clock|difftime|tmpname|open|read|write|lines|exit|remove|rename"
_FORMS = {
    "ruby": (
        rf"{_BY_NAME}(?=[\"'\s,)])",
        r"const_get\(\s*[\"']?:?(?:Kernel|Process|IO|Open3)\b",
        rf"(?<![\w.])(?:eval|(?:instance|class|module)_eval)\b{_UNPACKED}",
        rf"\battach_function\b[^\n]{{0,40}}:?[\"']?{_START}\b",
        rf"\bFiddle::(?:Handle|Function)\b[^\n]{{0,80}}[\"']{_START}[\"']",
        r"(?<![\w.])syscall[\s(]",
    ),
    "php": (
        rf"\b{_GIVEN}\s*\([^;\n\"']{{0,60}}{_OF_PHP}",
        rf"\$(?P<name>\w+)\s*=\s*{_OF_PHP}(?=[\s\S]{{0,5000}}?\$(?P=name)\s*\()",
        rf"\|\s*(?:map|filter|reduce)\(\s*\\?{_OF_PHP}",
        rf"(?<![\w>:$])eval\s*\({_UNPACKED}",
    ),
    "lua": (
        rf"(?<![\w.])(?:os|io|_G)\s*\[(?!\s*[\"'](?:{_HARMLESS})[\"'])",
        r"\b(?!os\b|io\b)\w+\s*=\s*(?:os|io)[ \t]*(?=[\n,;})]|\Z)",
        rf"\bffi\s*\.\s*C\s*(?:\[|\.\s*{_START}\b)|\b(?:int|void|pid_t|FILE\s*\*)\s+\*?{_START}\s*\(",
        r"\.(?:executeex|execp?e?|(?<!thread\.)spawn)\s*\(\s*\{?\s*(?![\"'])",
        rf"(?<![\w.])load(?:string)?\s*\({_UNPACKED}",
    ),
    "perl": (rf"(?<![\w$@%>-])eval\b(?!\s*\{{){_UNPACKED}", r"(?<![\w$@%>-])syscall\s*\("),
}
_HIDDEN = {language: re.compile("|".join(forms)) for language, forms in _FORMS.items()}
_LITERAL = r"(?![\"'][^\"'#\n]*[\"'][ \t]*(?:[,;)\]]|$|[ \t]*(?:if|unless|or|then)\b))"
"""Not in front of a literal that is the whole argument."""
_OF_RUBY = r"(?<![\w:])(?:dlload|ffi_lib|(?:Fiddle\.)?dlopen|Fiddle::Handle\.new)\b[ \t]*\(?[ \t]*"
_OF_FFI = r"\bFFI::cdef\s*\([^;]{1,2000}?[\"'A-Z]\s*,\s*(?=[^;,]{1,200}\);)"
_LIBRARIES = {
    "ruby": rf"{_OF_RUBY}(?!nil|FFI::|%w|\[){_LITERAL}\S",
    "php": rf"{_OF_FFI}{_LITERAL}|(?<![\w>:$])dl\s*\(\s*{_LITERAL}",
    "lua": rf"\bpackage\s*\.\s*loadlib\s*\(\s*{_LITERAL}\S|\bffi\s*\.\s*load\s*\(\s*{_LITERAL}\S",
    "perl": rf"\bdl_load_file\s*\(\s*{_LITERAL}\S",
}
_LOADS = {language: re.compile(form, re.MULTILINE) for language, form in _LIBRARIES.items()}
_JOINED = re.compile(r"[\"'][ \t]*(?:\.\.?|\+)[ \t]*[\"']")
"""Between literals that are put together."""
_COMMENT = re.compile(r"[ \t]*(?:#|//|--|\*)")
_MOST = 1 << 20


def hidden_call(language: str, text: str) -> int | None:
    """Return the line of the first such call in a script's `text`, None if there is none."""
    return _first(_HIDDEN.get(language), text)


def made_library(language: str, text: str) -> int | None:
    """Return the line where a script first opens a shared library by a name that is no literal, None if it does not."""
    return _first(_LOADS.get(language), text)


def _first(pattern: "re.Pattern[str] | None", text: str) -> int | None:
    if pattern is None or len(text) > _MOST:
        return None
    text = _JOINED.sub("", text)
    for found in pattern.finditer(text):
        if not _COMMENT.match(text, text.rfind("\n", 0, found.start()) + 1):
            return text.count("\n", 0, found.start()) + 1
    return None
