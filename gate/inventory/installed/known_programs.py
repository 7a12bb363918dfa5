"""Well-known programs and libraries that no package states: what they are called, and the version they print.

Official images install node, Python or nginx without a package manager. Each program carries its version as text,
because it prints it: `nginx -v`, `curl --version`. A file that a package of the distribution owns is judged as that
package and does not come here.
"""

import re
from collections.abc import Iterator

import msgspec

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.elf import MAGIC
from gate.inventory.installed.packages import Finder, check
from gate.model import Package
from gate.trees import FileTree

BITNAMI = "Bitnami"
"""OSV's ecosystem of programs outside of distributions."""
GENERIC = "generic"
"""Programs that OSV has no advisories for."""
_VERSION = rb"(\d{1,2}\.\d{1,3}(?:\.\d{1,3})?)"
_THREE = rb"(\d{1,2}\.\d{1,3}\.\d{1,3})"


class KnownProgram(msgspec.Struct, frozen=True):
    """A program: its name among packages, the names of its files, and the text that holds its version."""

    name: str
    file: str
    """Expression for the file's name, without folders."""
    text: bytes
    """Expression whose first group is the version. `{release}` stands for what the file's name says of it."""
    ecosystem: str = BITNAMI
    is_elf: bool = True


KNOWN = (
    KnownProgram("apache", r"httpd|apache2", rb"Apache/" + _THREE),
    KnownProgram("bash", r"bash", rb"Bash version " + _THREE, GENERIC),
    KnownProgram("busybox", r"busybox(?:\..+)?", rb"BusyBox v" + _THREE, GENERIC),
    KnownProgram("curl", r"curl", rb"\bcurl[ /]" + _THREE),
    KnownProgram("curl", r"libcurl(?:-gnutls)?\.so\.\d.*", rb"libcurl[ /]" + _THREE),
    KnownProgram("envoy", r"envoy", rb"/" + _THREE + rb"/(?:Clean|Modified)/(?:RELEASE|DEBUG)/"),
    KnownProgram("git", r"git", rb"\bgit/" + _THREE),
    KnownProgram("glibc", r"libc\.so\.6|libc-2\.\d+\.so", rb"GNU C Library [^\n\0]{0,100}version " + _VERSION, GENERIC),
    KnownProgram("golang", r"VERSION", rb"\Ago" + _VERSION + rb"\s", is_elf=False),
    KnownProgram("haproxy", r"haproxy", rb"\0([1-9]\.\d{1,2}\.\d{1,3})(?:-[0-9A-Za-z.+~]{1,30})?\0"),
    KnownProgram("java", r"release", rb'^JAVA_VERSION="(\d[0-9._]{0,20})"', is_elf=False),
    KnownProgram("mariadb", r"mariadbd|mysqld", _THREE + rb"-MariaDB"),
    KnownProgram("musl", r"ld-musl-.+\.so\.1|libc\.musl-.+\.so\.1", rb"Version (1\.\d{1,2}\.\d{1,2})\n", GENERIC),
    KnownProgram("mysql", r"mysqld", rb"\bmysql-" + _THREE),
    KnownProgram("nginx", r"nginx(?:-debug)?", rb"\bnginx/" + _THREE),
    KnownProgram("node", r"node(?:js)?|libnode\.so\.\d+", rb"node\.js/v" + _THREE),
    KnownProgram("openssl", r"openssl|lib(?:ssl|crypto)\.so\.[0-9.]+", rb"OpenSSL (\d\.\d{1,2}\.\d{1,2}[a-z]{0,2})\b"),
    KnownProgram("perl", r"perl(?:5[0-9.]*)?|libperl\.so\.5.*", rb"\0v(5\.\d{1,2}\.\d{1,2})\0", GENERIC),
    KnownProgram("php", r"php(?:-fpm|-cgi)?[0-9.]*|libphp[0-9.]*\.so", rb"PHP/" + _THREE),
    KnownProgram("postgresql", r"postgres", rb"\(PostgreSQL\) " + _VERSION),
    KnownProgram(
        "python",
        r"(?:lib)?python(?P<release>[23]\.\d{1,2})[mdu]*(?:\.so(?:\.1\.0)?)?",
        rb"(?<![0-9.])({release}\.\d{1,2}(?:(?:a|b|rc)\d{1,2})?)\+?\0",
    ),
    KnownProgram(
        "redis",
        r"redis-(?:server|check-rdb|check-aof|sentinel)",
        rb"\0" + _THREE + rb"(?:[0-9A-Za-z._-]{0,64}-)?1\d{9}[0-9a-f]{0,9}\0",
    ),
    KnownProgram(
        "ruby", r"ruby[0-9.]*|libruby(?:-[0-9.]+)?\.so\.[0-9.]+", rb"\bruby " + _THREE + rb"(?:p\d+|) \(\d{4}-"
    ),
    KnownProgram("sqlite", r"libsqlite3\.so\.0.*|sqlite3", rb"\0(3\.\d{1,2}\.\d{1,2})\0", GENERIC),
    KnownProgram("zlib", r"libz\.so\.1.*", rb"(?:de|in)flate (1\.\d{1,2}(?:\.\d{1,3}){0,2}) Copyright", GENERIC),
)
"""In the order of their names. For the first that the file's name and content fit, it is a package."""

_FOLDER_OF = {"golang": "/go/VERSION"}
"""How the path of a file ends whose own name says too little."""

_ANY_NAME = re.compile("|".join(program.file.replace("?P<release>", "") for program in KNOWN))


def finder(_: FileTree) -> Finder:
    """Return the test for files with the name of a known program."""
    return lambda _, entry: bool(entry.size) and _ANY_NAME.fullmatch(entry.path.rpartition("/")[2]) is not None


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield the program as a package; nothing if the file only has its name."""
    is_elf = content.startswith(MAGIC)
    for program, text in _candidates(path):
        found = re.search(text, content, re.MULTILINE) if is_elf == program.is_elf else None
        if found is not None:
            yield _package(program, found[1].decode("ascii"), path)
            return


def _package(program: KnownProgram, version: str, path: str) -> Package:
    from packageurl import PackageURL

    check(path, version)
    return Package(
        name=program.name,
        version=version,
        ecosystem=program.ecosystem,
        purl=PackageURL("generic", None, program.name, version).to_string(),
        path=path,
    )


def _candidates(path: str) -> Iterator[tuple[KnownProgram, bytes]]:
    """Yield the programs that a file may be by its name, with the expression for their version."""
    name = path.rpartition("/")[2]
    for program in KNOWN:
        match = re.fullmatch(program.file, name)
        if match and path.endswith(_FOLDER_OF.get(program.name, "")):
            release = re.escape(match.groupdict().get("release", ""))
            yield program, program.text.replace(b"{release}", release.encode())
