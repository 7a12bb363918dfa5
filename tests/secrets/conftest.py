"""What the tests of the secrets engine share: real detect-secrets as the judge, and a tree that tries its corners."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gate.secrets.engine.configuration import Configuration
from gate.secrets.engine.detectors import Detectors
from gate.secrets.engine.prefilter import PythonSieve, Sieve, load_sieve
from gate.secrets.engine.scan import Scanner
from gate.secrets.engine.text import decode

Found = set[tuple[str, str, str, int]]
"""(path, type, SHA-1, line)"""


@pytest.fixture(scope="session")
def detect_secrets() -> Callable[..., Found]:
    """Return a function that runs `detect-secrets scan -n --all-files` on a folder."""

    def scan(root: Path, *options: str) -> Found:
        command = [sys.executable, "-P", "-m", "detect_secrets", "scan", "-n", "--all-files", *options, "."]
        output = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout
        return {
            (path, secret["type"], secret["hashed_secret"], secret["line_number"])
            for path, secrets in json.loads(output)["results"].items()
            for secret in secrets
        }

    return scan


@pytest.fixture(scope="session")
def labelled() -> list[Any]:
    """The labelled set, drawn from its seed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parent / "labelled")
        return list(importlib.import_module("labelled_set").labelled())


@pytest.fixture(scope="session")
def blind() -> Callable[[str], list[Any]]:
    """Return a function that reads the cases of a blind set, by its file's name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parent / "labelled")
        read = importlib.import_module("labelled_set").blind
    return lambda name: list(read(name))


def _sieve(name: str) -> Sieve | None:
    if name == "native":
        pytest.importorskip("hyperscan")
        return load_sieve(None)
    return PythonSieve() if name == "python" else None


@pytest.fixture(params=["none", "python", "native"])
def any_scanner(request: pytest.FixtureRequest) -> Scanner:
    """The default detectors behind each pre-filter, and behind none."""
    return Scanner(Detectors(Configuration()), _sieve(request.param))


@pytest.fixture
def find_in_folder() -> Callable[[Scanner, Path], Found]:
    """Return a function that scans every file of a folder as detect-secrets would: UTF-8 alone."""

    def find(scanner: Scanner, root: Path) -> Found:
        found: dict[tuple[str, str, str], int] = {}
        for folder, _, names in os.walk(root):
            for name in names:
                file = Path(folder, name)
                path = file.relative_to(root).as_posix()
                text = decode(file.read_bytes())
                if text is None or text.encoding != "utf-8" or scanner.detectors.passed_over_by(path):
                    continue
                for secret in scanner.find(text, path):
                    found.setdefault((path, secret.type, secret.secret_hash), secret.line_number)
        return {(*key, line) for key, line in found.items()}

    return find


AWS = "AKIA" + "Z7VRSQ5TJN2XMPLQ"
GITHUB = "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"
BASE64 = "c3VwZXIgbG9uZyBzdHJpbmcgc2hvdWxkIGNhdXNlIGVub3VnaCBlbnRyb3B5"
HEX = "2b00042f7481c7b056c4b410d28f33cf"
SLACK = "xoxb-" + "34532454-e039d02840a0b9379c"

CORNERS: dict[str, bytes] = {
    name: content.encode() if isinstance(content, str) else content
    for name, content in {
        "plain.txt": f"nothing\n{AWS} here\nand {GITHUB}\n",
        "empty": b"",
        "no_line_feed": f"token {GITHUB}",
        "crlf.py": f"a = 1\r\npassword = 'correct-horse-battery'\r\nkey = '{HEX}'\r\n",
        "cr.py": f"a = 1\rpassword = 'correct-horse-battery'\rkey = '{HEX}'\r",
        "allowed.py": f"key = '{HEX}'  # pragma: allowlist secret\nkey2 = '{HEX[::-1]}'  // pragma: whitelist secret\n",
        "next_line.py": f"# pragma: allowlist nextline secret\nkey = '{HEX}'\nother = '{HEX[::-1]}'\n",
        "allowed.c": f'char *k = "{HEX}"; /* pragma: allowlist secret */\nchar *l = "{HEX[::-1]}";\n',
        "allowed.html": f'<a b="{HEX}"> <!-- pragma: allowlist secret -->\n<a b="{HEX[::-1]}">\n',
        "allowed.yaml": f"a: {HEX} # pragma: allowlist secret\n# pragma: allowlist nextline secret\nb: {HEX[::-1]}\n",
        "allowed.ini": f"[s]\n# pragma: allowlist nextline secret\na = {HEX}\nb = {HEX[::-1]}\n",
        "config.ini": f"[db]\npassword = hunter2hunter2\nurl = postgres://u:s3cr3tpass@host/db\nkey: {BASE64}\n",
        "interpolated.ini": f"[s]\na = {BASE64[:14]}\nb = {BASE64[14:28]}\nc = %(a)s%(b)s\n",
        "several.ini": f"[s]\nkeys =\n    {HEX}\n    {HEX[::-1]}\n\n    # no\n    {BASE64}\n[t]\npassword=a%%bcdefgh\n",
        "defaults.cfg": f"[DEFAULT]\nsecret = defaultvalue123\n[a]\nx = {HEX}\n[b]\ny = {BASE64}\n",
        "quoted.properties": f'; comment\n\n[x]\npassword = \'quo"ted-value\'\ndb.password="{BASE64}"\n',
        "no_header.properties": "db.password=s3cr3tvalue\ndb_pass: another-value\n",
        "a.toml": f'[package]\nname = "x"\n[registry]\ntoken = "{BASE64}"\npassword = "tomlpassword1"\n',
        "array.json": '["a", "b"]\n',
        "secret_in_array.json": f'["{HEX}", "{BASE64}"]\n',
        "a.json": f'{{\n  "password": "jsonpassword1",\n  "k": "{HEX}",\n  "n": [1, 2]\n}}\n',
        ".env": f"TOKEN={BASE64}\nDB_PASSWORD=envpassword1\nHOST=1.2.3.4\n",
        "env_without_name": f"A={HEX}\n# comment\nB: {BASE64}\n",
        "half_env": f"A={HEX}\nno assignment here\nB={BASE64}\n",
        "indented_env": f"A={HEX}\n  continued {BASE64}\n\tmore\nB=1\n",
        "links.md": f"[link](https://example.com)\ntext: '{HEX}'\n",
        "a.yaml": f"top:\n  password: yamlpassword1\n  list: [a, {{token: {BASE64}}}]\n  hex: {HEX}\n",
        "folded.yaml": f"a: >\n  BEGIN RSA\n  PRIVATE\n  KEY\nb: BEGIN EC\n   PRIVATE KEY\nc: |\n  {HEX}\n  {BASE64}\n",
        "escaped.yaml": 'a: "\\x41KIAZ7VRSQ5TJN2XMPLQ"\nb: "AKIAZ7VRSQ\\\n   5TJN2XMPLR"\n',
        "anchor.yaml": f"a: &x {HEX}\nb: *x\nc: &m {{k: {BASE64}}}\nd: *m\npassword: *x\n",
        "binary.yaml": f"a: !!binary |\n  {BASE64[:30]}\n  {BASE64[30:]}\n",
        "broken.yaml": f"a: [b\nc: '{HEX}'\npassword: brokenpassword1\n",
        "tabs.yml": f"\ta: '{HEX}'\n",
        "two_documents.yaml": f"a: '{HEX}'\n---\nb: '{HEX[::-1]}'\n",
        "single_quotes.yaml": f"a: 'it''s {HEX}'\npassword: 'o''brien-password'\n",
        "separator.yaml": 'a: "x\u2028y"\nb: AKIAZ7VRSQ\n',
        "ids.yaml": f"user_id: {HEX}\nuuid: 123e4567-e89b-12d3-a456-426614174000\n",
        "quote_in_value.yaml": f"a: {BASE64[:22]}\"\nb: '{BASE64}'\n",
        "a.go": 'package x\nvar password = "gopassword1"\nsecret := "another1"\napi_key := bare.value\n',
        "a.js": f"const secret = `js-secret-value`;\nif ('value123' === password) {{}}\nx(\"{BASE64}\")\n",
        "a.java": f'String password = "javapassword1";\nString k = "{HEX}";\n',
        "a.cs": 'var password = @"cspassword1";\nstring secret[2] = "cs2password";\n',
        "a.cpp": 'std::string secret("cpppassword1");\nsecret.assign("cpppassword2",12);\npassword = "x1y2z3w4"\n',
        "a.m": 'NSString *password = @"objcpassword1";\n',
        "a.tf": f'password = "tfpassword1"\nkey = "{HEX}"\n',
        "a.example": 'password: "examplepassword1"\n',
        "semicolon.rb": 'private_key "something-private1";\nsecret => "rubysecret1"\n',
        "indirect.py": "password = get_password('name')\npassword = os.environ['PASSWORD_NAME']\n",
        "placeholder.py": "password = '<password>'\nsecret = '${SECRET}'\napi_key = '$KEY'\npassword = '***'\n",
        "ignored.css": f"a {{ b: '{HEX}' }}\n",
        "package-lock.json": f'{{"integrity": "{BASE64}"}}\n',
        "swagger/a.py": f"a = '{HEX}'\n",
        "slack.txt": f"{SLACK}\nhttps://hooks.slack.com/services/T1/B5/abcdEFGH\n",
        "arabic_digits.txt": "xoxb-٣٤٥-٦٧-abcdef\n١٢٣٤٥٦٧٨:" + "a1B2c" * 7 + "\nAP٣abcdefgh1 \n",
        "folded_case.py": "paſſword = 'longs-password1'\napi_\u212aey = 'kelvin-password'\nprıvate_key = 'x1'\n",
        "folded_aws.txt": "aws key '" + "ſ" * 3 + "a1b2" * 9 + "c'\n",
        "aws_secret.py": "aws_secret_token = '" + "aB3/" * 10 + "'\n",
        "contraseña.py": "CONTRASEÑA = 'una-clave-larga'\ncontraseña = 'otra-clave1'\ncontrasen\u0303a = 'no'\n",
        "nbsp.py": "password\u00a0=\u00a0'nbsp-password'\n\u3000key='x'\n",
        "nbsp_env": f"\u00a0continued\nA={HEX}\n",
        "vertical.txt": "password = 'vt\x0bvt-password'\nsecret='a\x0cb\x1cc-secret1'\nx\x85password='y1z2'\n",
        "nul.txt": f"a\0b '{HEX}'\n",
        "bom.ini": f"\ufeff[s]\na = {HEX}\n",
        "keys.pem": "--BEGIN RSA PRIVATE KEY--\nMIIE\n--BEGIN PRIVATE KEY--\n--BEGIN PGP PRIVATE KEY BLOCK--\n",
        "putty.ppk": "PuTTY-User-Key-File-2: ssh-rsa\n",
        "jwt.txt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcDEF123\neyJhbGciOiJIUzI1NiJ9.bad\n",
        "ibm.py": "ibm_cloud_api_key = '"
        + "aB3_" * 11
        + "'\nsecret_access_key: "
        + "a1b2" * 12
        + "\nsl_api_key="
        + "a1" * 32
        + "\n",
        "ibm.yaml": "ibm_api_key: " + "aB3_" * 11 + "\ncl_key: abcdefabcdefabcdefabcdef\nsl-token: " + "a1" * 32 + "\n",
        "cloudant.py": "cloudant_password = '" + "a1" * 32 + "'\nclpass='abcdefghijklmnopqrstuvwx'\n"
        "https://acc:abcdefghijklmnopqrstuvwx@acc.cloudant.com\n",
        "tokens.txt": "\n".join(
            (
                "glpat-" + "abcdefghij0123456789",
                "glcbt-1a_abcdefghij0123456789",
                "GR1348941" + "abcdefghij0123456789",
                "sk-abcdefghijABCDEFGHIJT3BlbkFJabcdefghijABCDEFGHIJ",
                "SG." + "a1B2" * 5 + "ab." + "c3D4" * 10 + "efg",
                "//packages.example/:_authToken=npm_abcdef123456",
                "pypi-AgEIcHlwaS5vcmc" + "aB1-" * 20,
                "rk_live_" + "abcdefghijklmnopqrstuvwx",
                "sq0csp-" + "aB1_" * 10 + "xyz",
                "AC" + "a1b2" * 8,
                "0123456789abcdef0123456789abcdef-us12",
                "AccountKey=" + "aB1+" * 22,
                "M" + "a1B2" * 5 + "abcd." + "Xy1234." + "z9Y8" * 6 + "abc",
                "https://user:pa55word@packages.example/",
                ' "AKCabcdefghij12" APAbcdefgh123 ',
                "8.8.8.8:53 10.0.0.1 256.1.1.1 1.2.3.4.5",
            )
        ),
        "long_line.js": "x;" * 40_000 + f"password='long-line-password';k='{HEX}';" + "y;" * 40_000,
        "repeated.py": f"a = '{HEX}'\nb = 1\nc = '{HEX}'\n",
        "date.txt": "a: 2001-99-99\n",
        "alias_of_list.yaml": f"a: &l [x, {{k: {HEX}}}]\nb: *l\nc: [*l, *l]\n",
    }.items()
}
"""Files that exercise every detector, filter, transformer and encoding rule; secrets made up for the purpose."""


@pytest.fixture(scope="session")
def corners(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of CORNERS."""
    folder = tmp_path_factory.mktemp("corners")
    for name, content in CORNERS.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder
