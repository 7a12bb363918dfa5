"""Passwords and keys by the name that they are given to, in any language: gate mode's keyword detector.

It takes the place of detect-secrets' keyword detector, under its secret type, so that a baseline knows what it finds.
That one asks for a quoted value in most languages, tries each of its patterns on the whole line, and takes a name's
property for a value; this one looks at the characters behind a name, whatever the line's length.
"""

import enum
import re
from collections.abc import Generator, Iterator
from functools import lru_cache
from typing import Any

from gate.core.lazy_regex import lazy_regex
from gate.secrets.engine.detect_secrets_adapter import BasePlugin
from gate.secrets.engine.prefilter_patterns import ASSIGNMENTS, Pattern
from gate.secrets.engine.windows import LONG_LINE, in_characters
from gate.secrets.kinds.catalogue import KEYWORD
from gate.secrets.kinds.rows import inserted
from gate.secrets.kinds.values import is_generated_password, is_no_word, is_password, is_typed
from gate.secrets.triage.evidence import names_a_secret
from gate.secrets.triage.weak_values import is_default_key
from gate.secrets.triage.wordlikeness import is_made_of_words, is_noise, is_scrambled, reads_as_words

_STEMS = (
    r"pass|pwd|pswd|pw|secret|token|credential|creds|(?:api|access|private|priv|client|account|service|consumer|encryption"
    r"|validation|decryption|machine|encrypt|crypto|signing|sign|master|shared|storage|app|admin|deploy|db|license|hmac|session|aes|des|rsa|jwt)[_.-]?key|psk"
    r"|salt|pepper|bearer|session_?id|ticket|contrase|clave|kennwort|senha|mot_?de_?passe|mdp"
)
_NAMES = rf"(?:{_STEMS}|auth(?!or(?!i[sz])))"
"""Beginnings of a secret's name; `names_a_secret` judges the whole of it. An author is none."""
_WORD = r"[0-9A-Za-z_.$-]"
_NAME_END = r"[\\]{0,2}[\"'`]?[ \t]{0,2}[\])}]{0,2}(?:\[[\"':]?[0-9A-Za-z_-]{0,24}[\"']?\])?[ \t]{0,40}"
_NAMED = rf"{_NAMES}{_WORD}{{0,31}}{_NAME_END}"
_SIGN = (
    r"(?:(?:[ ]{0,2},?[ ]{0,2}|[:=][ ]{0,3}\{[ ]{0,3})[\"']?(?:android:)?value[\"']?[ ]{0,2}[:=]"
    r"|:[ ]{0,3}[A-Za-z_&*'][0-9A-Za-z_.&<>*\[\]?|' ]{0,30}="
    r"|={1,3}>?|!={1,2}|[:?]=|\|\|=?|\?\?=?|\?:|[ ]or[ ]"
    r"|</key>[ ]{0,2}<[a-z]{2,10}[^\n<>]{0,40}>|->|<-|:{1,2}|,|\(|>|\{|[Aa]s[ ][A-Za-z]{1,12}[ ]=)"
)
"""`value=` of XML and `"value":` of a JSON pair, an annotated type, R's arrow, a Ruby block, a property list's element,
and what assigns, compares, falls back or passes."""
_MADE = (
    r"[ \t]{0,40}(?:\"?\$\{[0-9A-Za-z_]{1,40}:?[-=])?(?:[&!][0-9A-Za-z_/!-]{1,30}[ ])?(?:new[ ])?"
    r"(?:(?:std::)?[Ss]tring(?:::from)?\(|Secret(?:Str|String)?\(|\[\]byte\(|bytes\(|bytearray\(|Buffer\.from\(|Some\("
    r"|(?:base64(?:\.|::|_))?(?:b64|strict_|urlsafe_)?decode(?:64|string)?\(|(?:convert\.)?frombase64string\(|decrypt\("
    r"|[A-Za-z0-9.]{0,30}getbytes\(|(?:bytes\.)?fromhex\(|(?:binascii\.)?unhexlify\(|(?:sodium_)?hex2bin\("
    r"|hex!?\(|hash::make\(|bcrypt\(|hash(?:_?password|pw)?\()?(?:default[ ]{0,2}=[ ]{0,2})?"
)
_QUOTED = (
    r"(?:[@brufLN]{0,2}\"(?P<double>(?:[^\"\\\n]|\\.){4,300})\"|[brufLN]{0,2}'(?P<single>(?:[^'\\\n]|\\.){4,300})'"
    r"|`(?P<tick>[^`\n]{4,300})`|[\\]{1,3}[\"'](?P<escaped>[^\"'\\\n]{4,300})[\\]{1,3}[\"'])"
)
_BARE = r"(?P<bare>[^\s\"'`,;<>{}()\[\]&|\\$=:@/#*][^\s\"'`,;<>{}()\[\]&|\\]{3,199})(?=[\s\"'`,;&|)}\]<]|\Z)"
_ASSIGNMENT = lazy_regex(rf"{_NAMED}(?P<sign>{_SIGN}){_MADE}(?:{_QUOTED}|{_BARE})", re.ASCII | re.IGNORECASE)
_BEGINS = lazy_regex(_NAMES)
_NOT_AUTHOR = r"auth(?:[0-9A-NP-Za-np-z_.$-]|o[0-9A-QS-Za-qs-z_.$-]|ori[sz])"
"""What `_NAMES` says by looking ahead, which Hyperscan cannot."""
_SIEVE_NAMED = rf"(?:(?:{_STEMS}|{_NOT_AUTHOR}){_WORD}{{0,31}}|autho?){_NAME_END}"
_SIEVE_VALUE = (
    r"(?:[@brufLN]{0,2}(?:\"(?:[^\"\\\n]|\\[^\n]){4}|'(?:[^'\\\n]|\\[^\n]){4}|`[^`\n]{4}|[\\]{1,3}[\"'][^\"'\\\n]{4})"
    r"|[^\s\"'`,;<>{}()\[\]&|\\$=:@/#*][^\s\"'`,;<>{}()\[\]&|\\]{3})"
)
SIEVE = (
    Pattern(ASSIGNMENTS, rf"{_SIEVE_NAMED}{_SIGN}{_MADE}{_SIEVE_VALUE}".encode(), True),
    Pattern(
        ASSIGNMENTS,
        rb"insert[ \t]{1,8}into[ \t]{1,8}[^\n()]{1,800}\([^\n()]{0,2000}"
        + rf"(?:{_STEMS}|auth(?:[^o]|o[^r]|ori))".encode(),
        True,
    ),
)
_NAME_BEFORE = lazy_regex(r"[0-9A-Za-z_.$-]{0,40}\Z")
_NAME = lazy_regex(r"[0-9A-Za-z_.$-]+")
_PASSWORD_NAME = lazy_regex(
    r"pass|pwd|(?<![a-z])(?:pw|mdp)(?![a-z])|pswd|contrase|clave|kennwort|senha|cred", re.IGNORECASE
)
_SETTINGS_AHEAD = r"(?<!\.yml|\.cfg|\.ini|\.env|\.cnf)(?<!\.yaml|\.conf)(?<!\.properties)"
"""No template of settings: `app.ini.php`, `values.yaml.erb`."""
_CODE_ENDINGS = (
    r"py[iwx]?|[cm]?[jt]sx?|java|kts?|scala|go|rs|cc?|h|cpp|cxx|hpp|hh|cs|swift|mm?|php\d?|phtml|rb|erb|p[lm]|lua|exs?"
    r"|erl|hs|clj|dart|r|jl|groovy|gradle|vb|fs|sql|css|s[ac]ss|less|html?|vue|svelte|po|proto|graphql|tf|json5?|toml|xml|svg"
    r"|ipynb|ps[md]?1|sol|zig|nim|d|ml|el|lisp|scm|vim|gql|graphqls|twig|jinja2?|ejs|hbs|handlebars|mustache|liquid"
    r"|haml|slim|pug|jspx?|aspx?|as[cm]x|cshtml|vbhtml|razor|ftl|vm|puml|plantuml|mjml|astro|bicep|rego|templ|pas|f90"
    r"|cls|trigger|ino|tcl|prisma|elm|purs|thrift|avdl|fbs|xslt?|xsd|wsdl|strings|resx"
)
_WANTS_QUOTES = lazy_regex(rf"{_SETTINGS_AHEAD}\.(?:{_CODE_ENDINGS})\Z", re.IGNORECASE)
"""Files in which what stands behind a name without quotes is code."""
_RUNS_CODE = lazy_regex(r"#!.{0,60}(?:perl|python|ruby|node|deno|php|lua|tclsh|Rscript|groovy)")
"""The first line of a program without an ending."""
_PROSE = lazy_regex(r"\.(?:md|mdx|rst|adoc|txt|pod|\d)\Z", re.IGNORECASE)
_SETTINGS = lazy_regex(r"\.(?:conf|cfg|cnf|ini|properties)\Z", re.IGNORECASE)
_COMMENT = lazy_regex(r"[ \t]{0,40}(?:#|//|/\*|\*|--|<!--|;)[ !*]")
_BARE_IN_CODE = lazy_regex(
    rf"{_COMMENT.pattern}.*[0-9]|</|[?&]|[$]\{{|[0-9A-Za-z_]=[^\s=;\"'(){{}},]{{1,60}}[ &;]", re.ASCII
)
"""What a line of code has if it gives a value without quotes: a comment, an element, an address, `${`, fields."""
_TOKEN = lazy_regex(r"[0-9A-Za-z_.+/=~$!@#%^&*:?-]{7,300}(?:(?<![_-])|(?<=.{32}))")
"""What is short and ends with a dash or a line is the beginning that tokens of a kind have: `sq0csp-`."""
_SHARED = lazy_regex(r"(?:secret|authtok)\Z", re.IGNORECASE)
_SHORTEST_SECRET = 8
_APP_PASSWORD = lazy_regex(r"[a-z]{4}(?: [a-z]{4}){3}")
"""As Google gives them out."""
_PHRASE = lazy_regex(r"phrase|mnemonic|seed|(?<!pass)words", re.IGNORECASE)
_SIGNS = lazy_regex(r"[^0-9a-z]+")
_FIELD = lazy_regex(r"[0-9A-Za-z_]=[^\s=;\"'(){},]{1,60}(?:[ &]|;[ ]?)(?:[A-Za-z]{1,12}[ ])?[0-9A-Za-z_]{0,20}\Z")
_EXPRESSION = lazy_regex(r"\$\{[0-9A-Za-z_.-]{0,60}\Z")
"""Of Spring: `${app.secret:what it is else}`."""
_DEFAULT = lazy_regex(r"\$\{[0-9A-Za-z_.-]{1,60}:([^{}]{1,200})\}")
_OPENED = lazy_regex(r"[\"'][0-9A-Za-z_.-]{0,70}\Z")
_LONG = 16
_PARAMETER = lazy_regex(r"[?&][0-9A-Za-z_.-]{0,30}\Z")
_REACH = 256
"""Characters from a name's beginning to the fourth of its value, at most."""
_STEM = 24
"""Characters of the longest beginning of a name: a match may have swallowed the first of the next name's."""
_NEUTRAL = lazy_regex(r"\.(?:value|return_value|default|data|content|text)\Z|(?<=secret)\.key\Z", re.IGNORECASE)
_PASSWORD = lazy_regex(r"[Pp](?i:asswd|assw?ord|assphrase|asscode)|(?i:pass(?![_a-z])|pwd)")
"""`passProp("x")` passes one."""
_SUBSCRIPT = lazy_regex(r"\[(?:[\"'][a-z]{2,12}[\"']|[0-9])\][ \t]*\Z")
"""`password["name"] == "x"` compares something else of it."""
_DIGIT = lazy_regex(r"[0-9]")
_TELLING = 6
"""Characters of the shortest argument that tells a password from a name."""
_SETTER = lazy_regex(r"(?:\.|->)(?:set|with|add)?[A-Za-z]{0,30}\Z")
_CAMEL = lazy_regex(r"[A-Z][a-z]+(?:[A-Z][a-z]+)+\d?")
_LABEL = lazy_regex(r":[0-9A-Za-z_.-]{0,40}\Z")
"""`os_api:server-password:show` has a name in the middle."""
_TYPEOF = lazy_regex(r"type(?:of[ (]|\()[0-9A-Za-z_.$]{0,60}\Z")
_OPERATOR = lazy_regex(r"[\"']?[ ]?(?:[,;)\]}]|\+(?![0-9A-Za-z]{6,}\Z)|\.[ ]?\$)|.*(?:[ ]\+|\$\{|\()[ ]?\Z")
"""Begins what stands between two strings, `"a"+b+"c"`, or ends it."""
_NO_SECRET_AHEAD = lazy_regex(r"badge\.svg\?|alt=media&(?:amp;)?|AWS4-[A-Z0-9-]{4,24}[ ]\Z")
"""A badge's token is public, and that of a file in Firebase; what signs a request to AWS names the key's id."""
_CASE = lazy_regex(r"(?:^|[ \t])case[ ][A-Za-z]{0,40}\Z")
"""In Swift and PHP `case` names a member of an enumeration: `case masterSalt = "…"`."""
_UNION = lazy_regex(r"[ ]{0,2}\|[ ]{0,2}(?:[\"'`]|undefined|null|string)")
_GOES_ON = lazy_regex(r"[ ]?(?:\+|\.\.?)[ ]?[A-Za-z_$(]")
_PAIR_OPENS = lazy_regex(r"\([ ]{0,2}[\"'][0-9A-Za-z_.-]{0,40}\Z")
_PAIR_CLOSES = lazy_regex(r"[ ]{0,2}(?:\)|,[ ]?cast=)")
_CALL_ENDS = lazy_regex(r"\)[ \t]{0,40}\Z")
"""`has(creds) ? sasl_service(creds) : "rcmd"`: what stands in front of a colon is no name."""
_SECRET = lazy_regex(r"secret|token|salt|pepper|psk|jwt", re.IGNORECASE)
_SHORT = lazy_regex(r"[0-9A-Za-z][0-9A-Za-z_.+/~$!@#%^&*?-]{2,30}[0-9A-Za-z+/~$!@#%^&*?]")


class _Manner(enum.Enum):
    """What stands behind a name without quotes."""

    CODE = "code"
    PROSE = "prose"
    SETTINGS = "a value, of a server's settings"
    OTHER = "a value"


@lru_cache(maxsize=16)
def _manner_of(path: str) -> _Manner:
    if _WANTS_QUOTES.search(path):
        return _Manner.CODE
    if _PROSE.search(path):
        return _Manner.PROSE
    return _Manner.SETTINGS if _SETTINGS.search(path) else _Manner.OTHER


_KEPT = 4_096
"""Lines without a secret that are remembered, each shorter than _MOST_KEPT."""
_MOST_KEPT = 200


class AssignmentGateDetector(BasePlugin):
    """`password = "…"`, `"apiKey": "…"`, `DB_PASS=…`, `setToken("…")`, `<add key="secret" value="…">`."""

    secret_type = KEYWORD

    looks_around = False

    def looks_at(self, path: str) -> bool:
        """True: names are given values in every file."""
        return True

    def __init__(self) -> None:
        self._empty: set[tuple[_Manner, str]] = set()

    def analyze_line(self, filename: str, line: str, line_number: int = 0, context: Any = None, **more: Any) -> Any:
        """Return the secrets of one line, as detect-secrets wants them; `places` as `assignments` takes them."""
        manner = _manner_of(filename)
        if manner is _Manner.OTHER and _RUNS_CODE.match(more.get("first", "")):
            manner = _Manner.CODE
        if (manner, line) in self._empty or (manner is _Manner.CODE and _has_code_alone(line)):
            return set()
        places = more.get("places")
        found = super().analyze_line(
            filename=filename, line=line, line_number=line_number, manner=manner, places=places
        )
        if not found and len(line) < _MOST_KEPT:
            self._keep_empty(manner, line)
        return found

    def _keep_empty(self, manner: _Manner, line: str) -> None:
        """Remember a line without a secret: programs that write code write the same one many times."""
        if len(self._empty) >= _KEPT:
            self._empty.clear()
        self._empty.add((manner, line))

    def analyze_string(
        self, string: str, manner: _Manner = _Manner.OTHER, places: list[int] | None = None, **_: Any
    ) -> Generator[str, None, None]:
        """Yield the values of one line of a file that is written in this manner."""
        for name, value, is_bare in assignments(string, places):
            is_other = is_bare and _is_code_or_prose(value, manner, string)
            is_other = is_other or (len(string) > LONG_LINE and reads_as_words(value)) or _is_text(name, value)
            if not is_other and (_PASSWORD_NAME.search(name) or _is_secret(name, value, manner)):
                yield value
        for name, value in inserted(string):
            if names_a_secret(name) and is_no_word(value):
                yield value


def _is_secret(name: str, value: str, manner: _Manner) -> bool:
    """True for a value that could be a secret whatever its name says: typed by a person, or a key."""
    is_any = is_typed(value) or is_key(value) or is_short_key(name, value) or is_default_key(name, value)
    return is_any or (manner is _Manner.SETTINGS and _has_secret(name, value))


def _has_secret(name: str, value: str) -> bool:
    """True for `secret = sup3rs3cret` of a server's settings: words with a digit, under a name that promises more."""
    return _SHARED.search(name) is not None and len(value) >= _SHORTEST_SECRET and _DIGIT.search(value) is not None


def _is_text(name: str, value: str) -> bool:
    """True for a sentence, in any language, that is no pass phrase."""
    foreign = sum(not one.isascii() for one in value)
    is_long = value.count(" ") > 2 and not _APP_PASSWORD.fullmatch(value)
    return (is_long or foreign * 2 >= len(value)) and not _PHRASE.search(name)


def _has_code_alone(line: str) -> bool:
    """True for a line of code without quotes in which nothing can be a value."""
    return not ('"' in line or "'" in line or "`" in line or _BARE_IN_CODE.search(line))


def _is_code_or_prose(value: str, manner: _Manner, line: str) -> bool:
    """True for a value without quotes, unless the file is one in which values go without, or a comment tells it."""
    if not is_password(value):
        return True
    if manner is _Manner.CODE:
        return not (_COMMENT.match(line) and is_generated_password(value) and _DIGIT.search(value))
    return manner is _Manner.PROSE and reads_as_words(value)


def assignments(line: str, places: list[int] | None = None) -> Iterator[tuple[str, str, bool]]:
    """Yield name, value and whether it is without quotes, for each secret's name in a line; in linear time.

    `places`: where matches of SIEVE end, in bytes; only around these a long line is looked at.
    """
    for match in _matches(line, places):
        name = _name_at(line, match.start())
        if not names_a_secret(name):
            continue
        value = match["double"] or match["single"] or match["tick"] or match["escaped"] or match["bare"]
        default = _DEFAULT.fullmatch(value)
        if default and is_default_key(name, default[1]):
            yield name, default[1], False
            continue
        is_bare = match["bare"] is not None and not _has_bounds(line, match, value)
        if not (_says_its_name(value, name) or _assigns_nothing(line, match, value)):
            yield name, value, is_bare


def _says_its_name(value: str, name: str) -> bool:
    """True for `PASS_KEY = "pass_key"` and `CREDENTIALS: '"Credentials"'`."""
    stated, called = value.strip("\"'/").lower(), name.lower()
    return stated in called or _SIGNS.sub("", stated) == _SIGNS.sub("", called)


def _has_bounds(line: str, match: re.Match[str], value: str) -> bool:
    """True for an element's text, a key in an address, `?token=…`, and a field of a connection string,
    `"host=db password=…"`: none has quotes in any language."""
    if match["sign"] == ">" or match["sign"].startswith("<"):
        return line.startswith("</", match.end())
    if match["sign"] == ":" and line.startswith("}", match.end()) and _EXPRESSION.search(line[: match.start()]):
        return is_no_word(value)
    start = match.start()
    is_field = _FIELD.search(line, max(start - 100, 0), start) or (
        line[match.end() : match.end() + 1] in ("'", '"') and _OPENED.search(line, max(start - 80, 0), start)
    )
    if match["sign"] == "=" and is_field and is_no_word(value):
        return True
    return len(value) >= _LONG and is_key(value) and _PARAMETER.search(line, max(start - 40, 0), start) is not None


def _matches(line: str, places: list[int] | None) -> Iterator[re.Match[str]]:
    """Find the assignments, each name's beginning in small letters first: `re` is slow where case is ignored."""
    place = 0
    for start, end in _windows(line, places):
        place = first = max(place, start)
        lowered = line[first:end].replace("\u0130", "i").lower()  # of this letter alone lower() makes two
        while name := _BEGINS.search(lowered, place - first):
            begin = first + name.start()
            match = _ASSIGNMENT.match(line, begin)
            if match is None:
                place = begin + 1
                continue
            place = match.start("bare") if match["bare"] else match.end()
            yield match


def _windows(line: str, places: list[int] | None) -> Iterator[tuple[int, int]]:
    """Yield where names can begin: in the whole line, or in a long one before the places."""
    if places is None or len(line) < LONG_LINE:
        yield 0, len(line)
        return
    yield from ((max(place - _REACH, 0), place + _STEM) for place in in_characters(line, places))


def _name_at(line: str, start: int) -> str:
    """Return the whole of the name that goes on at `start`."""
    before = _NAME_BEFORE.search(line, max(start - 40, 0), start)
    name = _NAME.match(line, before.start() if before else start)
    return _NEUTRAL.sub("", name.group().rstrip(".-")).rpartition(".")[2] if name else ""


def _assigns_nothing(line: str, match: re.Match[str], value: str) -> bool:
    """`check(password, "x")`, `["password", "x"]`, `password(x)` and `type Secret = "x" | "y"` give no value.

    `put("password", "x")` and `setToken("x")` do, if the value is no word.
    """
    if _is_piece(line, match, value) or _is_no_place_for_one(line, match, value):
        return True
    match match["sign"]:
        case "==" | "===" | "!=" | "!==" if match["bare"] or _compares_a_word(line, match, value):
            return True
        case "::" if match["bare"]:
            return True
        case "{":
            return match["bare"] is not None or reads_as_words(value)
        case ",":
            is_pair = _PAIR_OPENS.search(line, max(match.start() - 60, 0), match.start())
            is_word = reads_as_words(value) and not is_typed(value)
            return not (is_pair and _PAIR_CLOSES.match(line, match.end())) or is_word
        case "(":
            is_set = _names_a_password(match) and _SETTER.search(line, max(match.start() - 40, 0), match.start())
            is_word = len(value) < _TELLING or reads_as_words(value) or _CAMEL.fullmatch(value) is not None
            return match["bare"] is not None or (is_word and not is_set)
        case "||" | "||=" | "??" | "??=" | "?:" | " or ":
            return match["bare"] is not None or reads_as_words(value)
        case ":" if match["bare"] and match.end("sign") == match.start("bare"):
            is_inside = _LABEL.search(line, max(match.start() - 40, 0), match.start()) is not None
            return is_inside or line.startswith('":', match.end())
        case ">":
            return not line.startswith("</", match.end()) or (reads_as_words(value) and not _DIGIT.search(value))
    return _UNION.match(line, match.end()) is not None


def _compares_a_word(line: str, match: re.Match[str], value: str) -> bool:
    """True for `token === "comma"`, `typeof password == "string"` and `hash[:4] == "$2b$"`: no secret is asked for."""
    is_type = _TYPEOF.search(line, max(match.start() - 80, 0), match.start()) is not None
    return is_type or is_made_of_words(value) or (reads_as_words(value) and not is_typed(value))


def _is_no_place_for_one(line: str, match: re.Match[str], value: str) -> bool:
    """True where what stands in front of the sign rules a secret out: a comparison, a `case`, a subscript."""
    if _NO_SECRET_AHEAD.search(line, max(match.start() - 80, 0), match.start()):
        return True
    if len(value) < _LONG and _CASE.search(line, max(match.start() - 60, 0), match.start()):
        return True
    name = match.group()[: match.start("sign") - match.start()]
    if match["sign"] == ":" and match["bare"] is None and _CALL_ENDS.search(name):
        return True
    return "=" in match["sign"][1:] and _SUBSCRIPT.search(name) is not None


def _is_piece(line: str, match: re.Match[str], value: str) -> bool:
    """True for what stands between two strings, `"a"+b+"c"`, and for the beginning of what goes on: `"order_" + id`."""
    is_begun = value.endswith(("_", "-", ":", "/", "=")) and _GOES_ON.match(line, match.end())
    return bool(is_begun or (_OPERATOR.match(value) and not is_noise(value)))


def _names_a_password(match: re.Match[str]) -> bool:
    return _PASSWORD.match(match.group()) is not None


def is_short_key(name: str, value: str) -> bool:
    """True for a secret of a few characters that are no words, `xkdwm`, and no beginning of other values.

    Under the name `token` alone it is what a parser looks for: `token: "hddvd"`.
    """
    is_token = name.lower() == "token" and len(value) < _SHORTEST_SECRET
    is_short = _SHORT.fullmatch(value) is not None and is_scrambled(value)
    return is_short and not is_token and _SECRET.search(name) is not None


_SHORTEST_KEY = 12
"""Characters; a shorter one with a word in it is an example."""


def is_key(value: str) -> bool:
    """True if a value without a shape of its own could be a key or a token: no words, no sentence, not short."""
    if value.isdigit() or (len(value) < _SHORTEST_KEY and not is_scrambled(value)):
        return False
    letters = sum(one.isalnum() for one in value)
    return _TOKEN.fullmatch(value) is not None and letters * 10 >= len(value) * 7 and not reads_as_words(value)
