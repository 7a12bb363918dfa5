"""Well-known programs say their version in their own bytes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.inventory.installed.known_programs import KNOWN, finder, read
from gate.trees import Entry, EntryKind

ELF = b"\x7fELF\x02\x01\x01"
TEXTS = [
    ("usr/local/apache2/bin/httpd", b"\0Apache/2.4.62\0", "apache", "2.4.62"),
    ("bin/busybox", b"BusyBox v1.36.1 (2024-06-10 07:11:47 UTC)", "busybox", "1.36.1"),
    ("usr/bin/curl", b"\0curl 8.14.1 (%s)\n\0curl/8.14.1\0", "curl", "8.14.1"),
    ("usr/lib/libcurl.so.4.8.0", b"\0libcurl/8.9.1\0", "curl", "8.9.1"),
    ("usr/local/bin/envoy", b"e0be1c3c/1.29.1/Clean/RELEASE/BoringSSL", "envoy", "1.29.1"),
    ("usr/local/bin/git", b"\0git version %s\n\0git/2.47.3\0", "git", "2.47.3"),
    ("lib/libc.so.6", b"GNU C Library (Debian GLIBC 2.41-12) stable release version 2.41.\n", "glibc", "2.41"),
    ("usr/local/sbin/haproxy", b"HAProxy version %s\0" + b"3.0.11-1+deb13u5\x000.0.0.0\0", "haproxy", "3.0.11"),
    ("usr/sbin/mysqld", b"\x0011.4.2-MariaDB\0", "mariadb", "11.4.2"),
    ("usr/sbin/mysqld", b"/build/mysql-8.0.36/sql\0", "mysql", "8.0.36"),
    ("lib/ld-musl-x86_64.so.1", b"musl libc (x86_64)\nVersion 1.2.5\nDynamic", "musl", "1.2.5"),
    ("usr/local/sbin/nginx", b"nginx version: nginx/1.26.3\0", "nginx", "1.26.3"),
    ("usr/local/bin/node", b"\0node.js/v20.20.2\0v18.0.0\0", "node", "20.20.2"),
    ("usr/local/lib/libcrypto.so.3", b"\0OpenSSL 3.0.13 30 Jan 2024\0", "openssl", "3.0.13"),
    ("opt/ssl/libcrypto.so.1.1", b"\0OpenSSL 1.1.1w  11 Sep 2023\0", "openssl", "1.1.1w"),
    ("usr/local/bin/perl5.40.1", b"\0v5.40.1\0", "perl", "5.40.1"),
    ("usr/local/bin/php", b"X-Powered-By: PHP/8.4.28\0", "php", "8.4.28"),
    ("usr/local/bin/postgres", b"PostgreSQL 9.1\0postgres (PostgreSQL) 15.3\n", "postgresql", "15.3"),
    ("usr/local/lib/libpython3.11.so.1.0", b"\x003.10.9\x00Python-3.11.7\0", "python", "3.11.7"),
    ("usr/local/bin/python3.13", b"\x003.13.0rc2\x00", "python", "3.13.0rc2"),
    ("usr/local/lib/libpython3.7m.so.1.0", b"\x003.7.16+\x00", "python", "3.7.16"),
    ("usr/local/bin/redis-server", b"\x006.0.0\x00keep\x007.2.4box-1704829134000000000\0", "redis", "7.2.4"),
    ("usr/local/bin/redis-server", b"\x006.0.0\x00keep\x008.0.21789404730000000000\0", "redis", "8.0.2"),
    ("usr/local/lib/libruby.so.3.2.2", b"ruby 3.2.2 (2023-03-30 revision e51014f9c0)", "ruby", "3.2.2"),
    ("usr/local/bin/ruby", b"ruby 2.7.8p225 (2023-03-30 revision 1f4d455848)", "ruby", "2.7.8"),
    ("usr/local/lib/libsqlite3.so.0.8.6", b"\x003.46.1\x00", "sqlite", "3.46.1"),
    ("usr/local/lib/libz.so.1.3.1", b" deflate 1.3.1 Copyright 1995-2024", "zlib", "1.3.1"),
]
PLAIN = [
    ("usr/local/go/VERSION", b"go1.22.1\ntime 2024-02-29T18:18:48Z\n", "golang", "1.22.1"),
    ("opt/java/openjdk/release", b'IMPLEMENTOR="x"\nJAVA_VERSION="17.0.9"\n', "java", "17.0.9"),
]


@pytest.mark.parametrize(("path", "text", "name", "version"), [*((a, ELF + b, c, d) for a, b, c, d in TEXTS), *PLAIN])
def test_a_program_says_its_version(path: str, text: bytes, name: str, version: str) -> None:
    assert finder(None)(path, Entry(path=path, kind=EntryKind.FILE, size=len(text)))  # type: ignore[arg-type]
    (package,) = read(text, path, None)
    assert (package.name, package.version) == (name, version)
    assert package.purl == f"pkg:generic/{name}@{version}"
    assert package.ecosystem in ("Bitnami", "generic")


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("usr/bin/node", b"#!/bin/sh\nexec node.js/v20.20.2"),
        ("usr/local/bin/nginx", ELF + b"no version"),
        ("app/VERSION", b"go1.22.1\n"),
        ("app/release", b"1.0.0"),
        ("usr/local/bin/python3.11", ELF + b"\x003.12.1\x00"),
    ],
)
def test_a_name_alone_is_no_program(path: str, content: bytes) -> None:
    assert list(read(content, path, None)) == []


def test_other_files_are_not_asked() -> None:
    paths = ["usr/bin/nginx.conf", "usr/bin/not-curl", "usr/lib/libssl.so.3.hmac", "etc/redis-server.conf"]
    assert not any(finder(None)(path, Entry(path=path, kind=EntryKind.FILE, size=9)) for path in paths)  # type: ignore[arg-type]


def test_the_table_is_in_order_and_its_expressions_hold() -> None:
    assert [program.name for program in KNOWN] == sorted(program.name for program in KNOWN)
    for program in KNOWN:
        assert re.compile(program.text.replace(b"{release}", b"3")).groups == 1


@given(st.sampled_from([path for path, *_ in TEXTS]), st.binary(max_size=200))
def test_any_bytes_are_read(path: str, content: bytes) -> None:
    assert len(list(read(ELF + content, path, None))) <= 1
