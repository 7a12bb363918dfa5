"""Which packages the repository's own code imports.

Goes through `gate/reachability/imports/`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.ecosystems import all_ecosystems
from gate.model import Finding, InUse, Location, Package, Scope, Severity, Tree, Vulnerability
from gate.pipeline.context import LocalContext
from gate.reachability.imports import php
from gate.reachability.imports import search as searching
from gate.reachability.imports.language import language_of
from gate.reachability.imports.search import with_imports
from gate.settings import Settings

NOW = datetime(2026, 11, 24, tzinfo=UTC)
Files = dict[str, str | bytes]
Ask = Callable[..., tuple[InUse | None, str]]


def about(package: Package) -> Finding:
    return Finding(
        stage="dependencies",
        rule="CVE-2026-1",
        severity=Severity.HIGH,
        title="",
        message="",
        fingerprint="0" * 32,
        location=Location(target="demo", path=package.path),
        package=package,
        vulnerability=Vulnerability(id="CVE-2026-1"),
        in_use=InUse.UNKNOWN,
    )


@pytest.fixture
def ask(make_tree: Callable[[Files], Tree], tmp_path: Path) -> Ask:
    """Return a function that says of a package, in a tree of files, whether it is in use, and why."""

    def run(files: Files, ecosystem: str, name: str, path: str = "lock", **more: object) -> tuple[InUse | None, str]:
        package = Package(name=name, version="1", ecosystem=ecosystem, purl="", path=path, **more)  # type: ignore[arg-type]
        context = LocalContext(settings=Settings(), now=NOW, cache_folder=tmp_path / "cache")
        (finding,) = with_imports([about(package)], make_tree(files), context)
        return finding.in_use, "; ".join(finding.in_use_evidence)

    return run


COMPOSER = '{"packages": [{"name": "guzzlehttp/guzzle", "autoload": {"psr-4": {"GuzzleHttp\\\\": "src/"}}}]}'


@pytest.mark.parametrize(
    ("ecosystem", "name", "source", "text"),
    [
        ("PyPI", "requests", "app.py", "import os, requests.adapters"),
        ("PyPI", "pyyaml", "app.py", "def read():\n    from yaml import safe_load"),
        ("PyPI", "google-cloud-storage", "app.py", "from google.cloud import storage"),
        ("PyPI", "zope-interface", "app.py", "import zope.interface"),
        ("PyPI", "pillow", "app.py", "from PIL import Image"),
        ("npm", "lodash", "app.js", 'const map = require("lodash/map")'),
        ("npm", "@angular/core", "app.ts", "import { Component } from '@angular/core';"),
        ("npm", "axios", "App.vue", '<script setup>\nimport axios from "axios"\n</script>'),
        ("Go", "golang.org/x/text", "main.go", 'import (\n\t"fmt"\n\tt "golang.org/x/text/language" // tags\n)'),
        ("Go", "github.com/gin-gonic/gin", "main.go", 'import "github.com/gin-gonic/gin"'),
        ("crates.io", "tokio-util", "main.rs", "use tokio_util::codec;"),
        ("crates.io", "rand", "main.rs", "fn main() { let x = rand::random(); }"),
        ("RubyGems", "net-ssh", "run.rb", "require 'net/ssh'"),
        ("Packagist", "guzzlehttp/guzzle", "index.php", "<?php\nuse GuzzleHttp\\Client;"),
        ("Packagist", "guzzlehttp/guzzle", "index.php", "<?php\n$client = new \\GuzzleHttp\\Client();"),
        ("Maven", "org.apache.commons:commons-text", "A.java", "import org.apache.commons.text.StringSubstitutor;"),
        (
            "Maven",
            "com.fasterxml.jackson.core:jackson-databind",
            "A.kt",
            "import com.fasterxml.jackson.databind.JsonNode",
        ),
        ("NuGet", "Newtonsoft.Json", "A.cs", "using Newtonsoft.Json.Linq;"),
        ("NuGet", "Serilog", "A.cs", "global using static Serilog.Log;"),
        ("Pub", "http", "main.dart", "import 'package:http/http.dart' as http;"),
    ],
)
def test_an_import_is_in_use(ask: Ask, ecosystem: str, name: str, source: str, text: str) -> None:
    in_use, why = ask({"composer.lock": COMPOSER, f"src/{source}": text}, ecosystem, name, path="composer.lock")
    assert in_use is InUse.YES
    assert why.startswith(f"src/{source}:")


@pytest.mark.parametrize(
    ("ecosystem", "name", "source", "text"),
    [
        ("PyPI", "request", "app.py", "import requests"),
        ("PyPI", "pyyaml", "app.py", "# import yaml\ntext = 'import yaml'\nfrom .yaml import load"),
        ("PyPI", "types-requests", "app.py", "if TYPE_CHECKING:\n    import types_requests"),
        ("npm", "lodash", "app.js", 'require("lodash-es"); require("./lodash")\n// require("lodash")'),
        ("Go", "golang.org/x/text", "main.go", 'import "golang.org/x/textual"'),
        ("crates.io", "rand", "main.rs", "use std::rand::random;"),
        ("RubyGems", "rack", "run.rb", "require 'rackup'"),
        ("Packagist", "guzzlehttp/guzzle", "index.php", "<?php\nuse GuzzleHttpMock\\Client;"),
        ("Maven", "org.apache.commons:commons-text", "A.java", "import org.apache.commons.io.IOUtils;"),
        ("NuGet", "Newtonsoft.Json", "A.cs", "using Newtonsoft.JsonSchema;"),
        ("Pub", "http", "main.dart", "import 'package:http_parser/http_parser.dart';"),
    ],
)
def test_what_only_looks_alike_is_unknown(ask: Ask, ecosystem: str, name: str, source: str, text: str) -> None:
    in_use, why = ask({"composer.lock": COMPOSER, source: text}, ecosystem, name, path="composer.lock")
    assert in_use is InUse.UNKNOWN
    assert why.startswith(f"none of the 1 {language_of(ecosystem).NAME} sources imports it")


def test_the_line_is_told(ask: Ask) -> None:
    assert ask({"a.py": "import os\n\n\nimport flask\n"}, "PyPI", "flask") == (InUse.YES, "a.py:4 imports flask")


def test_what_another_package_brings_in_names_who_imports_that(ask: Ask) -> None:
    in_use, why = ask({"a.js": "require('express')"}, "npm", "qs", direct=False, via=("express", "body-parser"))
    assert in_use is InUse.UNKNOWN
    assert why == "a.js:1 imports express, and express brings it in through body-parser"


def test_bundler_requires_the_gems_of_the_gemfile_alone(ask: Ask) -> None:
    files: Files = {"config/application.rb": 'require "rails"\nBundler.require(*Rails.groups)\n'}
    assert ask(files, "RubyGems", "devise", direct=True) == (
        InUse.YES,
        "config/application.rb:2 imports Bundler.require",
    )
    assert ask(files, "RubyGems", "warden", direct=False)[0] is InUse.UNKNOWN


def test_tests_alone_do_not_bring_a_package_into_use(ask: Ask) -> None:
    in_use, why = ask({"tests/test_a.py": "import faker"}, "PyPI", "faker", scope=Scope.DEVELOPMENT)
    assert in_use is InUse.UNKNOWN
    assert why == ("a development dependency; only tests and examples import it: tests/test_a.py:1 imports faker")


def test_a_source_outside_of_tests_is_named_first(ask: Ask) -> None:
    files: Files = {"app/z.py": "import flask", "tests/test_a.py": "import flask"}
    assert ask(files, "PyPI", "flask") == (InUse.YES, "app/z.py:1 imports flask")


def test_a_lockfile_answers_for_the_sources_below_its_folder(ask: Ask) -> None:
    files: Files = {"web/a.js": "require('koa')", "admin/b.js": "require('express')"}
    assert ask(files, "npm", "koa", path="admin/package-lock.json")[0] is InUse.UNKNOWN
    assert ask(files, "npm", "koa", path="web/package-lock.json")[0] is InUse.YES
    assert ask(files, "npm", "koa", path="package-lock.json")[0] is InUse.YES


def test_a_folder_of_lockfiles_answers_for_the_whole_tree(ask: Ask) -> None:
    assert ask({"app.py": "import flask"}, "PyPI", "flask", path="requirements/base.txt")[0] is InUse.YES


@pytest.mark.parametrize("folder", ["node_modules/x", "vendor/x", ".venv/lib"])
def test_code_of_others_imports_nothing_for_us(ask: Ask, folder: str) -> None:
    assert ask({f"{folder}/a.js": "require('koa')"}, "npm", "koa")[0] is InUse.UNKNOWN


def test_sources_that_are_not_read_are_counted(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MAX_SIZE", 30)
    files: Files = {"a.py": "x = 1", "big.py": "import flask" + " " * 40}
    in_use, why = ask(files, "PyPI", "flask")
    assert in_use is InUse.UNKNOWN
    assert "none of the 1 Python sources (1 more were not read) imports it" in why


def test_a_source_that_is_no_text_imports_nothing(ask: Ask) -> None:
    files: Files = {"a.py": b"\xff\xfe\0flask" * 50}
    assert ask(files, "PyPI", "flask")[0] is InUse.UNKNOWN


def test_a_package_of_no_known_language_is_left_as_it_is(ask: Ask) -> None:
    assert ask({"a.hs": "import Data.Text"}, "Hackage", "text") == (InUse.UNKNOWN, "")


def test_a_composer_lock_is_read_once_whatever_is_asked_of_it() -> None:
    class Counting:
        read_files = 0

        def read(self, path: str, limit: int) -> bytes:
            self.read_files += 1
            return COMPOSER.encode()

    tree = Counting()
    for name in ("guzzlehttp/guzzle", "monolog/monolog", "guzzlehttp/guzzle"):
        php.names_of(Package(name=name, version="1", ecosystem="Packagist", purl="", path="composer.lock"), tree)  # type: ignore[arg-type]
    assert tree.read_files == 1


@pytest.mark.parametrize("ecosystem", [known.name for known in all_ecosystems() if known.language])
def test_hostile_sources_are_read_in_linear_time(ecosystem: str) -> None:
    """Each of these texts takes minutes where a pattern tries again from every place."""
    language = language_of(ecosystem)
    for piece in (
        "import ",
        "use \\A",
        "a.",
        "using X.",
        '"a.b/',
        "require(",
        "\\A\\A",
        " \t",
        "\n ",
        "::a",
        "import a.",
    ):
        for text in (piece * (200_000 // len(piece)), " " * 200_000 + piece):
            for each in language.imports(text):
                list(language.keys_of(each.module))
