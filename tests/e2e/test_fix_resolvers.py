"""`gate fix` with the real package managers: what it writes holds, and what a repository brings does not run.

The package index and the npm registry are those of this machine's own configuration; gems, packages of PHP and what
Poetry locks are served by the test.
"""

import hashlib
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

STOREFRONT = Path(__file__).parents[2] / "examples" / "storefront" / "advisories"
SCORE = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
FLAWS = {
    "PyPI": {"urllib3": "1.26.17", "jinja2": "3.1.6", "flawed": "1.0.1"},
    "npm": {"lodash": "4.17.21", "minimist": "1.2.6", "qs": "6.9.7", "body-parser": "1.20.3"},
    "crates.io": {"flawed": "1.0.1"},
    "Go": {"packages.example/flawed": "1.0.1"},
    "RubyGems": {"flawed": "1.0.1"},
    "Packagist": {"acme/flawed": "1.0.1"},
}
"""Invented advisories: packages and the versions without the flaw."""
FROZEN = "certifi==2023.7.22\nchardet==3.0.4\nidna==2.7\nrequests==2.20.0\nurllib3==1.24.3\n"
"""requests 2.20.0 takes no urllib3 above 1.24, and 2.25.0 is the first that takes 1.26."""
Fix = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def advisories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("advisories")
    for file in ("epss_scores-current.csv.gz", "known_exploited_vulnerabilities.json"):
        shutil.copy(STOREFRONT / file, folder / file)
    for ecosystem, packages in FLAWS.items():
        (folder / ecosystem).mkdir()
        with zipfile.ZipFile(folder / ecosystem / "all.zip", "w") as archive:
            for number, (name, fixed) in enumerate(packages.items(), 1):
                id = f"GHSA-aaaa-{len(ecosystem):04}-{number:04}"
                archive.writestr(f"{id}.json", json.dumps(advisory(id, ecosystem, name, fixed)))
    return folder


def advisory(id: str, ecosystem: str, name: str, fixed: str) -> dict[str, object]:
    kind = "ECOSYSTEM" if ecosystem in ("PyPI", "RubyGems", "Packagist") else "SEMVER"
    affected = {
        "package": {"ecosystem": ecosystem, "name": name},
        "ranges": [{"type": kind, "events": [{"introduced": "0"}, {"fixed": fixed}]}],
    }
    stated = {"id": id, "summary": f"flaw in {name}", "severity": [{"type": "CVSS_V3", "score": SCORE}]}
    return {"schema_version": "1.6.0", "modified": "2026-01-01T00:00:00Z", **stated, "affected": [affected]}


@pytest.fixture(scope="module")
def python_tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of programs with uv and pip-compile, from the index that pip is configured for."""
    return _installed(tmp_path_factory.mktemp("python-tools"), "uv", "pip-tools")


def _installed(place: Path, *packages: str) -> Path:
    """Make an environment that has these packages and what they need, and return its folder of programs."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True, timeout=120)
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        f"{place}/bin/python",
    ]  # it takes seconds to make an environment's own
    done = subprocess.run([*pip, "install", "-q", "--no-compile", *packages], timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"the package index does not give {packages}")
    return place / "bin"


@pytest.fixture(scope="module")
def poetry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of programs with poetry, from the index that pip is configured for."""
    return _installed(tmp_path_factory.mktemp("poetry"), "poetry")


@pytest.fixture(scope="module")
def npm() -> str:
    found = shutil.which("npm")
    if found is None:
        pytest.skip("npm is not installed")
    return str(Path(found).parent)


@pytest.fixture(scope="module")
def pnpm(npm: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pnpm")
    installed = subprocess.run(["npm", "install", "--silent", "--prefix", place, "pnpm@9"], timeout=300, check=False)
    if installed.returncode:
        pytest.skip("the npm registry does not give pnpm")
    return place / "node_modules/.bin"


@pytest.fixture
def fix(advisories: Path, compiled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fix:
    """Return a function that runs `gate fix` on a folder, with further folders of programs before PATH."""
    shutil.copytree(compiled, tmp_path / "cache/gate/secrets")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run(root: Path, *words: str, programs: tuple[Path | str, ...] = ()) -> "subprocess.CompletedProcess[str]":
        path = os.pathsep.join([*map(str, programs), os.environ["PATH"]])
        command = [sys.executable, "-m", "gate", "fix", str(root), "--advisories", str(advisories), *words]
        own = {**os.environ, "PATH": path}
        return subprocess.run(command, env=own, capture_output=True, text=True, timeout=300, check=False)

    return run


def project(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def check(*words: Path | str, cwd: Path) -> None:
    """Run a package manager's own check of what was written."""
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pip_alone_says_that_a_frozen_file_would_not_resolve(fix: Fix, tmp_path: Path, python_tools: Path) -> None:
    only_pip = tmp_path / "bin"
    only_pip.mkdir()
    (only_pip / "pip").symlink_to(python_tools / "pip")
    root = project(tmp_path / "p", {"requirements.txt": FROZEN})
    path = os.environ["PATH"]
    os.environ["PATH"] = "/usr/bin:/bin"
    try:
        done = fix(root, "--yes", programs=(only_pip,))
    finally:
        os.environ["PATH"] = path
    assert (root / "requirements.txt").read_text() == FROZEN
    assert "not made: pip says: Cannot install" in done.stdout
    assert "conflicting dependencies" in done.stdout


def test_uv_raises_the_other_pins_of_a_frozen_file_as_far_as_needed(
    fix: Fix, tmp_path: Path, python_tools: Path
) -> None:
    root = project(tmp_path / "p", {"requirements.txt": FROZEN})
    done = fix(root, "--yes", programs=(python_tools,))
    assert done.returncode == 0, done.stderr
    expected = FROZEN.replace("requests==2.20.0", "requests==2.25.0").replace("1.24.3", "1.26.17")
    assert (root / "requirements.txt").read_text() == expected
    check_by_uv(python_tools, root)


def check_by_uv(tools: Path, root: Path, *how: str) -> None:
    """Let uv plan an installation of requirements.txt into an environment that has none of it."""
    target = ("--python", tools / "python", "--target", root / "installed", "--only-binary", ":all:")
    check(tools / "uv", "pip", "install", "-q", "--dry-run", *target, *how, "-r", "requirements.txt", cwd=root)


@pytest.mark.parametrize("compiled_by", [("uv", "pip", "compile"), ("pip-compile",)], ids=["uv", "pip-tools"])
def test_a_compiled_file_with_hashes_is_compiled_again(
    fix: Fix, tmp_path: Path, python_tools: Path, compiled_by: tuple[str, ...]
) -> None:
    root = project(tmp_path / "p", {"base.in": "requests==2.25.1\nurllib3==1.26.4\n"})
    program, *words = compiled_by
    check(python_tools / program, *words, "-q", "--generate-hashes", "base.in", "-o", "requirements.txt", cwd=root)
    project(root, {"base.in": "requests==2.25.1\nurllib3\n"})
    before = (root / "requirements.txt").read_text()
    done = fix(root, "--yes", "--rule", "GHSA-aaaa-0004-0001", programs=(python_tools,))
    after = (root / "requirements.txt").read_text()
    assert "urllib3==1.26.17" in after, done.stdout + done.stderr
    assert after.splitlines()[:4] == before.splitlines()[:4]
    check_by_uv(python_tools, root, "--require-hashes")


def test_a_lockfile_of_uv_is_raised_and_holds(fix: Fix, tmp_path: Path, python_tools: Path) -> None:
    stated = '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["jinja2>=3.1,<4"]\n'
    root = project(tmp_path / "p", {"pyproject.toml": stated})
    check(python_tools / "uv", "lock", "-q", "--upgrade-package", "jinja2==3.1.2", cwd=root)
    done = fix(root, "--yes", programs=(python_tools,))
    assert done.returncode == 0, done.stderr
    assert 'version = "3.1.6"' in (root / "uv.lock").read_text()
    check(python_tools / "uv", "lock", "--check", cwd=root)


def test_a_project_whose_metadata_only_its_code_knows_is_not_run(fix: Fix, tmp_path: Path, python_tools: Path) -> None:
    marker = tmp_path / "ran"
    stated = '[project]\nname = "x"\ndynamic = ["version"]\nrequires-python = ">=3.11"\ndependencies = ["jinja2"]\n'
    root = project(tmp_path / "p", {"pyproject.toml": stated.replace('dynamic = ["version"]', 'version = "1"')})
    check(python_tools / "uv", "lock", "-q", "--upgrade-package", "jinja2==3.1.2", cwd=root)
    project(
        root,
        {"pyproject.toml": stated, "setup.py": f"open({str(marker)!r}, 'w')\nfrom setuptools import setup\nsetup()"},
    )
    fix(root, "--yes", programs=(python_tools,))
    assert not marker.exists()


PACKAGE = {"name": "x", "version": "1.0.0", "private": True}


@pytest.fixture(scope="module")
def locked_once_by_npm(npm: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    asked = {"dependencies": {"express": "4.17.1", "lodash": "4.17.15"}, "devDependencies": {"minimist": "~1.2.5"}}
    package = json.dumps({**PACKAGE, **asked}, indent=2)
    root = project(tmp_path_factory.mktemp("npm"), {"package.json": package})
    check(f"{npm}/npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", cwd=root)
    return root


@pytest.fixture
def locked_by_npm(locked_once_by_npm: Path, tmp_path: Path) -> Path:
    """Return a project of the test's own, which npm has locked."""
    return shutil.copytree(locked_once_by_npm, tmp_path / "p")


def test_a_lockfile_of_npm_is_raised_and_holds_and_the_rest_is_planned(fix: Fix, locked_by_npm: Path) -> None:
    root = locked_by_npm
    done = fix(root, "--yes")
    assert done.returncode == 0, done.stderr
    packages = json.loads((root / "package-lock.json").read_text())["packages"]
    assert packages["node_modules/lodash"]["version"] == "4.17.21"
    assert packages["node_modules/express"]["version"] == "4.17.1"
    assert json.loads((root / "package.json").read_text())["dependencies"]["lodash"] == "4.17.21"
    check("npm", "ci", "--dry-run", "--ignore-scripts", cwd=root)
    assert not (root / "node_modules").exists()
    assert "qs 6.7.0 to 6.9.7" in done.stdout
    plan = json.loads(fix(root, "--plan", "--json").stdout)
    (step,) = plan["steps"]
    assert (step["package"], len(step["clears"]), step["may_break"]) == ("express", 2, False)
    assert plan["left"] == []


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that a repository names, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", asked
    server.shutdown()
    server.server_close()


def test_what_a_repository_configures_is_neither_asked_nor_run(
    fix: Fix, tmp_path: Path, locked_by_npm: Path, listener: tuple[str, list[str]]
) -> None:
    address, asked = listener
    root, marker = locked_by_npm, tmp_path / "ran"
    program = project(root, {"evil.sh": f"#!/bin/sh\ntouch {marker}\n"}) / "evil.sh"
    program.chmod(0o755)
    manifest = json.loads((root / "package.json").read_text())
    manifest["scripts"] = dict.fromkeys(("preinstall", "prepare", "dependencies", "postinstall"), str(program))
    settings = f"registry={address}\ngit={program}\nscript-shell={program}\nignore-scripts=false\n"
    project(root, {"package.json": json.dumps(manifest), ".npmrc": settings})
    done = fix(root, "--yes")
    assert '"4.17.21"' in (root / "package-lock.json").read_text(), done.stdout + done.stderr
    assert asked == []
    assert not marker.exists()


def test_a_lockfile_of_pnpm_is_raised_and_holds(fix: Fix, tmp_path: Path, pnpm: Path) -> None:
    asked = {"dependencies": {"lodash": "4.17.15"}, "devDependencies": {"minimist": "1.2.5"}}
    root = project(tmp_path / "p", {"package.json": json.dumps({**PACKAGE, **asked})})
    check(pnpm / "pnpm", "install", "--lockfile-only", "--ignore-scripts", cwd=root)
    done = fix(root, "--yes", programs=(pnpm,))
    assert done.returncode == 0, done.stdout + done.stderr
    manifest = json.loads((root / "package.json").read_text())
    assert (manifest["dependencies"], manifest["devDependencies"]) == ({"lodash": "4.17.21"}, {"minimist": "1.2.6"})
    check(pnpm / "pnpm", "install", "--lockfile-only", "--frozen-lockfile", "--ignore-scripts", cwd=root)


def test_a_lockfile_of_cargo_is_raised_from_the_registry_that_the_user_configured(
    fix: Fix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("cargo") is None:
        pytest.skip("cargo is not installed")
    home = tmp_path / "cargo"
    rows = [
        {"name": "flawed", "vers": vers, "deps": [], "cksum": "0" * 64, "features": {}, "yanked": False}
        for vers in ("1.0.0", "1.0.1", "1.0.2")
    ]
    local = f'[source.crates-io]\nreplace-with = "here"\n[source.here]\nlocal-registry = "{home}/registry-of-test"\n'
    project(home, {"config.toml": local, "registry-of-test/index/fl/aw/flawed": "\n".join(map(json.dumps, rows))})
    monkeypatch.setenv("CARGO_HOME", str(home))
    stated = '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nflawed = "1"\n'
    root = project(tmp_path / "p", {"Cargo.toml": stated, "src/main.rs": "fn main() {}\n"})
    check("cargo", "generate-lockfile", cwd=root)
    check("cargo", "update", "flawed", "--precise", "1.0.0", cwd=root)
    evil = {".cargo/config.toml": "[source.here]\nlocal-registry = '/nowhere'\n[build]\nrustc = '/nowhere'\n"}
    done = fix(project(root, evil), "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'version = "1.0.1"' in (root / "Cargo.lock").read_text()


def test_modules_of_go_are_raised_by_the_proxy_that_the_user_configured(
    fix: Fix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("go") is None:
        pytest.skip("go is not installed")
    name, proxy = "packages.example/flawed", tmp_path / "proxy"
    for version in ("v1.0.0", "v1.0.1", "v1.1.0"):
        files = {"go.mod": f"module {name}\n\ngo 1.20\n", "flawed.go": "package flawed\n\nconst Here = true\n"}
        project(
            proxy / name / "@v",
            {f"{version}.info": json.dumps({"Version": version}), f"{version}.mod": files["go.mod"]},
        )
        with zipfile.ZipFile(proxy / name / "@v" / f"{version}.zip", "w") as archive:
            for file, text in files.items():
                archive.writestr(f"{name}@{version}/{file}", text)
    project(proxy / name / "@v", {"list": "v1.0.0\nv1.0.1\nv1.1.0\n"})
    for setting, value in {"GOPROXY": proxy.as_uri(), "GOSUMDB": "off", "GOPATH": str(tmp_path / "go")}.items():
        monkeypatch.setenv(setting, value)
    monkeypatch.setenv("GOFLAGS", "-modcacherw")
    program = f'package main\n\nimport "{name}"\n\nfunc main() {{ println(flawed.Here) }}\n'
    asked = f"module packages.example/own\n\ngo 1.20\n\nrequire {name} v1.0.0\n"
    root = project(tmp_path / "p", {"go.mod": asked, "main.go": program})
    check("go", "mod", "tidy", cwd=root)
    done = fix(root, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"require {name} v1.0.1" in (root / "go.mod").read_text(), done.stdout
    check("go", "build", "-mod=readonly", "-o", tmp_path / "built", cwd=root)


Serve = Callable[[dict[str, str]], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that serves texts by their paths on this machine, and returns the address."""
    servers: list[ThreadingHTTPServer] = []

    def start(texts: dict[str, str]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                text = texts.get(self.path)
                if text is None:
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def gem_index(versions: dict[str, list[str]]) -> dict[str, str]:
    """Return the files of a gem server (Bundler's compact index): each version of a gem is a line."""
    told = {
        name: "---\n" + "".join(f"{line}checksum:{hashlib.sha256(line.encode()).hexdigest()}\n" for line in lines)
        for name, lines in versions.items()
    }
    listed = "".join(
        f"{name} {','.join(line.split()[0] for line in lines)} {hashlib.md5(told[name].encode()).hexdigest()}\n"
        for name, lines in versions.items()
    )
    index = {"/versions": f"created_at: 2026-01-01T00:00:00Z\n---\n{listed}", "/names": "---\n" + "\n".join(versions)}
    return index | {f"/info/{name}": text for name, text in told.items()}


def test_a_lockfile_of_bundler_is_raised_from_the_gem_server_that_the_user_configured(
    fix: Fix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serve: Serve, require: Callable[[str], str]
) -> None:
    require("bundle")
    versions = [f"{version} |" for version in ("1.0.0", "1.0.1", "1.0.2", "2.0.0")]
    address = serve(gem_index({"flawed": versions, "shop": ["3.1.0 flawed:~> 1.0|"]}))
    home = project(tmp_path / "home", {".gemrc": f":sources:\n- {address}/\n"})
    monkeypatch.setenv("HOME", str(home))
    marker = tmp_path / "ran"
    gemfile = f'source "{address}"\ngem "shop", "~> 3.0"\n'
    root = project(tmp_path / "p", {"Gemfile": gemfile})
    check("bundle", "lock", cwd=root)
    locked = (root / "Gemfile.lock").read_text().replace("flawed (1.0.2)", "flawed (1.0.0)")
    locked = re.sub(r"BUNDLED WITH\n.*\n", "BUNDLED WITH\n   2.3.5\n", locked)
    locked = re.sub(r"PLATFORMS\n(  .*\n)+", "PLATFORMS\n  arm64-darwin-22\n", locked)
    project(root, {"Gemfile.lock": locked, "Gemfile": f'File.write("{marker}", "")\n{gemfile}'})
    done = fix(root, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    after = (root / "Gemfile.lock").read_text()
    assert not marker.exists()
    assert after == locked.replace("flawed (1.0.0)", "flawed (1.0.2)")
    assert (root / "Gemfile").read_text().endswith(gemfile)
    project(root, {"Gemfile": gemfile})
    check("bundle", "lock", "--local", cwd=root)


def test_a_lockfile_of_composer_is_raised_from_the_repository_that_the_user_configured(
    fix: Fix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serve: Serve, require: Callable[[str], str]
) -> None:
    require("composer")
    marker = tmp_path / "ran"
    of_flawed = {
        version: {"name": "acme/flawed", "version": version, "type": "metapackage"}
        for version in ("1.0.0", "1.0.1", "1.0.2", "2.0.0")
    }
    address = serve({"/packages.json": json.dumps({"packages": {"acme/flawed": of_flawed}})})
    own = {
        "config": {"secure-http": False},
        "repositories": [{"type": "composer", "url": address}, {"packagist": False}],
    }
    home = project(tmp_path / "composer", {"config.json": json.dumps(own)})
    monkeypatch.setenv("COMPOSER_HOME", str(home))
    manifest = {"require": {"acme/flawed": "1.0.0"}}
    root = project(tmp_path / "p", {"composer.json": json.dumps(manifest)})
    quiet = ("--no-install", "--no-interaction", "--no-audit")
    check("composer", "update", *quiet, cwd=root)
    manifest = {"require": {"acme/flawed": "^1.0"}, "scripts": {"pre-update-cmd": f"touch {marker}"}}
    project(root, {"composer.json": json.dumps(manifest)})
    done = fix(root, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    lock = json.loads((root / "composer.lock").read_text())
    assert [one["version"] for one in lock["packages"]] == ["1.0.2"]
    assert not marker.exists()
    assert not (root / "vendor").exists()
    check("composer", "validate", "--no-check-publish", "--no-check-all", "--no-interaction", cwd=root)


POETRY_PROJECT = """[project]
name = "x"
version = "1"
requires-python = ">=3.11"
dependencies = ["flawed ({asked})"]

[tool.poetry]
package-mode = false
"""

Authority = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def certificate(host: str, authority: Authority | None, place: Path) -> Authority:
    """Write a certificate of a host and its key to a file; without an authority it is one of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    issuer, signing_key = (authority[0].subject, authority[1]) if authority else (name, key)
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(
            issuer,
            name,
            key.public_key(),
            x509.random_serial_number(),
            today - timedelta(days=1),
            today + timedelta(days=1),
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=authority is None, path_length=None), critical=True)
        .sign(signing_key, hashes.SHA256())
    )
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    place.write_bytes(made.public_bytes(Encoding.PEM) + plain)
    return made, key


@pytest.fixture
def python_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package index in the place of every server: a proxy that answers itself, under an authority of the test."""
    authority = certificate("authority of the test", None, tmp_path / "authority.pem")
    texts = index_of_python("flawed", "1.0.0", "1.0.1", "1.0.2", "2.0.0")

    class Proxy(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            self.send_response(200)
            self.end_headers()
            host = self.path.partition(":")[0]
            certificate(host, authority, tmp_path / f"{host}.pem")
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(tmp_path / f"{host}.pem")
            self.connection = context.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
            self.close_connection = False
            self.handle_one_request()
            self.connection.close()
            self.close_connection = True

        def do_GET(self) -> None:
            text = texts.get(self.path)
            self.send_response(200 if text else 404)
            self.send_header("Content-Length", str(len(text or "")))
            self.end_headers()
            self.wfile.write((text or "").encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.server_address[1]}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    yield
    server.shutdown()
    server.server_close()


def index_of_python(name: str, *versions: str) -> dict[str, str]:
    """Return the answers of a package index, in the two forms that Poetry asks for, by their paths."""
    files = {version: f"{name}-{version}-py3-none-any.whl" for version in versions}
    told: dict[str, dict[str, object]] = {
        f"/simple/{name}/": {
            "meta": {"api-version": "1.1"},
            "name": name,
            "versions": list(versions),
            "files": [
                {"filename": file, "url": f"https://packages.example/{file}", "hashes": {"sha256": "0" * 64}}
                for file in files.values()
            ],
        }
    }
    for version, file in files.items():
        stated = {"name": name, "version": version, "summary": "", "requires_dist": [], "requires_python": ">=3.8"}
        wheel = {"packagetype": "bdist_wheel", "filename": file, "digests": {"sha256": "0" * 64}}
        told[f"/pypi/{name}/{version}/json"] = {
            "info": stated,
            "urls": [{**wheel, "url": f"https://packages.example/{file}"}],
        }
    return {path: json.dumps(document) for path, document in told.items()}


@pytest.mark.usefixtures("python_index")
@pytest.mark.parametrize(
    ("asked", "version", "then_asked"),
    [(">=1.0,<2", "1.0.2", ">=1.0,<2"), ("==1.0.0", "1.0.1", "==1.0.1")],
    ids=["range", "one version"],
)
def test_a_lockfile_of_poetry_is_raised_and_holds(
    fix: Fix, tmp_path: Path, poetry: Path, monkeypatch: pytest.MonkeyPatch, asked: str, version: str, then_asked: str
) -> None:
    for name, value in {"CACHE_DIR": str(tmp_path / "poetry"), "VIRTUALENVS_CREATE": "false"}.items():
        monkeypatch.setenv(f"POETRY_{name}", value)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    root = tmp_path / "p"
    for stated in dict.fromkeys(("==1.0.0", asked)):
        project(root, {"pyproject.toml": POETRY_PROJECT.format(asked=stated)})
        check(poetry / "poetry", "lock", "--no-interaction", cwd=root)
    assert 'version = "1.0.0"' in (root / "poetry.lock").read_text()
    done = fix(root, "--yes", programs=(poetry,))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f'version = "{version}"' in (root / "poetry.lock").read_text(), done.stdout
    assert (root / "pyproject.toml").read_text() == POETRY_PROJECT.format(asked=then_asked)
    check(poetry / "poetry", "check", "--lock", cwd=root)
