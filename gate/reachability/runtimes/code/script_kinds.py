"""Which language a script is written in: by how its name ends, its whole name, its first line, or PHP's opening tag."""

import posixpath
import re

_ENDINGS = {
    "python": (".py",),
    "javascript": (".js", ".mjs", ".cjs"),
    "perl": (".pl", ".pm", ".psgi", ".t"),
    "ruby": (".rb", ".rake", ".ru", ".gemspec", ".thor", ".erb", ".irbrc", ".pryrc"),
    "php": (".php", ".phtml", ".inc"),
    "lua": (".lua",),
}
_NAMES = {
    "ruby": ("Gemfile", "Rakefile", "Capfile", "Guardfile", "Thorfile", "Vagrantfile", "Fastfile", "Berksfile"),
    "perl": ("cpanfile",),
}
_FIRST_LINE = re.compile(
    rb"#!.*?\b(?:(?P<python>python|pypy)|(?P<javascript>node|bun|deno)|(?P<perl>perl)|(?P<ruby>ruby)|(?P<php>php)"
    rb"|(?P<lua>lua))(?:jit|js)?[\d.]*t?(?:\s|$)"
)
_PHP = re.compile(rb"<\?(?:php\b|=)")
_BEGIN = 4_096


def language_of(path: str, content: bytes) -> str | None:
    """Return the name of the language of a file with its begin, None if it is no script of one of the six."""
    name = posixpath.basename(path)
    for language, endings in _ENDINGS.items():
        if name.endswith(endings) or name in _NAMES.get(language, ()):
            return language
    found = _FIRST_LINE.match(content[:200])
    if found is not None:
        return found.lastgroup
    return "php" if _PHP.search(content[:_BEGIN]) else None
