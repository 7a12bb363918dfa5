"""Passwords and keys by their names: which values are taken, in which files; the pre-filter loses none of them."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.detectors import Detectors
from gate.secrets.engine.kind_patterns import ALL_PATTERNS
from gate.secrets.engine.prefilter import PythonSieve
from gate.secrets.engine.scan import Scanner, scanner
from gate.secrets.engine.text import decode
from gate.secrets.kinds.assignments import SIEVE, AssignmentGateDetector, assignments

pytestmark = pytest.mark.one_python

TAKEN = [
    ("a.py", "password = 'k3Jx9v'"),
    ("a.py", "password: str = 'k3Jx9v'"),
    ("a.py", "if password == 'k3Jx9v':"),
    ("a.py", "connect(user='app', password='k3Jx9v')"),
    ("a.py", "os.environ.setdefault('DB_PASSWORD', 'k3Jx9v')"),
    ("a.py", "password = config('DB_PASSWORD', default='k3Jx9v')"),
    ("A.java", 'private static final String PASSWORD = "k3Jx9v";'),
    ("A.java", 'dataSource.setPassword("k3Jx9v");'),
    ("A.cs", 'var Password = @"k3Jx9v";'),
    ("a.go", 'Password:   "k3Jx9v",'),
    ("a.rs", 'let password: &str = "k3Jx9v";'),
    ("a.php", "$config['db_password'] = 'k3Jx9v';"),
    ("a.php", "'password' => 'k3Jx9v',"),
    ("a.rb", ':password => "k3Jx9v"'),
    ("a.cpp", 'std::string password("k3Jx9v");'),
    ("a.js", r'send("{\"password\": \"k3Jx9v\"}")'),
    ("a.ts", "const dbPassword: string = `k3Jx9v`"),
    ("a.json", '"dbPassword": "k3Jx9v",'),
    ("a.json", '{"name": "DB_PASSWORD", "value": "k3Jx9v"}'),
    ("a.xml", '<add key="DbPassword" value="k3Jx9v" />'),
    ("a.xml", '<property name="password" value="k3Jx9v"/>'),
    ("a.tf", 'password = "k3Jx9v"'),
    ("a.yaml", "  db_password: k3Jx9v"),
    ("a.yaml", "db: {password: k3Jx9v}"),
    ("a.properties", "spring.datasource.password=k3Jx9v"),
    ("a.ini", "passwd = k3Jx9v"),
    ("Dockerfile", "ENV DB_PASS=k3Jx9v"),
    ("a.sh", "export DB_PASSWORD=k3Jx9v"),
    ("a.md", "password: `k3Jx9v`"),
    ("a.de.yaml", "kennwort: k3Jx9v"),
]
LEFT = [
    ("a.py", "password = getpass()"),
    ("a.py", "token = request.headers['X-Token']"),
    ("a.py", "compass = 'k3Jx9v'"),
    ("a.py", "password_length = 'k3Jx9v'"),
    ("a.py", "check(password, 'k3Jx9v')"),
    ("a.js", "secret: process.env.SECRET,"),
    ("a.ts", "password: string;"),
    ("a.py", "'secret': 'V1SecretProjection',"),
    ("a.json", '"token": "Your session has ended"'),
    ("a.md", "password: the one of the database"),
    ("a.yaml", "password: ${DB_PASSWORD}"),
    ("a.sql", "password varchar(255) NOT NULL"),
]


def values(path: str, line: str) -> set[str]:
    return {one.secret_value for one in AssignmentGateDetector().analyze_line(path, line)}


@pytest.mark.parametrize(("path", "line"), TAKEN)
def test_taken(path: str, line: str) -> None:
    assert values(path, line) == {"k3Jx9v"}


def test_a_password_may_end_with_a_plus() -> None:
    assert [value for _, value, _ in assignments("password = 'k3Jx9v+'")] == ["k3Jx9v+"]


@pytest.mark.parametrize(("path", "line"), LEFT)
def test_left(path: str, line: str) -> None:
    assert values(path, line) == set()


def test_a_key_must_not_be_words() -> None:
    assert values("a.py", "api_key = 'q7Zp2Lw9xK4mVt8R'") == {"q7Zp2Lw9xK4mVt8R"}
    assert values("a.py", "api_key = 'orchard-client-key-name'") == set()


PIECES = [
    *(
        "password",
        "Secret",
        "api_key",
        "apiKey",
        "TOKEN",
        "author",
        "autho",
        "ri",
        "x",
        "pa\u017fsword",
        "\u212aey",
        "\u0130",
        "é",
        "auth-key",
    ),
    *("=", ":", "=>", "==", ",", "(", ")", "]", "[", "->", ": str =", " value=", '", "value": ', " ", "\t", "\n", "\\"),
    *('"', "'", "`", "k3Jx9v", "abc", "$", "{", "}", "@", "b'", "\u2028", "new String(", "default="),
]
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@settings(max_examples=300, deadline=None)
@given(text=texts)
def test_the_pre_filter_matches_every_line_with_an_assignment(text: str) -> None:
    expression = re.compile(SIEVE[0].expression, re.IGNORECASE)
    for line in text.split("\n"):
        if list(assignments(line)):
            assert expression.search(line.encode())


@pytest.fixture(scope="module")
def gate_scanners() -> list[Scanner]:
    """Without a pre-filter, then with each."""
    detectors = Detectors(GATE)
    return [Scanner(detectors, None), Scanner(detectors, PythonSieve(ALL_PATTERNS)), scanner(GATE)]


@settings(max_examples=100, deadline=None)
@given(text=texts, path=st.sampled_from(["a.py", "a.yaml", ".env", "a.md"]))
def test_gate_mode_finds_the_same_behind_each_engine(gate_scanners: list[Scanner], text: str, path: str) -> None:
    decoded = decode(text.encode())
    assert decoded is not None
    plain, *sieved = [
        {(one.type, one.secret_hash, one.line_number) for one in each.find(decoded, path)} for each in gate_scanners
    ]
    assert all(found == plain for found in sieved)


@settings(max_examples=40, deadline=None)
@given(text=texts, padding=st.sampled_from(["x;" * 400, "é;" * 400]))
@example(text='password->"', padding="x;" * 400)
def test_a_long_line_is_looked_at_where_the_pre_filter_matches(
    gate_scanners: list[Scanner], text: str, padding: str
) -> None:
    line = padding + text.replace("\n", " ") + padding + text.replace("\n", ";") + " password='k3Jx9v'" + padding
    decoded = decode(line.encode())
    assert decoded is not None
    plain, *sieved = [{(one.type, one.secret_hash) for one in each.find(decoded, "a.js")} for each in gate_scanners]
    assert all(found == plain for found in sieved)


def test_what_is_no_value_in_code_is_judged_anew_in_another_kind_of_file() -> None:
    detector, line = AssignmentGateDetector(), "db_password = Xk7fQ2mVb9"
    assert not detector.analyze_line("settings.py", line)
    assert detector.analyze_line("settings.env", line)
    assert not detector.analyze_line("settings.py", line)


@pytest.mark.parametrize("name", ["author", "Authors", "co_author_name"])
def test_an_author_is_no_secret_and_an_authorization_is(name: str) -> None:
    value = "Xk7fQ2mVb9Rt4LwZ"
    assert values("a.py", f'{name} = "{value}"') == set()
    assert values("a.py", f'authorization = "{value}"') == {value}
