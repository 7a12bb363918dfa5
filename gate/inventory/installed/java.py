"""Java archives: what `pom.properties` state, several in a shaded archive; else the manifest and the file's name.

The manifest has no field for Maven's group. It is believed only where its bundle name or vendor id is one, together
with the artifact and version in the file's name, and such archives are counted apart; all else is counted as nameless.
"""

import re
from collections.abc import Iterator

import msgspec

from gate.inventory.installed.archives import ENDINGS, ArchiveMetadata, ArchiveReader
from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import Finder, Nameless, language_package
from gate.model import Package
from gate.trees import FileTree

NAMELESS = Nameless("Java archives that do not say what they are")
GUESSED = Nameless("Java archives known by file name and manifest alone")
_FILE_NAME = re.compile(r"(?P<artifact>[A-Za-z][\w.-]*?)-(?P<version>\d[\w.+-]*)\.[a-z]+")
_GROUP = re.compile(
    r"(?:com|org|net|io|dev|app|edu|gov|info|biz|cloud|tech|software|jakarta|javax|[a-z]{2})(?:\.[A-Za-z0-9_-]+)+"
)
"""A domain backwards: other names of bundles and modules are no group, and a wrong name would pass silently."""
_KNOWN_GROUPS = (
    (re.compile(r"spring-boot(?:-.+)?"), "org.springframework.boot"),
    (re.compile(r"spring-security-.+"), "org.springframework.security"),
    (
        re.compile(
            r"spring-(?:aop|aspects|beans|context(?:-.+)?|core|expression|jcl|jdbc|jms|messaging|orm|oxm|r2dbc|test|tx"
            r"|web|webflux|webmvc(?:-portlet)?|websocket)"
        ),
        "org.springframework",
    ),
    (re.compile(r"tomcat-embed-.+"), "org.apache.tomcat.embed"),
    (re.compile(r"jackson-(?:annotations|core|databind)"), "com.fasterxml.jackson.core"),
    (re.compile(r"log4j-(?:1\.2-api|api|core|jcl|jul|slf4j2?-impl|web)"), "org.apache.logging.log4j"),
    (re.compile(r"commons-(?:collections4|compress|configuration2|csv|lang3|math3|text)"), "org.apache.commons"),
    (re.compile(r"http(?:client|core|mime)"), "org.apache.httpcomponents"),
    (re.compile(r"struts2-.+"), "org.apache.struts"),
    (re.compile(r"shiro-.+"), "org.apache.shiro"),
    (re.compile(r"netty-(?:all|buffer|common|(?:codec|handler|resolver|tcnative|transport)(?:-.+)?)"), "io.netty"),
    (re.compile(r"jetty-(?:http|io|security|server|servlet|servlets|util|webapp)"), "org.eclipse.jetty"),
    (re.compile(r"logback-(?:access|classic|core)"), "ch.qos.logback"),
    (re.compile(r"bc(?:mail|pg|pkix|prov|tls|util)-jdk.+"), "org.bouncycastle"),
    (re.compile(r"slf4j-.+|jcl-over-slf4j|jul-to-slf4j|log4j-over-slf4j"), "org.slf4j"),
    (re.compile(r"protobuf-java(?:-util)?"), "com.google.protobuf"),
    (re.compile(r"(?:okhttp|logging-interceptor)"), "com.squareup.okhttp3"),
    (
        re.compile(
            r"antlr|c3p0|cglib|commons-(?:beanutils|cli|codec|collections|configuration|dbcp|digester|discovery|el"
            r"|fileupload|httpclient|io|jxpath|lang|logging|net|pool|validator)|dom4j|javassist|jaxen|jdom|joda-time|junit"
            r"|log4j|oro|velocity|xalan|xmlunit"
        ),
        "",
    ),
)
"""Artifacts whose archives often state no group, as other tools than Maven build them; empty: it is their own name.

Source, of these and of the single ones below: the `pom.xml` of projects that depend on them (those of the corpus of
truth, and public ones for those that it lacks), looked up on 2026-11-28. No pattern may take in artifacts of other
groups, as `netty-nio-client` of the AWS SDK.
"""
_KNOWN_ARTIFACTS = {
    "esapi": "org.owasp.esapi",
    "fastjson": "com.alibaba",
    "gson": "com.google.code.gson",
    "guava": "com.google.guava",
    "h2": "com.h2database",
    "hsqldb": "org.hsqldb",
    "jsoup": "org.jsoup",
    "mysql-connector-java": "mysql",
    "postgresql": "org.postgresql",
    "quartz": "org.quartz-scheduler",
    "snakeyaml": "org.yaml",
    "tika-core": "org.apache.tika",
    "woodstox-core": "com.fasterxml.woodstox",
    "xercesImpl": "xerces",
    "xstream": "com.thoughtworks.xstream",
}
"""Single artifacts to their groups."""


class _Named(msgspec.Struct, frozen=True, order=True):
    group: str
    artifact: str
    version: str

    @property
    def name(self) -> str:
        return f"{self.group}:{self.artifact}"


def finder(_: FileTree) -> Finder:
    """Return the test for archives, by their names."""
    return lambda path, _: path.lower().endswith(ENDINGS)


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package | Nameless]:
    """Yield what an archive and those in it are; `via` names the archive that holds another."""
    stated: dict[tuple[str, ...], list[ArchiveMetadata]] = {}
    for statement in ArchiveReader(path).statements(content, (path.rpartition("/")[2],)):
        stated.setdefault(statement.archive, []).append(statement)
    for archive, statements in stated.items():
        named, doubt = _named(archive[-1], statements)
        if doubt:
            yield doubt
        for one in named:
            made = language_package("Maven", one.name, one.version, path, _license(statements, named))
            yield msgspec.structs.replace(made, via=archive[:-1])


def _named(file: str, statements: list[ArchiveMetadata]) -> tuple[list[_Named], Nameless | None]:
    """Return all that an archive holds, by its properties if it has any, and what is to be said of them."""
    properties = (_fields(one.content) for one in statements if one.name.endswith("/pom.properties"))
    found = {
        _Named(stated.get("groupId", ""), stated.get("artifactId", ""), stated.get("version", ""))
        for stated in properties
    }
    complete = sorted(one for one in found if one.group and one.artifact and one.version and "${" not in str(one))
    if complete:
        return complete, None
    guessed = list(_by_manifest(file, statements))
    return guessed, GUESSED if guessed else NAMELESS


def _by_manifest(file: str, statements: list[ArchiveMetadata]) -> Iterator[_Named]:
    name = _FILE_NAME.fullmatch(file)
    if name is not None:
        group = _group(_manifest_of(statements), name["artifact"])
        if group:
            yield _Named(group, name["artifact"], name["version"])


def _group(manifest: dict[str, str], artifact: str) -> str | None:
    """Return the vendor's id, else the group that the bundle's or module's name starts with, else a known one."""
    vendor = manifest.get("Implementation-Vendor-Id", "")
    if _GROUP.fullmatch(vendor):
        return vendor
    for key in ("Bundle-SymbolicName", "Automatic-Module-Name"):
        bundle = manifest.get(key, "").partition(";")[0].strip()
        if _GROUP.fullmatch(bundle):
            return _without(bundle, artifact)
    if artifact in _KNOWN_ARTIFACTS:
        return _KNOWN_ARTIFACTS[artifact]
    return next((group or artifact for pattern, group in _KNOWN_GROUPS if pattern.fullmatch(artifact)), None)


def _without(bundle: str, artifact: str) -> str:
    """Return the group of a bundle's name, which usually ends with the artifact or its last word."""
    for ending in (artifact.rpartition("-")[2], artifact, artifact.replace("-", ".")):
        head = bundle.removesuffix("." + ending)
        if head != bundle and "." in head:
            return head
    return bundle


def _manifest_of(statements: list[ArchiveMetadata]) -> dict[str, str]:
    return next((main_section(one.content) for one in statements if one.name.endswith("MANIFEST.MF")), {})


def _fields(content: bytes) -> dict[str, str]:
    """Return the entries of a properties file as Maven writes it."""
    rows = (row.partition("=") for row in content.decode("utf-8", "replace").splitlines() if not row.startswith("#"))
    return {key.strip(): value.strip() for key, equals, value in rows if equals}


def main_section(content: bytes) -> dict[str, str]:
    """Return the main section of a manifest; a line that starts with a blank goes on from the one before."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").partition("\n\n")[0].replace("\n ", "")
    rows = (row.partition(": ") for row in text.split("\n"))
    return {key: value.strip() for key, colon, value in rows if colon}


def _license(statements: list[ArchiveMetadata], named: list[_Named]) -> str | None:
    """Return the licence of the manifest (OSGi Core, "Bundle-License"), which speaks of an archive's only package."""
    if len(named) != 1:
        return None
    return _manifest_of(statements).get("Bundle-License", "").partition(";")[0].strip()
