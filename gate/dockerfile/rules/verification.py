"""Verification that is switched off: by an option, a variable or a configuration file."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.addresses import is_local
from gate.dockerfile.downloaded import is_verified, saved_name
from gate.dockerfile.edits import remove_option
from gate.dockerfile.hits import Hit
from gate.dockerfile.output_option import DOWNLOADERS
from gate.dockerfile.rule import instructions, programs, rule, run_programs, writes_texts
from gate.dockerfile.step import Command, Step
from gate.dockerfile.written import exports, written
from gate.model import Severity

_FALSE = r"(?:false|0|no|off|none)"
_TRUE = r"(?:true|1|yes|on)"


def _switch(*options: str) -> str:
    return rf" ({'|'.join(options)})(?= |$)"


@lru_cache(maxsize=256)
def _pattern(switch: str) -> "re.Pattern[str]":
    """Compile a switch when its program turns up: most of the table's never do."""
    return re.compile(switch, re.IGNORECASE)


_APT = _switch(
    "--allow-unauthenticated",
    "--allow-untrusted",
    "--force-yes",
    "--allow-insecure-repositories",
    rf"\S*Verify-(?:Peer|Host)=\"?{_FALSE}\"?",
    rf"\S*(?:AllowUnauthenticated|Allow(?:Downgrade-?To)?Insecure-?Repositories)=\"?{_TRUE}\"?",
)
_RPM = _switch("--nogpgcheck", "--no-gpgchecks?", rf"\S*(?:sslverify|gpgcheck)={_FALSE}")
_STRICT_SSL = _switch(rf"(?:--)?strict-ssl[ =]{_FALSE}", "--no-strict-ssl", rf"enableStrictSsl[ =]{_FALSE}")
_PIP = _switch(r"--trusted-host(?:=\S+)?", r"--allow-insecure-host(?:=\S+)?", r"\S*\.?trusted-host \S+")
_SSH = _switch(rf"(?:-o)?StrictHostKeyChecking[ =]{_FALSE}", r"(?:-o)?UserKnownHostsFile[ =]/dev/null")
_CONTAINERS = _switch(rf"--(?:src-|dest-)?tls-verify={_FALSE}", "--insecure", "--insecure-policy", "--plain-http")
_CLUSTER = _switch(rf"--insecure-skip-tls-verify(?:={_TRUE})?")
_CONDA = _switch("--insecure", "-k", rf"ssl_verify {_FALSE}")
_SUBVERSION = _switch("--trust-server-cert", r"--trust-server-cert-failures(?:=\S+)?")
_GIT = _switch(rf"http\.(?:\S+\.)?sslVerify[ =]\"?{_FALSE}\"?", rf"\S*StrictHostKeyChecking[ =]{_FALSE}")
_FETCH_BY_TLS = frozenset({"aria2c", "aws", "curl", "wget"})
"""Programs of which every switch below is about the server's certificate."""
_SWITCHES: Mapping[str, str] = {
    "ansible-galaxy": _switch("--ignore-certs", "-c", "--disable-gpg-verify"),
    "apk": _switch("--allow-untrusted"),
    "apt": _APT,
    "apt-get": _APT,
    "aptitude": _APT,
    "aria2c": _switch(rf"--check-certificate={_FALSE}"),
    "aws": _switch("--no-verify-ssl"),
    "buildah": _CONTAINERS,
    "bundle": _switch("ssl_verify_mode[ =]0"),
    "cargo": _switch("--skip-signatures", rf"\S*check-revoke={_FALSE}"),
    "composer": _switch(rf"secure-http[ =]{_FALSE}", rf"disable-tls[ =]{_TRUE}", "--disable-tls", "--no-secure-http"),
    "conda": _CONDA,
    "cosign": _switch(rf"--insecure-ignore-(?:tlog|sct)(?:={_TRUE})?"),
    "crane": _CONTAINERS,
    "debootstrap": _switch("--no-check-gpg"),
    "deno": _switch(r"--unsafely-ignore-certificate-errors(?:=\S+)?"),
    "dnf": _RPM,
    "dnf-config-manager": _RPM,
    "dpkg": _switch(r"--force-bad-verify"),
    "gem": _switch(r"(?:--trust-policy|-P)[ =]NoSecurity", r":?ssl_verify_mode[ =]0"),
    "git": _GIT,
    "go": _switch("-insecure", rf"GOSUMDB={_FALSE}", r"GO(?:INSECURE|NOSUMDB|NOSUMCHECK)=\S+"),
    "gpg": _switch("--skip-verify", "--trust-model[ =]always", r"\S*no-check-cert\S*"),
    "gradle": _switch("--dependency-verification[ =](?:off|lenient)"),
    "helm": _CLUSTER,
    "hg": _switch("--insecure"),
    "http": _switch(rf"--verify[ =]{_FALSE}"),
    "https": _switch(rf"--verify[ =]{_FALSE}"),
    "kubectl": _CLUSTER,
    "mamba": _CONDA,
    "microdnf": _RPM,
    "mvn": _switch(rf"-Dmaven\.wagon\.http\.ssl\.(?:insecure|allowall)(?:={_TRUE})?", r"-Daether\.\S*=insecure"),
    "npm": _STRICT_SSL,
    "oras": _CONTAINERS,
    "pip": _PIP,
    "pipenv": _PIP,
    "pipx": _PIP,
    "pnpm": _STRICT_SSL,
    "podman": _CONTAINERS,
    "rpm": _switch("--nosignature", "--nodigest", "--noverify"),
    "scp": _SSH,
    "sftp": _SSH,
    "skopeo": _CONTAINERS,
    "ssh": _SSH,
    "svn": _SUBVERSION,
    "tdnf": _RPM,
    "uv": _PIP,
    "wget": _switch("--no-check-certificate", rf"check_certificate[ =]{_FALSE}"),
    "yarn": _STRICT_SSL,
    "yum": _RPM,
    "yum-config-manager": _RPM,
    "zypper": _switch("--no-gpg-checks?", "--gpg-auto-import-keys", "--allow-unsigned-rpm"),
}
"""By program, the options that switch verification off; looked for in its arguments, joined by blanks."""
_MAX_ARGUMENTS = 64 << 10
"""Characters of a command's arguments that are looked at; longer ones are lists of files."""
_VERSIONED = re.compile(r"(pip|gpg|dnf)-?[\d.]+")
_CURL_LETTERS_WITH_VALUE = frozenset("AbcCdDeEFHKmoPQrtTuUwxXyYz")


def _insecure_option_of_curl(command: Command) -> str | None:
    """Return `-k` in any spelling; behind `o` in `-okey` is a file's name, behind `-H` a value."""
    words = iter(command.arguments)
    for word in words:
        if word in ("--insecure", "--proxy-insecure", "--doh-insecure"):
            return word
        if word[:1] != "-" or word[:2] == "--":
            continue
        place = next((place for place, sign in enumerate(word) if sign in _CURL_LETTERS_WITH_VALUE), len(word))
        if "k" in word[:place]:
            return word
        if place == len(word) - 1:
            next(words, None)
    return None


def _switched_off(command: Command) -> str | None:
    """Return the option that switches verification off, or None."""
    program, arguments = command.program, command.arguments
    if program.startswith("python") and arguments[:2] == ("-m", "pip"):
        program = "pip"
    elif versioned := _VERSIONED.fullmatch(program):
        program = versioned[1]
    if program == "curl":
        return _insecure_option_of_curl(command)
    switch = _SWITCHES.get(program)
    found = _pattern(switch).search((" " + " ".join(arguments))[:_MAX_ARGUMENTS]) if switch else None
    return found[1] if found else None


def _asks_only_itself(command: Command) -> bool:
    """True if every address is on this machine, where no network is between."""
    addresses = [word for word in command.arguments if "://" in word]
    return bool(addresses) and all(map(is_local, addresses))


_TAKES_FILES = frozenset({"apk", "apt", "apt-get", "dnf", "microdnf", "yum", "zypper"})
_PACKAGE_FILE = re.compile(r"\.(?:apk|deb|rpm)$|^\.{0,2}/")


def _lists_only(command: Command) -> bool:
    """True for `apk index`, which lists the packages in a folder and installs none."""
    return command.program == "apk" and "index" in command.arguments


def _given(command: Command) -> tuple[list[str], list[str]]:
    """Return the files of packages, and the names of packages, that a package manager is given."""
    if command.program not in _TAKES_FILES or any("://" in word for word in command.arguments):
        return [], []
    given = [word.text for word in command.operands("-t", "--virtual", "-X", "--repository", "-o")][1:]
    files = [one for one in given if _PACKAGE_FILE.search(one)]
    return files, [one for one in given if one not in files]


def _is_made_up_for(command: Command) -> bool:
    """True if a digest or a signature that the build checks stands in for what is switched off."""
    if command.program in DOWNLOADERS:
        name = saved_name(command)
        return bool(name) and is_verified(command, [name])
    files, names = _given(command)
    return not names and is_verified(command, map(posixpath.basename, files))


def _severity_of(command: Command) -> Severity | None:
    """Medium for files of packages, as GD001 and GD029 say where those came from, and for what a repository adds to
    files that are verified.
    """
    files, names = _given(command)
    is_milder = bool(files) and (not names or is_verified(command, map(posixpath.basename, files)))
    return Severity.MEDIUM if is_milder else None


def _is_harmless(command: Command) -> bool:
    return _asks_only_itself(command) or _lists_only(command) or _is_made_up_for(command)


@rule(
    "GD008",
    Severity.HIGH,
    "Download verification is switched off",
    looks_at=instructions("RUN"),
    why="Without it anyone on the network path can pose as the server, or pass off a package as the distribution's. "
    "A download whose digest or signature is checked in the same or a later step is not reported.",
    mend="Install the missing certificate authority or signing key, and remove the option.",
    references=("CWE-295", "CWE-347", "CIS-DI-0011"),
    bad="RUN curl -kO https://packages.example/a.tgz",
    good="RUN curl -O https://packages.example/a.tgz",
    fix_on_request=True,
)
def verification_off(step: Step) -> Iterator[Hit]:
    for command in step.commands:
        option = _switched_off(command)
        if option is not None and not _is_harmless(command):
            changes = remove_option(command, option, "k") if command.program in ("curl", "wget") else ()
            what = "certificate verification" if command.program in _FETCH_BY_TLS else "verification"
            message = f"{command.program} {option} skips {what}"
            yield command.hit(message, changes=changes, severity=_severity_of(command))
    for command, name, value, word in exports(step):
        if is_switched_off(name, value):
            yield command.hit(f"{name} switches verification off", word)


_Test = Callable[[str], bool]


def _any_of(*values: str) -> _Test:
    return lambda value: value.strip().lower() in values


def _holds(*parts: str) -> _Test:
    return lambda value: any(part in value.lower() for part in parts)


_is_false = _any_of("false", "0", "no", "off")
_is_true = _any_of("true", "1", "yes", "on")
_OFF_BY_VARIABLE: Mapping[str, _Test] = {
    "AZURE_CLI_DISABLE_CONNECTION_VERIFICATION": _is_true,
    "BUNDLE_SSL_VERIFY_MODE": _any_of("0"),
    "CARGO_HTTP_CHECK_REVOKE": _is_false,
    "COMPOSER_DISABLE_TLS": _is_true,
    "CONDA_SSL_VERIFY": _is_false,
    "CURL_CA_BUNDLE": _any_of(""),
    "GIT_SSH_COMMAND": _holds("stricthostkeychecking=no", "stricthostkeychecking no", "userknownhostsfile=/dev/null"),
    "GIT_SSL_NO_VERIFY": lambda value: True,  # git asks whether it is set, whatever its value
    "GOFLAGS": _holds("-insecure"),
    "GOINSECURE": bool,
    "GONOSUMCHECK": _is_true,
    "GONOSUMDB": _any_of("*"),
    "GOSUMDB": _any_of("off"),
    "MAVEN_OPTS": _holds("ssl.insecure=true", "ssl.allowall=true", "securitymode=insecure"),
    "NODE_TLS_REJECT_UNAUTHORIZED": _any_of("0"),
    "NPM_CONFIG_STRICT_SSL": _is_false,
    "PIP_TRUSTED_HOST": bool,
    "PYTHONHTTPSVERIFY": _any_of("0"),
    "REQUESTS_CA_BUNDLE": _any_of(""),
    "RUSTUP_USE_UNSAFE_SSL": bool,
    "UV_INSECURE_HOST": bool,
    "YARN_ENABLE_STRICT_SSL": _is_false,
    "YARN_STRICT_SSL": _is_false,
}
"""Variables that switch verification off, and with which values."""


def is_switched_off(name: str, value: str) -> bool:
    """True if a variable with this value switches verification off for the programs that read it."""
    test = _OFF_BY_VARIABLE.get(name.upper())
    return test is not None and bool(test(value))


@rule(
    "GD011",
    Severity.HIGH,
    "Verification is switched off for all later steps",
    looks_at=instructions("ARG", "ENV"),
    why="Every later step (and with ENV the running container) accepts anything that poses as the server.",
    mend="Install the missing certificate authority, and remove the variable.",
    references=("CWE-295",),
    bad="ENV NODE_TLS_REJECT_UNAUTHORIZED=0",
    good="ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company.pem",
)
def verification_off_by_variable(step: Step) -> Iterator[Hit]:
    for name, value, word in step.assignments():
        if value is not None and is_switched_off(name, value):
            yield step.hit(f"{name} switches verification off", word)


_BLANK = r"[ \t]*+"
_OFF_IN_FILE = lazy_regex(
    rf"""
      \[[^\]\n]{{0,200}}\btrusted{_BLANK}={_BLANK}yes\b(?![^\]\n]{{0,200}}\]{_BLANK}(?:file|copy|cdrom):)
    | ^{_BLANK}(?:repo_)?(?:gpgcheck|sslverify){_BLANK}={_BLANK}{_FALSE}{_BLANK}$
    | \bs/[^/\n]{{0,200}}/[^/\n]{{0,200}}\b(?:gpgcheck|sslverify){_BLANK}={_BLANK}{_FALSE}/
    | ^{_BLANK}(?:--)?(?:insecure|proxy-insecure){_BLANK}$
    | \b(?:strict-ssl|ssl_verify|check_certificate|enableStrictSsl|sslVerify){_BLANK}[=:]?{_BLANK}["']?{_FALSE}\b
    | ^{_BLANK}trusted-host{_BLANK}=
    | \bStrictHostKeyChecking[ \t=]{{1,20}}(?:no|off)\b
    | \bAllow(?:Unauthenticated|InsecureRepositories)["']?{_BLANK}["']?(?:true|1|yes)\b
    | \bVerify-(?:Peer|Host)["']?{_BLANK}["']?{_FALSE}\b
    | ^{_BLANK}SigLevel{_BLANK}={_BLANK}(?:Never|Optional[ ]TrustAll)\b
    | :ssl_verify_mode:{_BLANK}0\b
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)


@rule(
    "GD019",
    Severity.HIGH,
    "Verification is switched off in a configuration file",
    looks_at=instructions("COPY", "RUN", where=writes_texts),
    why="Every later use of the program accepts anything that poses as the server or the distribution.",
    mend="Add the certificate authority, or the repository's key with [signed-by=/usr/share/keyrings/…], instead.",
    references=("CWE-295", "CWE-347", "CIS-DI-0011"),
    bad="RUN echo 'deb [trusted=yes] https://packages.example/apt stable main' > /etc/apt/sources.list.d/x.list",
    good=(
        "RUN echo 'deb [signed-by=/usr/share/keyrings/x.asc] https://packages.example/apt stable main' "
        "> /etc/apt/sources.list.d/x.list"
    ),
)
def verification_off_in_file(step: Step) -> Iterator[Hit]:
    for text in written(step):
        found = _OFF_IN_FILE.search(text.content)
        if found:
            yield text.hit(f"“{found[0].strip()}” skips verification")


@rule(
    "GD020",
    Severity.LOW,
    "Key fetched without checking its fingerprint",
    looks_at=programs("apt-key", "gpg", "gpg2", "rpm", "ssh-keyscan"),
    why="Whichever server answers decides which key is trusted; a short key id can be forged.",
    mend="Keep the key in the repository and COPY it, or name all 40 digits of its fingerprint.",
    references=("CWE-322", "CWE-347", "CIS-DI-0011"),
    bad="RUN gpg --keyserver hkps://keys.example --recv-keys 0BADC0DE",
    good="RUN gpg --keyserver hkps://keys.example --recv-keys 0123456789ABCDEF0123456789ABCDEF01234567",
)
def key_without_fingerprint(command: Command) -> Iterator[Hit]:
    if command.step.name == "RUN" and (reason := _why_key_is_unknown(command)):
        yield command.hit(reason)


_RECEIVES = frozenset({"--recv-keys", "--recv-key", "--recv", "--receive-keys"})
_FINGERPRINT = re.compile(r"(?:0x)?[0-9A-F]{40}(?:[0-9A-F]{24})?", re.IGNORECASE)


def _why_key_is_unknown(command: Command) -> str | None:
    arguments = command.arguments
    if command.program == "ssh-keyscan":
        return "ssh-keyscan trusts whatever answers"
    if command.program == "rpm":
        remote = "--import" in arguments and any(word.lower().startswith("http://") for word in arguments)
        return "the key comes over plain http" if remote else None
    place = next((place for place, word in enumerate(arguments) if word in _RECEIVES), None)
    if place is None:
        return "apt-key trusts the key for every repository" if "add" in arguments[:1] else None
    keys = [word for word in arguments[place + 1 :] if not word.startswith("-") and "$" not in word and "…" not in word]
    short = next((key for key in keys if key.removeprefix("0x").isalnum() and not _FINGERPRINT.fullmatch(key)), None)
    return f"{short} is no whole fingerprint" if short else None


@rule(
    "GD021",
    Severity.LOW,
    "Download checked with a broken hash algorithm",
    looks_at=run_programs("md5", "md5sum", "sha1sum", "shasum"),
    why="Anyone can create two files with the same MD5 or SHA-1 digest.",
    mend="Compare the SHA-256 digest: echo '… a.tgz' | sha256sum -c -.",
    references=("CWE-328",),
    bad="RUN curl -O https://packages.example/a.tgz && echo '0123 a.tgz' | md5sum -c -",
    good="RUN curl -O https://packages.example/a.tgz && echo '0123 a.tgz' | sha256sum -c -",
)
def weak_digest(command: Command) -> Iterator[Hit]:
    is_weak = command.program != "shasum" or not command.has_option("-a", "--algorithm")
    if is_weak and command.has_option("-c", "--check"):
        yield command.hit(f"{command.program} is no protection against an attacker who wants to change the file")
