"""What a secret's value, name and lines around it say against its being worth to stop a change for.

One table of reasons, each a sentence that the finding shows. None hides or doubts a finding: what stands in a comment
may be a credential, and is most often a sample.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from urllib.parse import unquote

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.secrets.kinds.catalogue import SecretKind
from gate.secrets.kinds.values import decoded, is_typed
from gate.secrets.triage.comment_lines import COMMENT_LINE
from gate.secrets.triage.evidence import folded
from gate.secrets.triage.lookalikes import lookalike
from gate.secrets.triage.machine_made import is_machine_made
from gate.secrets.triage.weak_values import is_default_key, password_in
from gate.secrets.triage.web_tokens import expiry, is_for_anyone, is_web_token

ABOVE, AROUND, SHOWN = 3, 2, 8
"""Lines above a secret that may introduce it; on either side that may say where it belongs; that may frame a text."""
_LINE = 400
"""Characters of a line that are looked at."""
_LOGIN = 4
"""Lines above a password in which its host may stand: host, port, database, user."""
_SECTION = 60
"""Lines above a secret among which the section that it belongs to is looked for."""
_MADE_UP = r"tests?|testing|fake|dummy|mock(?:ed)?|bogus|samples?|examples?|demo|stub|insecure"
_MAKES = lazy_regex(r"\b([A-Z][A-Za-z0-9]{2,40}(?:(?:::|\.)[A-Za-z0-9_]{1,40})?)\([\"'`]\Z")
"""The type that a value is given to: `TestValue::Single("`, `new FakeToken("`."""
_OVER = lazy_regex(r"(?<!not )(?<!never )(?<!n't )\b(?:expired|revoked|deactivated|invalidated)\b", re.IGNORECASE)
_NEXT_TO_MADE_UP = lazy_regex(r"[:=][ ]*[\"'](?:dummy|fake|mock|bogus)[_-]", re.IGNORECASE)
_IN_A_NAME = lazy_regex(rf"(?:\A|_)(?:{_MADE_UP})(?:_|\Z)")
_OWN_VALUE = (
    r"replace (?:this |it |them )?(?:with|by)|change ?me\b|(?:please|should|must) (?:be )?change"
    r"|(?:put|insert|enter|fill in) your|<your|your[-_ ](?:own|api|values?)\b"
)
_TO_FILL_IN = lazy_regex(rf"^[ \t]*(?:#|//|;|\*|<!--|--).*(?:{_OWN_VALUE})", re.IGNORECASE | re.MULTILINE)
_IN_A_COMMENT = lazy_regex(
    rf"\b(?:{_MADE_UP}|locally)\b|\bnot (?:a )?(?:real|confidential|secret|sensitive)|\bpublic\b"
    r"|(?:not|don'?t|never)[^.]{0,20}\bin production",
    re.IGNORECASE,
)
_PASSWORD = lazy_regex(r"pass(?:w|_|phrase|\Z)|pwd")
_COMMENT_BEHIND = lazy_regex(r"[ \t](?:#|//|/\*|<!--|--)[ ].*")
_SOURCE = r"cs|java|kt|go|py|rb|php|[jt]sx?|swift|rs|exs?"
_ON_AIR = rf"live(?!/(?:.*/)?[^/]*\.(?:{_SOURCE})\Z)"
"""Not the folder `live/` of a program on videos."""
PRODUCTION = lazy_regex(
    rf"(?:^|[/._-])(?:prod|prd|production|{_ON_AIR})(?:[/._-]|\Z)|-product\.(?:properties|ya?ml)\Z", re.IGNORECASE
)
"""Of a path; settings by environment have `shop-product.yml` for it as well."""
_PROFILE = lazy_regex(r"[ ]*on-profile:[ ]*[\"']?prod")
_NEXT_DOCUMENT = "---"
_BEFORE_PRODUCTION = lazy_regex(
    r"(?:^|/)[^/]*[-_.](?:pp|preprod|pre-?production|pre-prod|uat|staging|stg)\.(?:properties|ya?ml|json|env)\Z"
    r"|(?:^|/)\.env\.(?:preprod|pre-?production|uat|staging|stg)\Z",
    re.IGNORECASE,
)
"""Of a path: settings for what comes before production, and is reached by others than its developers."""
_ASSIGNED = lazy_regex(
    r"([A-Za-z_][\w.-]*)[ ]*(?:\{[^{}]{0,30}\}[ ]*)?(?::[^=\n]{0,40})?=[ ]*[rbu]?[\"'`]{0,3}-{0,5}\Z"
)
_EXAMPLE = lazy_regex(
    r"\bexamples?\b[\"']?[ \t]*(?:[:=(]|\Z)|\be\.g\.|\biex>|>>> |<code|<pre\b", re.IGNORECASE | re.MULTILINE
)
_RESERVED = lazy_regex(r"(?:@|//|\.)example\.(?:com|org|net)\b|(?:@|//)[\w.-]+\.example\b", re.IGNORECASE)
_NO_HOST = lazy_regex(r"[\w-]\.invalid\b")
"""A name that resolves nowhere, by RFC 2606."""
_OWN_NAME = lazy_regex(r"\byour[-_](?:app|domain|company|org|project|server|host)\b|\bYourApp", re.IGNORECASE)
_FRAME = lazy_regex(r"```|MARKDOWN_")
_LOCAL_HOST = lazy_regex(r"\blocalhost\b|\b127\.0\.0\.1\b|host\.docker\.internal")
_LOCAL_SETTINGS = lazy_regex(
    r"(?:APP|NODE|RAILS|RACK|FLASK|DJANGO|MIX)_ENV[\"']?[ ]?[=:,][ ]?[\"']?(?:value=[\"'])?(?:local|dev|test)"
)
_DEVELOPERS = r"dev|devel|development|local|localhost|local[-_]?dev|testing|e2e|ci|sandbox"
_DEVELOPERS_FOLDERS = (
    r"\.ddev|\.devcontainer|dev|devel|develop|development|dev[-_]?env|local[-_]?dev|sandbox|playground"
)
_DEVELOPMENT = lazy_regex(
    rf"(?:^|/)(?:[^/]*[-_.])?(?:{_DEVELOPERS})(?:[-_.][^/]*)?\.[a-z]{{2,10}}\Z|(?:^|/)\.env\.(?:{_DEVELOPERS})\Z"
    rf"|(?:^|/)(?:{_DEVELOPERS_FOLDERS})/",
    re.IGNORECASE,
)
"""Of a path: `config/dev.exs`, `application-local.yml`, `localhost.key`, `dev/api/users.json`."""
_OF_A_SERVICE = lazy_regex(
    r"access_?key|api_?(?:key|token)|client_secret|account_?key|auth_token|webhook|[a-z]_app_?(?:key|secret)|master_secret"
)
_SECTION_NAME = lazy_regex(r"([ \t]*)[\"']?(?:development|dev|local|tests?|testing)[\"']?[ ]?:(?:[ ]|&|\Z)")
_PRODUCTION_NAME = lazy_regex(r"([ \t]*)[\"']?prod(?:uction)?[\"']?[ ]?:(?:[ ]|&|\Z)")
_INDENT = lazy_regex(r"[ \t]*")
_FIRST = r"(?:dev|devel|development|local|localdev|demo|testing)[-_](?:[a-z]{2,12}[-_]?){1,4}"
_LAST = r"(?:[a-z]{2,12}[-_]){1,4}(?:dev|devel|local|localdev|demo)(?:[-_](?:pass|passwd|password|secret|key|only))?"
_SAYS_DEVELOPMENT = lazy_regex(rf"(?:{_FIRST}|{_LAST})[-_]?[0-9]{{0,4}}", re.IGNORECASE)
"""Of a value: `dev_owner`, `local-postgres-password`, `shop_dev_password`."""
_COUNTERS = r"analytics|posthog|segment|amplitude|mixpanel|write_?key|sentry_key"
_LOOKED_UP = r"algolia|docsearch|giphy|unsplash|tmdb|omdb|tvdb|open_?weather|last_?fm"
_MAPS = r"google_?map|here_?map|map_?box|map_?tiler|[/_.-]maps?[/_.-]"
_OF_CLIENTS = lazy_regex(rf"{_COUNTERS}|{_LOOKED_UP}|{_MAPS}|code_?push", re.IGNORECASE)
"""Services whose keys programs carry with them: counters of visits, catalogues that are searched, maps."""
_BUILT_IN = lazy_regex(r"(?:react_app|vue_app|vite|gatsby)_(?!.*(?:secret|private|pass))")
"""Names whose values a bundler puts into pages, as its documentation says."""
_FIREBASE = lazy_regex(r"\bauthDomain\b|\bmessagingSenderId\b|\bFirebaseOptions\b|\b1:[0-9]{8,14}:(?:web|ios|android):")
"""What stands with the key by which an app names its project, which is meant to be public."""
_APPS = r"CFNetwork/[0-9]|Darwin/[0-9]|Dalvik/[0-9]|okhttp/[0-9]|AndroidManifest\b|iPhone[0-9]+,[0-9]"
_AN_APPS_AGENT = lazy_regex(rf"\b(?:{_APPS})")
"""What a program says of itself that acts as an app: who has the app has what the app sends along."""
_CLIENT_FILES = r"AppDelegate\.\w+|AndroidManifest\.xml|[^/]*Info(?:[-_.]\w+)?\.plist|app/build\.gradle(?:\.kts)?"
_IN_CLIENTS = lazy_regex(
    rf"(?:^|/)(?:android|ios|mobile|webapp|front-?end)/|(?:^|/)(?:{_CLIENT_FILES})\Z|(?:^|/)lib/.*\.dart\Z",
    re.IGNORECASE,
)
"""Of a path: what is built into an app or a page, as Flutter's sources are."""
_BUILT_INTO_APPS = lazy_regex(
    r"\b(?:resValue|buildConfigField)[( ]+[\"'][A-Za-z]{3,10}[\"'],[ ]?[\"'](\w{1,60})[\"'],[ ]?[\"'\\]{1,4}\Z"
)
"""What Gradle writes into an app's resources and constants, under this name."""
_OF_A_SERVER = lazy_regex(r"secret|private|pass|sign|encr|admin|server|service|session|access_key|\A(?:key|token)?\Z")
"""Of a name: what an app should not have, and what says nothing."""
_PUBLIC_TOKEN = lazy_regex(r"ph[cx]_|(?:ios|android)_sdk-|pk\.eyJ|pk_(?:live|test)_")
_OF_AN_ANSWER = lazy_regex(r"(?:access|refresh|id|bearer)_token\Z")
_EXPIRES_IN = lazy_regex(r"[\"']expires_in[\"'][ ]?(?::|=>)[ ]?[\"']?[0-9]{1,6}\b")
"""What an OAuth server says with the tokens that it gives: seconds, a day at most."""
_LOADED = lazy_regex(
    r"<(?:script|iframe|img|link|embed|source)\b[^<>]*\b(?:src|href)=[\"'\\]{0,2}(?:https?:)?//[^\s\"'<>]*\Z"
)
"""An address that a page loads, with its key."""
_GOOGLE = "AIza"
"""A key for maps and Firebase, whatever kind found it: in an address it is one of a web address."""
_LICENCE = lazy_regex(r"licen[sc]e_(?:key|token)\Z")
_KEY_NAME = lazy_regex(r"key|token|\A\Z")
_DIGEST = lazy_regex(r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{128}")
_TEST_MODE = lazy_regex(r"-(?:TEST|SANDBOX)\Z")
_TEST_INBOX = lazy_regex(r"\bsmtp\.(?:mailtrap\.io|ethereal\.email)\b")
"""Servers that keep the mail they are sent, for tests; no person receives it."""
_OAUTH_SECRET = lazy_regex(r"client_?secret\Z|\A\Z")
_LOCAL_RETURN = lazy_regex(
    r"(?:return|redirect|callback)_?ur[il][\"']?(?:[ ]?:[ ]?\w{1,10})?[ ]{0,4}(?:=>|:=|[:=])[ ]{0,4}[\"']?http://(?:localhost|127\.)",
    re.IGNORECASE,
)
"""The address to which an OAuth client sends its users back: the developer's own machine."""
_TEST_LOGIN = lazy_regex(r"(?:test|sandbox)_[0-9A-Za-z]{8,200}:.*")
"""User and password as providers with a test mode give them out for their interfaces."""
_HASH = lazy_regex(
    r"\$(?:2[abxy]?|1|5|6|y|argon2\w*|apr1|scrypt|pbkdf2[\w-]*)\$|(?:pbkdf2|scrypt|bcrypt|argon2)[\w-]*[:$]"
    r"|\{S?SHA\d*\}|\{(?:CRYPT|SMD5|MD5)\}"
)
_HASH_NAME = lazy_regex(r"(?:sha_?\d+|md5|hash(?:ed)?)_|_(?:sha_?\d+|md5|hash(?:ed)?)(?:_hex)?\Z")
_SHA_512 = lazy_regex(r"[0-9A-Fa-f]{128}")
"""Under a password's name: no one makes a password so long."""
_HASHED_FILES = lazy_regex(
    r"(?:^|/)(?:\.?htpasswd|\.?htdigest|shadow|passwd)[^/]*\Z|(?:^|/)migrations?/", re.IGNORECASE
)
"""The accounts of a server, and those that every installation is given."""
_SALT = lazy_regex(r"(?:signing|encryption|tokens?)_salt\Z")
"""As Phoenix and Rails name what derives keys from a secret that is another setting."""
_RUST_TESTS = lazy_regex(r"#\[cfg\(test\)\]\s*\Z")
_RUST_MODULE = lazy_regex(r"(?:pub(?:\([a-z]+\))? )?mod \w+ \{\s*\Z")
_DEPLOYED_FILES = (
    r"(?:Dockerfile|Containerfile)[^/]*|[^/]*compose[^/]*\.ya?ml|[^/]*\.env|values[^/]*\.ya?ml"
    r"|(?:deployment|statefulset|daemonset|helm-?release)[^/]*\.ya?ml"
)
_DEPLOYED_FOLDERS = r"k8s|kubernetes|helm|charts?|deploy(?:ment)?|manifests|clusters"
_DEPLOYED = lazy_regex(rf"(?:^|/)(?:(?:{_DEPLOYED_FILES})\Z|(?:{_DEPLOYED_FOLDERS})/.*\.ya?ml\Z)", re.IGNORECASE)
_PIPELINE_FOLDER = r"\.(?:github|gitea|forgejo)/workflows/|\.(?:circleci|buildkite|woodpecker|gitlab/ci)/"
_PIPELINE_FILE = (
    r"(?:[^/]*\.gitlab-ci|\.travis|\.?appveyor|\.drone|\.cirrus|(?:azure|bitbucket)-pipelines)[^/]*\.ya?ml\Z"
)
PIPELINE = lazy_regex(rf"(?:^|/)(?:{_PIPELINE_FOLDER}|{_PIPELINE_FILE})", re.IGNORECASE)
"""Definitions of pipelines: what they state openly belongs to services and settings that live as long as the job."""
OF_A_JOB = "it is in a pipeline's definition, where jobs define credentials for their own services"
_BUILDS = lazy_regex(r"^[ \t]+build:", re.MULTILINE)
"""Of a Compose file that makes images of the sources that it lies with: a developer's."""
_NO_OWNER = lazy_regex(r"(?:key|token)\Z")
_OF_A_FILE = lazy_regex(r"(?:file|image|media|attachment|asset|thumbnail|document)_?key\Z")
"""As stores of files and design tools name what they keep; Figma's `fileKey` stands in the address of each file."""
_IN_A_STORE = lazy_regex(r"(?:s3|object|blob|storage|bucket)_?key\Z")
_PATH_IN_A_STORE = lazy_regex(r"(?=[^_-]*[_-])(?:[\w.-]+/)+[\w.-]+")
"""Folders and a name with `_` or `-`: base64 has either these or slashes."""
_OF_A_MERCHANT = lazy_regex(
    r"(?:^|/)[^/]*(?:merchant|payment|alipay|wechat|weixin)[^/]*\.(?:properties|ya?ml|ini|conf|json|toml)\Z",
    re.IGNORECASE,
)
"""Of a path: settings of a service for payments, whose keys are called `key` alone."""
_KEY_ID = lazy_regex(r"(?<!secret_)access_key(?:_id)?\Z")
_APP_ID = lazy_regex(r"app_?id\Z")
_PUBLIC_HALF = lazy_regex(r"(?<!secret_)(?:app|api|client|consumer|push)_?key\Z")
_GIVEN = lazy_regex(r"([A-Za-z_][\w.-]{0,60})[\"']?\]?[ \t]*(?:=>|:=|[:=])\s*[\"']?[0-9A-Za-z+/_-]{8}")
_SECRET_HALF = lazy_regex(r"(?:(?:app|api|client|consumer|master|push)_?)?secret\Z")
"""Of two names that begin alike: `shop_app_key`, `shop_app_secret`."""
_ID_OF_A_KEY = lazy_regex(r"[0-9A-Za-z]{16,24}")
"""As services with the interface of S3 give them out; the secrets that belong to them have 30 characters or more."""
_PUBLIC_ENDS = "com|net|org|io|co|cloud|app|dev|tech|ai|sh|xyz|info|eu|de|fr|uk|nl|it|ch|us|ca|br|in|jp|ru|cn"
_HOST = rf"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*\.(?:{_PUBLIC_ENDS})\b"
_REAL_HOST = lazy_regex(rf"@{_HOST}")
_IN_ADDRESS = lazy_regex(r"@[0-9A-Za-z{$]")
_LOGIN_AT = r"//[^\s/@\"']{1,200}@|(?:jdbc:\w+|mongodb|redis|amqp|smtp)s?://"
_NEAR_HOST = lazy_regex(rf"(?:{_LOGIN_AT}|(?i:host|server|endpoint|smtp|imap)[\"']?[ ]?[:=][ ]?[\"']?){_HOST}")
_USER = lazy_regex(r"(?i:user(?:_?name)?|login|account)[\"']?[ ]{0,20}(?:=>|:=|[:=])[ ]{0,4}[\"']?([\w.-]{3,40})")
_MAIL = r"[\w.+-]{1,60}@[\w.-]{1,60}\.[a-z]{2,}"
_MAIL_USER = lazy_regex(rf"(?i:user(?:_?name)?|login|account)[\"']?[ ]{{0,20}}(?:=>|:=|[:=])[ ]{{0,4}}[\"']?{_MAIL}")
"""A login by an address of mail, as services on the web ask for."""
_ELSEWHERE = r"(?!localhost|127\.|10\.|192\.168\.)[\w.-]*\.[a-z]{2,}(?:[:/?\s]|\Z)"
_SETTING = lazy_regex(r"([a-z][\w-]*(?:\.[\w-]+)*\.)[\w-]+=[ ]?\Z")
"""A line of `.properties` up to its value, with the names of its group."""
_TESTS_USER = lazy_regex(r"(?:test|demo|sandbox)(?:[-_.]|[0-9]|user|er|\Z)", re.IGNORECASE)
_LONGEST_NAME = 40
_STRONG = 8
"""Characters of the shortest password that a person made up and that is no word."""
_CAPITAL_AND_DIGITS = lazy_regex(r"(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9].*[0-9]).*")


class SecretInPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A secret where it stands: with its name and the lines around it."""

    kind: SecretKind
    value: str
    name: str
    """As `folded` writes it: `api_key`."""
    path: str
    before: str
    """Of its line."""
    after: str
    above: tuple[str, ...]
    """ABOVE lines, the nearest last."""
    below: str
    """The next line."""
    login: str
    """_LOGIN lines on either side, in which its user and host may stand."""
    around: str
    """The line and AROUND on either side."""
    frame: str
    """The same with SHOWN lines."""
    section: tuple[str, ...]
    """_SECTION lines above."""
    is_in_tests: bool = False
    """In the module of a source in Rust that is compiled for tests alone."""

    @property
    def comments(self) -> str:
        """What is said at it: the comment behind it, and the lines of comment right above."""
        behind = _COMMENT_BEHIND.search(self.after)
        said = [behind.group()] if behind else []
        for line in reversed(self.above):
            if not COMMENT_LINE.match(line):
                break
            said.append(line)
        return "\n".join(said)


def placed_secret(
    kind: SecretKind, value: str, name: str, path: str, lines: Sequence[str], number: int
) -> SecretInPlace:
    """Return what stands around `value`, which begins in line `number` (from 1) of `lines`."""
    index = number - 1
    line = lines[index].rstrip("\n") if number <= len(lines) else ""
    shown = value.partition("\n")[0]
    before, found, after = line.partition(shown)
    return SecretInPlace(
        kind=kind,
        value=value,
        name=folded(name or _assigned(before)),
        path=path,
        before=before[-_LINE:],
        after=after[:_LINE] if found else "",
        above=_cut(lines[max(index - ABOVE, 0) : index]),
        below="".join(_cut(lines[index + 1 : index + 2])),
        login="\n".join(_cut(lines[max(index - _LOGIN, 0) : index + _LOGIN + 1])),
        around="\n".join(_cut(lines[max(index - AROUND, 0) : index + AROUND + 1])),
        frame="\n".join(_cut(lines[max(index - SHOWN, 0) : index + SHOWN + 1])),
        section=_cut(lines[max(index - _SECTION, 0) : index]),
        is_in_tests=path.endswith(".rs") and _is_below_tests(lines[:index]),
    )


def _is_below_tests(above: Sequence[str]) -> bool:
    """True if `#[cfg(test)] mod … {` at the margin is open at the end of these lines, as `rustfmt` writes them."""
    is_open = False
    for first, second in pairwise(above):
        if _RUST_TESTS.match(first) and _RUST_MODULE.match(second):
            is_open = True
        elif second.startswith("}"):
            is_open = False
    return is_open


def _assigned(before: str) -> str:
    """Return the name of a constant that has a type or accessors behind it: `const TEST_KEY: &str = "`."""
    found = _ASSIGNED.search(before[-_LINE:])
    return found[1] if found else ""


def _cut(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line[:_LINE].rstrip("\n") for line in lines)


def _is_of_a_test_mode(one: SecretInPlace) -> bool:
    login = decoded(one.value) or one.value
    if _PASSWORD.search(one.name) and _TEST_INBOX.search(one.login):
        return True
    return _TEST_MODE.search(one.kind.rule) is not None or _TEST_LOGIN.fullmatch(login) is not None


def _returns_to_this_machine(one: SecretInPlace) -> bool:
    """True for the secret of an OAuth client that sends its users back to `http://localhost`."""
    return _OAUTH_SECRET.search(one.name) is not None and _LOCAL_RETURN.search(one.around) is not None


def _is_named_made_up(one: SecretInPlace) -> bool:
    made = _MAKES.search(one.before)
    names = (one.name, folded(made[1]) if made else "")
    is_named = any(_IN_A_NAME.search(name) for name in names) or _NEXT_TO_MADE_UP.search(one.around) is not None
    return is_named or _IN_A_COMMENT.search(one.comments) is not None


def _is_said_to_be_over(one: SecretInPlace) -> bool:
    return _OVER.search(one.comments) is not None


def _is_of_a_client(one: SecretInPlace) -> bool:
    if _PUBLIC_TOKEN.match(one.value) or _LICENCE.search(one.name) or _BUILT_IN.match(one.name):
        return True
    if is_for_anyone(one.value) or _LOADED.search(one.before) is not None:
        return True
    is_often_public = one.kind.is_often_public or one.value.startswith(_GOOGLE)
    if is_often_public and (_FIREBASE.search(one.frame) or _IN_CLIENTS.search(one.path)):
        return True
    is_key = is_often_public or (not one.kind.is_issued and _KEY_NAME.search(one.name) is not None)
    is_of_catalogue = is_key and _OF_CLIENTS.search(f"{one.name}\n{one.path}\n{one.around}") is not None
    return is_of_catalogue or _is_built_into_clients(one)


def _is_of_an_app(one: SecretInPlace) -> bool:
    """True for what a program sends along that says to be an app on a telephone; not for a password."""
    return _AN_APPS_AGENT.search(one.frame) is not None and _PASSWORD.search(one.name) is None


def _is_built_into_clients(one: SecretInPlace) -> bool:
    """True for a key in the sources of an app or a page whose name is of no server's secret."""
    built = None if one.kind.is_issued else _BUILT_INTO_APPS.search(one.before)
    is_named = one.kind.is_known_by_name and _KEY_NAME.search(one.name) is not None
    is_of_app = built is not None or (is_named and _IN_CLIENTS.search(one.path) is not None)
    return is_of_app and _OF_A_SERVER.search(folded(built[1]) if built else one.name) is None


def _is_hash(one: SecretInPlace) -> bool:
    """True for a password's hash, but for the accounts of a server and of every installation."""
    if _HASHED_FILES.search(one.path):
        return False
    is_named = _HASH_NAME.search(one.name) is not None and _is_digest(one.value)
    is_named = is_named or (_PASSWORD.search(one.name) is not None and _SHA_512.fullmatch(one.value) is not None)
    return is_named or one.kind.is_hash or one.kind.is_of_accounts or _HASH.search(one.value) is not None


def _is_digest(value: str) -> bool:
    """True for what is as long as a digest in hexadecimal is."""
    return _DIGEST.fullmatch(value) is not None


def _is_a_salt(one: SecretInPlace) -> bool:
    return _SALT.search(one.name) is not None


def _is_in_a_unit_test(one: SecretInPlace) -> bool:
    return one.is_in_tests


def _is_commented_out(one: SecretInPlace) -> bool:
    """True in a comment, but for a password that is no digest, which may be yesterday's."""
    is_password = _PASSWORD.search(one.name) is not None and not _is_digest(one.value)
    return COMMENT_LINE.match(one.before) is not None and not is_password


def _is_shown(one: SecretInPlace) -> bool:
    """True for the example of a description, of a docstring, or of a text for people."""
    said = "\n".join((*one.section[-SHOWN:], one.before))
    return _EXAMPLE.search(said) is not None or _FRAME.search(one.frame) is not None


def _is_to_be_filled_in(one: SecretInPlace) -> bool:
    return _TO_FILL_IN.search(one.frame) is not None


def _is_reserved(one: SecretInPlace) -> bool:
    return _RESERVED.search(f"{one.before} {one.after}") is not None or _NO_HOST.search(one.login) is not None


def _is_of_your_app(one: SecretInPlace) -> bool:
    return _OWN_NAME.search(one.around) is not None


def _is_of_no_host(one: SecretInPlace) -> bool:
    return _NO_HOST.search(one.login) is not None


def _is_local(one: SecretInPlace) -> bool:
    near = "\n".join((*one.above, one.before, one.after, one.below))
    return _LOCAL_HOST.search(near) is not None and _NEAR_HOST.search(near) is None


def _is_for_development(one: SecretInPlace) -> bool:
    """True in settings for development, but for what developers and customers may share: a service's key, a host."""
    if _OF_A_SERVICE.search(one.name) or (_REAL_HOST.match(one.after) and not _is_reserved(one)):
        return False
    is_said = _DEVELOPMENT.search(one.path) is not None or _LOCAL_SETTINGS.search(one.around) is not None
    return is_said or _is_in_section(one, _SECTION_NAME)


def _says_it_is_for_development(one: SecretInPlace) -> bool:
    return _SAYS_DEVELOPMENT.fullmatch(one.value) is not None


def _is_in_section(one: SecretInPlace, name: "re.Pattern[str]") -> bool:
    """True if one of the lines above that the secret's own line is indented under is `name`, as `development:` is."""
    indent = len(_INDENT.match(one.before).group())  # type: ignore[union-attr]
    for line in reversed(one.section):
        depth = len(_INDENT.match(line).group())  # type: ignore[union-attr]
        if line.strip() and depth < indent:
            if name.match(line):
                return True
            indent = depth
    return False


def _is_of_a_job(one: SecretInPlace) -> bool:
    return PIPELINE.search(one.path) is not None and not one.kind.is_private_key and not _is_near_a_host(one)


def _names_no_owner(one: SecretInPlace) -> bool:
    """True under `key` or `token` and nothing more, as translations, caches, lists and samples have them."""
    is_bare = one.kind.is_known_by_little and not one.name
    is_known_by_name = one.kind.is_known_by_name or one.kind.is_known_by_little
    is_named_so = is_bare or (is_known_by_name and _NO_OWNER.match(one.name) is not None)
    return is_named_so and not _is_near_a_host(one) and _OF_A_MERCHANT.search(one.path) is None


def _is_of_a_stored_file(one: SecretInPlace) -> bool:
    """True for what names a file in a store: by its name, or as a path in it."""
    if not (one.kind.is_known_by_name or one.kind.is_known_by_little):
        return False
    is_path = _IN_A_STORE.search(one.name) is not None and _PATH_IN_A_STORE.fullmatch(one.value) is not None
    return is_path or _OF_A_FILE.search(one.name) is not None


def _is_id_of_a_key(one: SecretInPlace) -> bool:
    is_id = _KEY_ID.search(one.name) is not None and _ID_OF_A_KEY.fullmatch(one.value) is not None
    return is_id or _APP_ID.search(one.name) is not None


def _goes_with_a_secret(one: SecretInPlace) -> bool:
    """True for the half of a pair that names the caller, where the half that is secret is near and stops the change."""
    half = _PUBLIC_HALF.search(one.name)
    if half is None:
        return False
    names = (folded(match[1]) for match in _GIVEN.finditer(one.around))
    secrets = (name[: end.start()] for name in names if (end := _SECRET_HALF.search(name)))
    return one.name[: half.start()] in secrets


def _belongs_to_a_test(one: SecretInPlace) -> bool:
    """True for a key next to a user such as `test12345`; a password may let such a user in from outside."""
    is_password = _PASSWORD.search(one.name) is not None
    return not is_password and any(_TESTS_USER.match(match[1]) for match in _USER.finditer(one.around))


def _states_no_end(one: SecretInPlace) -> bool:
    return is_web_token(one.value) and expiry(one.value) is None


def _is_of_an_answer(one: SecretInPlace) -> bool:
    """True for a token as a service answered it, with the seconds for which it was valid."""
    return _OF_AN_ANSWER.search(one.name) is not None and _EXPIRES_IN.search(one.around) is not None


def _is_near_a_host(one: SecretInPlace) -> bool:
    return _NEAR_HOST.search(one.login) is not None and not _is_reserved(one)


def _is_made_up_by_a_person(one: SecretInPlace) -> bool:
    """True for a word or two, unless it is strong and everybody's default, for production, or opens a host.

    Such a default stands in what deploys the program, or in the address at which the program logs in with it.
    """
    password = password_in(unquote(one.value))
    if one.kind.is_private_key or is_machine_made(password) or is_default_key(one.name, one.value):
        return False
    is_long = len(password) >= _STRONG
    is_strong = is_long and (is_typed(password) or _CAPITAL_AND_DIGITS.fullmatch(password) is not None)
    is_default = is_strong and (_is_deployed(one) or _IN_ADDRESS.match(one.after) is not None)
    is_deployed_to = PRODUCTION.search(one.path) or _BEFORE_PRODUCTION.search(one.path) or _is_of_production(one)
    is_of_production = (is_long and bool(is_deployed_to)) or _is_login_of_production(one)
    return not is_default and not is_of_production and not _is_near_a_host(one)


def _is_login_of_production(one: SecretInPlace) -> bool:
    """True under `prod:` next to a user who is an address of mail: a person's login to a service, however weak."""
    has_user = _MAIL_USER.search(one.around) is not None and not _is_reserved(one)
    return has_user and _is_in_section(one, _PRODUCTION_NAME)


def _is_of_production(one: SecretInPlace) -> bool:
    """True in the document of Spring's settings that a profile for production switches on."""
    for line in reversed(one.section):
        if line.startswith(_NEXT_DOCUMENT):
            return False
        if _PROFILE.match(line):
            return True
    return False


def _is_deployed(one: SecretInPlace) -> bool:
    """True in what brings a program to where it runs, but for a Compose file that builds it: a developer's."""
    is_built = _BUILDS.search("\n".join((*one.section, one.frame))) is not None
    return _DEPLOYED.search(one.path) is not None and not is_built


def _is_id(one: SecretInPlace) -> bool:
    """True for a UUID that is known by its name; where a place says that it is a token, as in .npmrc, it is one.

    A server's secret in what deploys it is one, too, and a key in settings that give the address of its service.
    """
    is_shipped = ("secret" in one.name and _is_deployed(one)) or _belongs_to_an_address(one)
    return one.kind.is_known_by_name and lookalike(one.value) == "a UUID" and not is_shipped


def _belongs_to_an_address(one: SecretInPlace) -> bool:
    """True for `pay.express.appKey=` near `pay.express.reqUrl=https://…`: the settings of one service."""
    found = _SETTING.match(one.before)
    if found is None or not _KEY_NAME.search(one.name):
        return False
    address = re.compile(rf"^{re.escape(found[1])}[\w-]*=https?://{_ELSEWHERE}", re.MULTILINE)
    return address.search(one.login) is not None


def _is_its_users_name(one: SecretInPlace) -> bool:
    """True if a line at it gives the same value to a user, as trials do: their password is their name."""
    given = (match[1] for match in _USER.finditer(one.around))
    return len(one.value) <= _LONGEST_NAME and one.value in given


Check = Callable[[SecretInPlace], bool]
_OF_ALL: tuple[tuple[str, Check], ...] = (
    ("it is a key of the provider's test mode", _is_of_a_test_mode),
    ("its users come back to the same machine, so it is for development", _returns_to_this_machine),
    ("its name or its comment says that it is made up or public", _is_named_made_up),
    ("its comment says that it is no longer valid", _is_said_to_be_over),
    ("everyone who runs the program or opens the page has it", _is_of_a_client),
)
_OF_WHAT_ANYONE_MAKES: tuple[tuple[str, Check], ...] = (
    ("it is a hash, from which the password has to be guessed first", _is_hash),
    ("it is a salt, which is useless on its own", _is_a_salt),
    ("it is in a module that is compiled for tests alone", _is_in_a_unit_test),
    ("it is the id of a key, which is useless without its secret", _is_id_of_a_key),
    ("it names a file in a store, which asks for more than that", _is_of_a_stored_file),
    ("it names the caller, and goes with the secret next to it", _goes_with_a_secret),
    ("it is what an app sends along, and who has the app has it", _is_of_an_app),
    ("its user's name says that it is for tests", _belongs_to_a_test),
    ("it is a web token without an expiry time, like samples and tokens signed for clients", _states_no_end),
    ("it is in a service's answer, which says for how many seconds it is valid", _is_of_an_answer),
    ("it is commented out", _is_commented_out),
    ("it is shown as an example", _is_shown),
    ("a comment asks to put another in its place", _is_to_be_filled_in),
    ("it belongs to `your-app`, which a reader has to name", _is_of_your_app),
    ("it belongs to a host in `.invalid`, which does not exist", _is_of_no_host),
    ("it gives access to something on the same machine", _is_local),
    (OF_A_JOB, _is_of_a_job),
    ("it is in settings for development", _is_for_development),
    ("its words say that it is for development", _says_it_is_for_development),
    ("its name says no more than `key` or `token`, and not of what", _names_no_owner),
)
_OF_PASSWORDS: tuple[tuple[str, Check], ...] = (
    ("it is a UUID, as identifiers and samples are", _is_id),
    ("it is the same as the user name", _is_its_users_name),
    ("it is made of words, and nothing shows that it gives access from outside", _is_made_up_by_a_person),
)


def little_worth(one: SecretInPlace) -> str:
    """Return what says that a secret is hardly worth stopping for; empty if nothing does."""
    tables = [_OF_ALL]
    if not one.kind.is_issued and not _opens_a_host(one):
        tables.append(_OF_WHAT_ANYONE_MAKES)
        tables.append(() if one.kind.is_of_credential_file else _OF_PASSWORDS)
    return next((reason for table in tables for reason, is_so in table if is_so(one)), "")


def _opens_a_host(one: SecretInPlace) -> bool:
    """True for a login with a generated password in the address of a real host: who reads it can log in."""
    return _REAL_HOST.match(one.after) is not None and is_machine_made(one.value) and not _is_reserved(one)
