"""A repository in which every file leaks: one of each classical format, and what only looks like one."""

import importlib
from pathlib import Path
from typing import Any

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner


def leaky() -> dict[str, list[Any]]:
    """Return the labelled lines of each file, by its path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parent / "labelled")
        files: dict[str, list[Any]] = {}
        for case in importlib.import_module("labelled_set").blind("leaky.txt"):
            files.setdefault(case.path, []).append(case)
    return files


LEAKY = leaky()


def blocking_lines(content: str, path: str) -> set[int]:
    """Return the lines of what blocks by default."""
    outcome = examine(content.encode(), path, scanner(GATE))
    return {secret.line for secret in outcome.secrets if secret.confidence is not Confidence.LOW}


def test_each_format_is_there() -> None:
    assert len(LEAKY) == 185
    assert all(any(case.is_secret for case in cases) for cases in LEAKY.values())


@pytest.mark.parametrize("path", LEAKY)
def test_a_leaky_file_blocks(path: str) -> None:
    cases = LEAKY[path]
    assert blocking_lines(cases[0].text, path) >= {case.line for case in cases if case.is_secret}


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("app/etc/env.php", "'key' => 'catalog_product_flat'\n"),
        ("app/etc/local.xml", "<password><![CDATA[{{db_pass}}]]></password>\n"),
        ("filezilla.xml", '<Setting name="FTP Proxy password" type="string"></Setting>\n'),
        ("jenkins/config.xml", "<password>{AQAAABAAAAAQ…}</password>\n"),
        (".bundle/config", 'BUNDLE_MIRROR__ORCHARD: "https://gems.orchard.dev"\nBUNDLE_JOBS: "4:8"\n'),
        ("login.exp", 'expect "password:"\nsend "$password\\r"\nsend "exit\\r"\n'),
        ("unattend.xml", "<Component><Value>C:\\Windows</Value></Component>\n"),
        ("unattend.xml", "<AdministratorPassword>\n<Value>{{ password }}</Value>\n</AdministratorPassword>\n"),
        ("userlist.txt", "anna piet\n"),
        ("snmpd.conf", "rocommunity public\n# createUser USER SHA PASSWORD\n"),
        ("ipsec.secrets", ': RSA server.key\n: PSK "<secret>"\n'),
        ("etc/ppp/chap-secrets", "# client server secret addresses\n"),
        ("ldap.md", "Hashes start with {SSHA} or {CRYPT}, plain text with {PLAIN}password.\n"),
        ("shop.remmina", "password=\nenable-autostart=0\n"),
        ("mgmt-users.properties", "#admin=2a0923285184943425d1f53ddd58ec7a\n"),
        ("config.py", 'c.NotebookApp.password = "sha1:<salt>:<hash>"\n'),
        ("dump.sql", "INSERT INTO `users` VALUES (1,'anna','Anna Vos');\n"),
        ("dump.sql", "INSERT INTO `files` VALUES (1,'a.txt','9e107d9d372bb6826bd81d3542a419d6');\n"),
    ],
)
def test_what_only_looks_like_one_does_not_block(path: str, content: str) -> None:
    assert blocking_lines(content, path) == set()


def test_two_static_keys_are_two_secrets() -> None:
    lines = ("06fae2d8d2b1c94e7a3f5b60c8d91e47", "9b3e71c5a04f8d26e1b7c93f5a82d06e")
    files = [f"-----BEGIN OpenVPN Static key V1-----\n{line}\n-----END OpenVPN" for line in lines]
    found = [examine(file.encode(), "static.key", scanner(GATE)).secrets for file in files]
    assert len({one.hash for (one,) in found}) == 2
