"""A vulnerability in a feature of a framework, and an application that has the feature or has it not."""

from pathlib import Path

import msgspec
import pytest

from gate.model import NOT_SWITCHED_ON, Finding, InUse, Location, Package, Severity, Tree, Vulnerability
from gate.reachability.features import with_features

PAGE = "import Link from 'next/link';\nexport default function Page() { return null; }\n"


def finding(summary: str, *, name: str = "next", ecosystem: str = "npm", use: InUse = InUse.YES) -> Finding:
    return Finding(
        stage="dependencies",
        rule="GHSA-1",
        severity=Severity.HIGH,
        title=f"{name} 15.0.1: {summary}",
        message="…",
        fingerprint="0" * 32,
        location=Location(target=".", path="package-lock.json"),
        package=Package(name=name, version="15.0.1", ecosystem=ecosystem, purl=f"pkg:a/{name}@15.0.1", path="a"),
        vulnerability=Vulnerability(id="GHSA-1"),
        in_use=use,
        in_use_evidence=("app/page.tsx:1 imports next/link",),
    )


def is_off(root: Path, one: Finding) -> bool:
    (root / "app").mkdir(exist_ok=True)
    (root / "app" / "page.tsx").write_text(PAGE)
    (said,) = with_features([one], Tree(name=".", root=str(root)))
    assert said.in_use is one.in_use
    return any(NOT_SWITCHED_ON in sentence for sentence in said.in_use_evidence)


FEATURES = [
    ("Authorization Bypass in Middleware", "src/middleware.ts", "if (!session) return deny()"),
    ("Middleware / Proxy bypass in App Router applications", "proxy.js", "export function proxy() { login() }"),
    ("A request to Middleware is reflected", "middleware.ts", "export function middleware() {}"),
    ("Request smuggling when proxying traffic through rewrites", "next.config.js", "async rewrites() { return []; }"),
    ("Bypass in applications using Turbopack and single locale", "next.config.ts", "const i18n = { locales: [one] }"),
    (
        "Server-Side Request Forgery in something on custom servers",
        "server.js",
        "const handle = app.getRequestHandler()",
    ),
    ("Forgery in rewrites via a destination", "src/middleware.ts", "return NextResponse.rewrite(url)"),
    ("Applications with Partial Prerendering enabled are open", "next.config.ts", "experimental: { ppr: true }"),
    ("Denial of Service in App Router using Server Actions", "app/save.ts", '"use server";'),
    ("Self-hosted applications with remotePatterns configured", "next.config.js", "images: { remotePatterns: [] }"),
    ("Next.js Cache Poisoning", "pages/shop.tsx", "export async function getServerSideProps() {}"),
    ("Next.js authorization bypass vulnerability", "middleware.ts", "export { default } from './lib/guard'"),
    ("Next.js Vulnerable to HTTP Request Smuggling", "next.config.js", "async rewrites() { return []; }"),
    (
        "Forgery in rewrites via attacker-controlled destination hostname",
        "next.config.js",
        "rewrites: () => [{ source: '/:shop', destination: 'https://:shop.example.com/' }]",
    ),
    ("Scripting when beforeInteractive scripts are used", "app/head.tsx", '<Script strategy="beforeInteractive" />'),
]


@pytest.mark.parametrize(("summary", "path", "source"), FEATURES)
def test_a_feature_is_off_until_a_file_or_a_word_switches_it_on(
    summary: str, path: str, source: str, tmp_path: Path
) -> None:
    assert is_off(tmp_path, finding(summary))
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text(source)
    assert not is_off(tmp_path, finding(summary))


def test_an_advisory_on_two_features_asks_for_both(tmp_path: Path) -> None:
    open_with_languages = finding("Pages Router applications with i18n configured are open")
    (tmp_path / "next.config.mjs").write_text("export default { i18n: {} }")
    assert is_off(tmp_path, open_with_languages)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.jsx").write_text(PAGE)
    assert not is_off(tmp_path, open_with_languages)


def test_each_application_of_a_repository_is_asked_for_itself(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "proxy.ts").write_text("if (!session) return deny()")
    bypass = finding("Middleware / Proxy bypass in App Router applications")
    assert not is_off(tmp_path, bypass)
    of_site = msgspec.structs.replace(bypass, location=Location(target=".", path="site/package-lock.json"))
    assert is_off(tmp_path, of_site)


@pytest.mark.parametrize(
    ("summary", "path", "source"),
    [
        ("Authorization Bypass in Next.js Middleware", "middleware.ts", "import m from 'next-intl/middleware'"),
        ("Applications with a single locale", "next.config.ts", "plugin('./src/i18n/request.ts')"),
        (
            "Forgery in rewrites via attacker-controlled destination hostname",
            "next.config.js",
            "rewrites: () => [{ source: '/api/:path*', destination: 'https://api.example.com/:path*' }]",
        ),
    ],
)
def test_a_feature_that_is_used_for_something_else_is_off(summary: str, path: str, source: str, tmp_path: Path) -> None:
    (tmp_path / path).write_text(source)
    assert is_off(tmp_path, finding(summary))


@pytest.mark.parametrize("path", ["tests/middleware.ts", "node_modules/a/middleware.ts", "docs/middleware.ts"])
def test_what_does_not_ship_switches_nothing_on(path: str, tmp_path: Path) -> None:
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("export function middleware() {}")
    assert is_off(tmp_path, finding("Authorization Bypass in Middleware"))


@pytest.mark.parametrize(
    "one",
    [
        finding("Cache confusion of response bodies"),
        finding("React Server Components allow a request to Server Actions and Server Function endpoints to hang"),
        finding("Authorization Bypass in Middleware", name="express"),
        finding("Authorization Bypass in Middleware", use=InUse.UNKNOWN),
    ],
)
def test_nothing_is_said_where_the_summary_or_the_sources_do_not_tell(one: Finding, tmp_path: Path) -> None:
    assert not is_off(tmp_path, one)


@pytest.mark.parametrize(
    ("summary", "path", "source"),
    [
        (
            "Forgery in rewrites via a destination",
            "next.config.js",
            "// Next.js rewrites would do as well\n  * rewrites",
        ),
        ("Pages Router applications with i18n configured are open", "payload.config.ts", "export default { i18n: {} }"),
        ("Denial of service on custom servers", "app/say.ts", "/* getRequestHandler is of a server of one's own */"),
    ],
)
def test_a_comment_and_another_programs_configuration_switch_nothing_on(
    summary: str, path: str, source: str, tmp_path: Path
) -> None:
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text(source)
    assert is_off(tmp_path, finding(summary))


OF_DJANGO = [
    ("`FilteredRelation` is subject to SQL injection", "shop/models.py", "query.annotate(FilteredRelation('a'))"),
    (
        "QuerySet.annotate(), QuerySet.alias() are subject to",
        "shop/api.py",
        "query.annotate(\n    **request.GET.dict()\n)",
    ),
    ("`ASGIRequest` allows a remote attacker", "requirements.txt", "uvicorn==0.30"),
    ("The urlize and urlizetrunc template filters", "shop/templates/a.html", "{{ text|urlize }}"),
    (
        "Raster lookups (only implemented on PostGIS)",
        "shop/settings.py",
        "ENGINE = 'django.contrib.gis.db.backends.postgis'",
    ),
    ("forged `POST` data in `GenericInlin…", "shop/admin.py", "class Tags(GenericTabularInline): ..."),
]


@pytest.mark.parametrize(("summary", "path", "source"), OF_DJANGO)
def test_a_feature_of_django_is_off_until_the_application_names_it(
    summary: str, path: str, source: str, tmp_path: Path
) -> None:
    one = finding(f"An issue was discovered in Django 4.2. {summary}", name="Django", ecosystem="PyPI")
    (tmp_path / "shop" / "templates").mkdir(parents=True)
    (tmp_path / "shop" / "urls.py").write_text("from django.urls import path\nquery.annotate(total=Sum('price'))\n")
    assert is_off(tmp_path, one)
    (tmp_path / path).write_text(source)
    assert not is_off(tmp_path, one)


def test_where_django_runs_is_known_from_what_deploys_it(tmp_path: Path) -> None:
    slow = finding("NFKC normalization in Python is slow on Windows.", name="django", ecosystem="PyPI")
    assert not is_off(tmp_path, slow)
    (tmp_path / "Dockerfile").write_text("FROM python:3.13")
    assert is_off(tmp_path, slow)
    (tmp_path / "web.config").write_text("<configuration/>")
    assert not is_off(tmp_path, slow)


def test_what_fastapi_loads_keeps_no_names_of_uploads_unless_a_source_asks_for_it(tmp_path: Path) -> None:
    summary = "Python-Multipart has Arbitrary File Write via Non-Default Configuration"
    one = finding(summary, name="python-multipart", ecosystem="PyPI", use=InUse.UNKNOWN)
    assert not is_off(tmp_path, one)  # without a source in Python nothing is known
    (tmp_path / "main.py").write_text("from fastapi import FastAPI, UploadFile\n")
    assert is_off(tmp_path, one)
    (tmp_path / "forms.py").write_text("config = {'UPLOAD_KEEP_FILENAME': True}\n")
    assert not is_off(tmp_path, one)


MULTIPART = "python-multipart"
OF_SERVERS = [
    (
        MULTIPART,
        "python-multipart has Denial of Service via unbounded multipart part headers",
        "Depends(OAuth2PasswordRequestForm)",
    ),
    ("fastapi", "vulnerability (CVE-2024-24762)", "def take(file: UploadFile): ..."),
    ("starlette", "Denial of service (DoS) via multipart/form-data", "form = await request.form()"),
    (
        "starlette",
        "O(n^2) DoS via Range header merging in ``starlette.responses.FileResponse``",
        "app.mount('/', StaticFiles())",
    ),
    (
        "aiohttp",
        "Denial of Service when trying to parse malformed POST requests",
        "from aiohttp import ClientSession, web",
    ),
    ("aiohttp", "AIOHTTP's HTTP Parser auto_decompress feature is vulnerable to zip bomb", "import aiohttp.web"),
]


def test_the_debugger_of_flask_is_on_where_anything_names_it(tmp_path: Path) -> None:
    one = finding("Werkzeug debugger vulnerable to remote execution", name="Werkzeug", ecosystem="PyPI")
    (tmp_path / "main.py").write_text("from flask import Flask\napp = Flask(__name__)\napp.run(host='0.0.0.0')\n")
    assert is_off(tmp_path, one)
    (tmp_path / "compose.yaml").write_text("environment: [FLASK_DEBUG=1]\n")
    assert not is_off(tmp_path, one)


@pytest.mark.parametrize(("name", "summary", "source"), OF_SERVERS)
def test_a_python_server_without_forms_files_or_a_server_is_not_hit_there(
    name: str, summary: str, source: str, tmp_path: Path
) -> None:
    one = finding(summary, name=name, ecosystem="PyPI")
    (tmp_path / "requirements.txt").write_text("python-multipart==0.0.5\naiohttp==3.8\n")
    assert not is_off(tmp_path, one)  # without a source in Python nothing is known
    (tmp_path / "job.py").write_text("import aiohttp\naiohttp.ClientSession()\n")
    assert is_off(tmp_path, one) == (name == "aiohttp")  # another program may serve by the others
    (tmp_path / "main.py").write_text("from fastapi import FastAPI\n")
    assert is_off(tmp_path, one)
    (tmp_path / "shop.py").write_text(f"{source}\n")
    assert not is_off(tmp_path, one)
