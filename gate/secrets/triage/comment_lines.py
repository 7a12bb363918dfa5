"""How a line of comment begins, in the languages and formats that secrets are looked for in."""

from gate.core.lazy_regex import lazy_regex

_HASH = r"#(?!\{|define\b|!|include\b)"
"""Not Ruby's `#{`, C's directives and a script's first line."""
_SLASHES = r"//(?![\w.-]{1,80}/)|/\*"
"""Not the address of a registry, with which a line of .npmrc begins: `//npm.shop.example/:_authToken=`."""
COMMENT_LINE = lazy_regex(rf"[ \t]*+(?:{_HASH}|{_SLASHES}|\*[ /]|--[ ]|<!--|;|%[ %]|(?i:rem[ ])|dnl[ ])")
