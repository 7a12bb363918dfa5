"""Our own detectors: each finds what its table says, made by a seeded generator, and not the same cut short.

Goes through `gate/secrets/engine/whole_value.py`.
"""

import base64
import binascii
import random
import re
import zlib
from collections.abc import Callable
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.detectors import Detectors
from gate.secrets.engine.kind_patterns import ALL_PATTERNS
from gate.secrets.engine.prefilter import PythonSieve
from gate.secrets.engine.scan import Scanner, examine, scanner
from gate.secrets.engine.text import decode
from gate.secrets.kinds import TOKENS
from gate.secrets.kinds.token import Token
from gate.secrets.kinds.values import is_age_key, is_base58check, is_github_token, is_nkey_seed

PRINTABLE = [chr(code) for code in range(33, 127)]


def written(pattern: str, chance: random.Random) -> str:
    """Write a text that a pattern matches; classes of all but a few characters give letters and digits."""
    return _sequence(parser.parse(pattern), chance)


def _sequence(parts: Any, chance: random.Random) -> str:
    return "".join(_part(*part, chance) for part in parts)


def _part(kind: Any, what: Any, chance: random.Random) -> str:
    if kind is kinds.LITERAL:
        return chr(what)
    if kind is kinds.IN:
        return chance.choice(_class(what))
    if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
        least, most, body = what
        return "".join(_sequence(body, chance) for _ in range(max(least, min(most, 16) if least < 16 else least)))
    if kind is kinds.SUBPATTERN:
        return _sequence(what[-1], chance)
    if kind is kinds.BRANCH:
        return _sequence(chance.choice(what[1]), chance)
    if kind is kinds.AT:
        return ""
    if kind is kinds.NOT_LITERAL:
        return "x"
    raise AssertionError(kind)


def _class(members: Any) -> list[str]:
    if members[0][0] is kinds.NEGATE:
        return [one for one in PRINTABLE if one.isalnum()]
    found: list[str] = []
    for kind, what in members:
        if kind is kinds.CATEGORY:
            found.append(" ")  # \s alone: the other classes have digits in them
        else:
            found += [chr(what)] if kind is kinds.LITERAL else [chr(code) for code in range(what[0], what[1] + 1)]
    return [one for one in found if one.isalnum()] or found


def _base58(raw: bytes) -> str:
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = alphabet[rest] + text
    return text


def _nkey(prefix: bytes) -> str:
    raw = prefix + bytes(range(3, 35))
    return base64.b32encode(raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")).decode().rstrip("=")


def _wif() -> str:
    import hashlib

    raw = b"\x80" + bytes(range(1, 33)) + b"\x01"
    return _base58(raw + hashlib.sha256(hashlib.sha256(raw).digest()).digest()[:4])


def _age() -> str:
    from gate.secrets.kinds.values import _BECH32, _bech32_sum

    prefix = "age-secret-key-"
    head = [ord(one) >> 5 for one in prefix] + [0] + [ord(one) & 31 for one in prefix]
    body = [number % 32 for number in range(52)]
    total = _bech32_sum(head + body + [0] * 6) ^ 1
    return (
        prefix + "1" + "".join(_BECH32[one] for one in body + [total >> 5 * (5 - n) & 31 for n in range(6)])
    ).upper()


LOGIN = base64.b64encode(b"deploy:" + b"k3Jx-9vQpZ").decode()
BUILT = {
    "SECRET-SERVER-DEFAULT": "POSTGRES_PASSWORD=changeme",
    "SECRET-BASIC-HEADER-VALUE": f'"Basic {LOGIN}"',
    "SECRET-BASIC-LOGIN": f"it was Basic {LOGIN} then",
    "SECRET-PGPASS": "db:5432:shop:anna:k3Jx9vQpZ",
    "SECRET-SUBVERSION-LOGIN": "stored-login: k3Jx9vQpZ",
    "SECRET-OPENVPN-USER-PASS": "stored-login: k3Jx9vQpZ",
    "SECRET-LISTED-DECIMALS": "aes_key = [18, 154, 243, 68, 139, 193, 2, 119, 250, 33, 91, 12, 7, 201, 66, 180]",
    "SECRET-GIT-CREDENTIALS-TOKEN": "https://q7Zp2Lw9xK4mVt8RnB3yHd6J@git.orchard.dev",
    "SECRET-MIXED-SIGNS": "db.password = Zk7]bPRV!Kn^Yz(",
    "SECRET-NKEY": _nkey(b"\x95\x00"),
    "SECRET-STELLAR": _nkey(b"\x90"),
    "SECRET-BITCOIN-WIF": _wif(),
    "SECRET-AGE": _age(),
    "SECRET-DOCKER-AUTH": f'"auth": "{LOGIN}"',
    "SECRET-AUTHORIZATION-BASIC": f"Authorization: Basic {LOGIN}",
    "SECRET-PRIVATE-KEY-BASE64": base64.b64encode(
        b"-----BEGIN RSA PRIVATE " + b"KEY-----\n" + b"MIIEpAIB" * 8
    ).decode(),
}
"""Lines for kinds whose check no random value passes."""
PATHS = {
    "SECRET-KEY-FILE": "config/app.key",
    "SECRET-HTPASSWD-CRYPT": ".htpasswd",
    "SECRET-HTDIGEST": ".htdigest",
    "SECRET-NETRC": "home/.netrc",
    "SECRET-PGPASS": ".pgpass",
    "SECRET-GIT-CREDENTIALS": ".git-credentials",
    "SECRET-GIT-CREDENTIALS-TOKEN": ".git-credentials",
    "SECRET-DBEAVER": ".dbeaver/data-sources.json",
    "SECRET-EDITOR-SERVERS": ".idea/webServers.xml",
    "SECRET-PYPIRC": ".pypirc",
    "SECRET-COMPOSER-AUTH": ".composer/auth.json",
    "SECRET-CLIENT-XML": ".m2/settings.xml",
    "SECRET-CLIENT-URL": ".lftp/bookmarks",
    "SECRET-DAVFS-SECRETS": ".davfs2/secrets",
    "SECRET-PASSWORD-FILE": ".vault_pass",
    "SECRET-NPMRC": ".npmrc",
    "SECRET-KUBECONFIG-TOKEN": ".kube/config",
    "SECRET-RAILS-MASTER-KEY": "config/master.key",
    "SECRET-ESMTPRC": ".esmtprc",
    "SECRET-ESMTPRC-IDENTITY": ".esmtprc",
    "SECRET-FTP-CONFIG": ".ftpconfig",
    "SECRET-TERRAFORM-STATE": "terraform.tfstate",
    "SECRET-MAIL-RELAY": "etc/postfix/sasl_passwd",
    "SECRET-PASSWORD-HASH-IN-DUMP": "dump.sql",
    "SECRET-ENV-FILE": "deploy/.env.production",
    "SECRET-SETTINGS-FILE": ".s3cfg",
    "SECRET-OPENVPN-LOGIN": "etc/openvpn/auth.txt",
    "SECRET-OPENVPN-USER-PASS": "shop.ovpn",
    "SECRET-SUBVERSION-LOGIN": ".subversion/auth/svn.simple/77",
    "SECRET-NCFTP-BOOKMARK": ".ncftp/bookmarks",
    "SECRET-MAGENTO-KEY": "app/etc/env.php",
    "SECRET-BUNDLE-CONFIG": ".bundle/config",
    "SECRET-PGBOUNCER": "pgbouncer/userlist.txt",
    "SECRET-CHAP-SECRET": "etc/ppp/chap-secrets",
    "SECRET-REMMINA": "shop.remmina",
    "SECRET-JBOSS-USER": "mgmt-users.properties",
    "SECRET-ROBOT-PASSWORD": "login.robot",
    "SECRET-CURLRC": ".curlrc",
    "SECRET-SPACED-SETTING": "conf/spark-defaults.conf",
    "SECRET-NAGIOS-RESOURCE": "nagios/resource.cfg",
    "SECRET-LISTED-USERS": "etc/rsyncd.secrets",
    "SECRET-SESSION-SECRET": "app.js",
    "SECRET-MIXED-SIGNS": "app.properties",
    "SECRET-ASTERISK-SECRET": "etc/asterisk/sip.conf",
}
BESIDE = {
    "SECRET-JWK": '{"kty": "EC", ',
    "SECRET-JWK-SYMMETRIC": '{"kty": "oct", ',
    "SECRET-GOOGLE-SERVICE-ACCOUNT": '{"private_key": "", ',
    "SECRET-SQL-IDENTIFIED": "CREATE USER shop ",
    "SECRET-SECURE-STRING-BARE": "-AsPlainText ",
    "SECRET-SECURE-STRING-PIPED": "-AsPlainText ",
    "SECRET-SESSION-COOKIE": "Cookie: ",
    "SECRET-VAULT-SECRET-ID": "approle ",
}


ABOVE_IT = {
    "SECRET-COMPOSER-AUTH": "http-basic\n",
    "SECRET-LINE-PASSWORD": "user anna\n",
    "SECRET-JAAS-USER": 'password="x"\n',
    "SECRET-CHPASSWD-LIST": "chpasswd:\n",
    "SECRET-EXPECT-SEND": 'expect "password:"\n',
    "SECRET-UNATTEND-VALUE": "<AdministratorPassword>\n",
    "SECRET-DEFAULT-LOGIN": "Log in:\n",
    "SECRET-SLASHED-LOGIN": "Log in:\n",
    "SECRET-SENT-PASSWORD": 'expect "password:"\n',
    "SECRET-LISTED-AUTHORIZATION": "Authorization:\n",
    "SECRET-SESSION-SECRET": "app.use(session({\n",
}
"""What a line before the secret's must say."""


BOUND = [token for token in TOKENS if token.files and not token.is_in_many]


def positive(token: Token) -> str:
    """Return a line with a secret of the kind."""
    chance = random.Random(token.rule)
    for _ in range(200):
        line = BUILT.get(token.rule) or BESIDE.get(token.rule, "") + written(token.pattern, chance)
        match = re.search(token.expression, line, re.ASCII | (re.IGNORECASE if token.folds else 0))
        if match and (token.accepts is None or token.accepts(match[match.re.groups and 1])):
            return line
    raise AssertionError(f"no example of {token.rule} can be made")


@pytest.fixture(scope="module")
def gate_scanner() -> Scanner:
    return scanner(GATE)


Types = Callable[[str, Token], set[str]]


@pytest.fixture(scope="module")
def types(gate_scanner: Scanner) -> Types:
    """A function that returns the types that our detectors find in a line of a file where the kind counts."""

    def found(line: str, token: Token) -> set[str]:
        text = decode(f"first\n{ABOVE_IT.get(token.rule, '')}{line}\nlast\n".encode())
        assert text is not None
        return {one.type for one in gate_scanner.find(text, PATHS.get(token.rule, "a.txt"))}

    return found


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: token.rule)
def test_each_kind_is_found_and_not_when_it_is_cut_short(token: Token, types: Types) -> None:
    line = positive(token)
    assert token.type in types(line, token)
    match = re.search(token.expression, line, re.ASCII | (re.IGNORECASE if token.folds else 0))
    assert match is not None
    assert token.type not in types(line[: match.start()] + match.group()[:5], token)


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: token.rule)
def test_the_pre_filter_matches_what_the_detector_matches(token: Token) -> None:
    flags = re.MULTILINE | (re.IGNORECASE if token.folds else 0)
    line = positive(token)
    for text in (line, f"é\n{line}\n\n"):
        assert any(re.search(expression, text.encode(), flags) for expression in token.sieve)


@pytest.mark.parametrize("token", BOUND, ids=lambda token: token.rule)
def test_the_pre_filter_knows_the_files_of_a_kind(token: Token, gate_scanner: Scanner) -> None:
    """By path alone: other files are not searched for it."""
    sieve = gate_scanner.sieve
    assert sieve is not None
    numbers = {number for number, pattern in enumerate(sieve.patterns) if pattern.plugin == token.plugin}
    content = f"first\n{ABOVE_IT.get(token.rule, '')}{positive(token)}\nlast\n".encode()
    for path, is_searched in ((PATHS[token.rule], True), (f"é/{PATHS[token.rule]}", True), ("a.txt", False)):
        found = {number for _, number in sieve.hits(content, path)}
        assert bool(found & numbers) is is_searched, path


@pytest.mark.one_python
def test_the_engines_agree_on_all_kinds(gate_scanner: Scanner) -> None:
    lines = [positive(token) for token in TOKENS]
    text = decode("\n".join(lines).encode())
    assert text is not None
    answers = [
        sorted(
            (one.type, one.secret_hash, one.line_number) for one in Scanner(Detectors(GATE), sieve).find(text, "a.txt")
        )
        for sieve in (None, PythonSieve(ALL_PATTERNS))
    ]
    native = sorted((one.type, one.secret_hash, one.line_number) for one in gate_scanner.find(text, "a.txt"))
    assert answers[0] == answers[1] == native


ABOVE = (
    "",
    "a line with blanks\n\n",
    "x y\n\t",
    "some text, as it stands in files:\n  - ",
    "password token secret\n \t ",
)


@pytest.mark.one_python
def test_the_native_pre_filter_overlooks_no_kind_below_other_lines(gate_scanner: Scanner) -> None:
    assert gate_scanner.sieve is not None
    for number, pattern in enumerate(gate_scanner.sieve.patterns):
        token = next((token for token in TOKENS if token.plugin == pattern.plugin), None)
        expression = re.compile(pattern.expression, re.MULTILINE | (re.IGNORECASE if pattern.ignores_case else 0))
        for above in ABOVE if token else ():
            content = (above + positive(token)).encode() if token else b""
            ends = {end for end, found in gate_scanner.sieve.hits(content) if found == number}
            assert not expression.search(content) or ends, (pattern.plugin, above)


@pytest.mark.one_python
def test_the_engines_agree_on_the_labelled_set(gate_scanner: Scanner, labelled: list[Any]) -> None:
    """Behind a line with blanks, and indented by a tab: Hyperscan has overlooked lines for less."""
    python = Scanner(Detectors(GATE), PythonSieve(ALL_PATTERNS))
    for case in labelled:
        text = decode(f"a line with blanks\n\n{case.text}".replace("\n", "\n\t").encode())
        assert text is not None
        native, slow = (
            {(one.type, one.secret_hash, one.line_number) for one in by.find(text, case.path)}
            for by in (gate_scanner, python)
        )
        assert native == slow, case.path


def test_checksums_tell_a_changed_token() -> None:
    body = "a1B2c3D4e5" * 3
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    number, digits = zlib.crc32(body.encode()), ""
    while number:
        number, rest = divmod(number, 62)
        digits = alphabet[rest] + digits
    good = "ghp_" + body + digits.rjust(6, "0")
    assert is_github_token(good)
    assert not is_github_token(good.replace("a1", "a2", 1))
    for check, value in ((is_nkey_seed, BUILT["SECRET-NKEY"]), (is_age_key, _age()), (is_base58check, _wif())):
        assert check(value)
        assert not check(value[:20] + ("C" if value[20] != "C" else "D") + value[21:])


ESCAPED = "".join(f"\\x{number:02x}" for number in bytes.fromhex("129af307c45be1882d6fb09431da7e05"))
LISTED = ESCAPED[1:].replace("x", "0x").replace("\\", ", ")
JMETER = (
    '<elementProp name="password" elementType="HTTPArgument"><stringProp name="Argument.value">VALUE</stringProp>'
    "</elementProp>"
)
MISSED = [
    ('curl -u "admin:k3Jx9vQpZ" https://packages.example/', "SECRET-CURL-USER"),
    ("mysql -h db -u root -pk3Jx9vQpZ shop", "SECRET-MYSQL-OPTION"),
    ("CREATE USER 'shop'@'%' IDENTIFIED BY 'k3Jx9vQpZ';", "SECRET-SQL-IDENTIFIED"),
    ("ALTER ROLE shop WITH LOGIN PASSWORD 'k3Jx9vQpZ';", "SECRET-SQL-PASSWORD"),
    ("$p = ConvertTo-SecureString 'k3Jx9vQpZ' -AsPlainText -Force", "SECRET-SECURE-STRING"),
    ('$p = ConvertTo-SecureString -String "k3Jx9vQpZ" -AsPlainText', "SECRET-SECURE-STRING"),
    ("./deploy --db-password k3Jx9vQpZ", "SECRET-PASSWORD-OPTION"),
    ("sshpass -p k3Jx9vQpZ ssh host", "SECRET-SSHPASS"),
    ("DATABASE_URL=postgres://shop:k3Jx9v@db:5432/x".replace("9v@", "9v!Qp@"), "SECRET-POSTGRES-URL"),
    ('<Pass encoding="base64">azNKeDl2UXBa</Pass>', "SECRET-FILEZILLA"),
    ("define('DB_PASSWORD', 'k3Jx9vQpZ');", "SECRET-WP-PASSWORD"),
    ("root:$6$" + "saltsalt$" + "a1B2" * 21 + "cd:19000:0:99999:7:::", "SECRET-SHADOW"),
    ("admin:$apr1$" + "saltsalt$" + "a1B2" * 5 + "cd", "SECRET-HTPASSWD"),
    ('sh "docker login -u ci -p k3Jx9vQpZ registry.corp"', "SECRET-LOGIN-OPTION"),
    ("docker login --username ci --password k3Jx9vQpZ registry.corp", "SECRET-PASSWORD-OPTION"),
    ("echo k3Jx9vQpZ | docker login -u ci --password-stdin registry.corp", "SECRET-PIPED-PASSWORD"),
    ("$p = ConvertTo-SecureString k3Jx9vQpZ -AsPlainText -Force", "SECRET-SECURE-STRING-BARE"),
    ('$p = "k3Jx9vQpZ" | ConvertTo-SecureString -AsPlainText -Force', "SECRET-SECURE-STRING-PIPED"),
    ("redis-cli -h cache -a k3Jx9vQpZ ping", "SECRET-REDIS-OPTION"),
    ("ldapsearch -x -D cn=admin,dc=corp -w k3Jx9vQpZ -b dc=corp", "SECRET-LDAP-OPTION"),
    ("mongo -u root -p k3Jx9vQpZ --authenticationDatabase admin", "SECRET-CLIENT-OPTION"),
    ('sqlcmd -S db -U sa -P k3Jx9vQpZ -Q "select 1"', "SECRET-CLIENT-OPTION"),
    ("net use Z: \\\\files\\share k3Jx9vQpZ /user:anna", "SECRET-NET-USE"),
    ("net use \\\\files\\share /user:anna k3Jx9vQpZ", "SECRET-NET-USE"),
    ("smbclient //files/share -U anna%k3Jx9vQpZ", "SECRET-SMB-OPTION"),
    ("openssl enc -aes-256-cbc -k k3Jx9vQpZ -in a", "SECRET-OPENSSL-OPTION"),
    ("rabbitmqctl add_user shop k3Jx9vQpZ", "SECRET-ACCOUNT-COMMAND"),
    ("htpasswd -bc .htpasswd admin k3Jx9vQpZ", "SECRET-ACCOUNT-COMMAND"),
    ("echo 'root:k3Jx9vQpZ' | sudo chpasswd", "SECRET-CHPASSWD"),
    ("keytool -genkey -storepass k3Jx9vQpZ", "SECRET-PASSWORD-OPTION"),
    ("<argLine>-Djavax.net.ssl.keyStorePassword=zqvmtra</argLine>", "SECRET-PROPERTY-OPTION"),
    ("aws configure set aws_secret_access_key k3Jx9vQpZ7Lw2xK4mVt8RnB3yHd6JsT5cW1aF0eG", "SECRET-TOOL-OPTION"),
    ("vault login k3Jx9vQpZ7Lw2xK4mVt8RnB3", "SECRET-TOOL-OPTION"),
    ("$client->request('GET', '/', ['auth' => ['anna', 'zqvmtra']]);", "SECRET-CALL-LOGIN"),
    ('ldap.Bind("cn=admin,dc=corp", "zqvmtra")', "SECRET-CALL-LOGIN"),
    ("password(name: 'DB', defaultValue: 'k3Jx9vQpZ', description: 'x')", "SECRET-JENKINS-PARAMETER"),
    ('headers["Authorization"] = "Bearer " + "k3Jx9vQpZ7Lw2xK4mVt8RnB3yHd6Js"', "SECRET-BEARER"),
    ('curl -H "Authorization: Bearer 7mq4t0wvkzrx52bnjdhp" https://api.orchard.dev', "SECRET-AUTHORIZATION-BEARER"),
    ("Server=db;Database=shop;User Id=sa;Password=k3Jx9vQpZ;", "SECRET-ADO-PASSWORD"),
    ('#define WIFI_PASSWORD "k3Jx9vQpZ"', "SECRET-DEFINED-PASSWORD"),
    ("requests.get(url, auth=('anna', 'k3Jx9vQpZ'))", "SECRET-CALL-LOGIN"),
    ('request.SetBasicAuth("anna", "k3Jx9vQpZ")', "SECRET-CALL-LOGIN"),
    ('.basic_auth("anna", Some("k3Jx9vQpZ"))', "SECRET-CALL-LOGIN"),
    ('create_user("anna", "anna@orchard.dev", "k3Jx9vQpZ")', "SECRET-CREATE-USER"),
    ('store.load(stream, "k3Jx9vQpZ".toCharArray());', "SECRET-JAVA-CHAR-ARRAY"),
    ('curl_easy_setopt(curl, CURLOPT_USERPWD, "anna:k3Jx9vQpZ");', "SECRET-CURL-USERPWD"),
    ('storePassword "k3Jx9vQpZ"', "SECRET-GRADLE-SIGNING"),
    ("crypto.createHmac('sha256', 'k3Jx9vQpZ7Lw2xK4')", "SECRET-KEY-IN-CALL"),
    ('new SecretKeySpec("k3Jx9vQpZ7Lw2xK4".getBytes(), "AES")', "SECRET-KEY-IN-CALL"),
    ("config.omniauth :github, 'a1b2c3d4e5', 'k3Jx9vQpZ7Lw2xK4mVt8'", "SECRET-OMNIAUTH"),
    ('dsn := "shop:k3Jx9vQpZ@tcp(db:3306)/shop"', "SECRET-GO-MYSQL-DSN"),
    ("ENV ROOT_PASSWORD k3Jx9vQpZ", "SECRET-DOCKERFILE-ENV"),
    ("useradd -m -p k3Jx9vQpZ deploy", "SECRET-USERADD"),
    ("Log in with the password `k3Jx9vQpZ`.", "SECRET-PROSE-PASSWORD"),
    ("snmp-server community k3Jx9vQpZ RO", "SECRET-NETWORK-KEY"),
    ("    passwd: $6$saltsalt" + "$" + "a1B2" * 21 + "cd", "SECRET-CRYPT-HASH"),
    ("enable secret 5 $1$salt" + "$" + "a1B2" * 5 + "cd", "SECRET-CRYPT-HASH"),
    ("INSERT INTO users (login, password) VALUES ('anna', 'k3Jx9vQpZ');", "SECRET-KEYWORD"),
    ("INSERT INTO users (`id`, `password`) VALUES (1, 'x'), (2, 'k3Jx9vQpZ');", "SECRET-KEYWORD"),
    ("let(:api_key) { 'k3Jx9vQpZ7Lw2xK4mVt8' }", "SECRET-KEYWORD"),
    ('api_key <- "k3Jx9vQpZ7Lw2xK4mVt8"', "SECRET-KEYWORD"),
    ('Const PASSWORD As String = "k3Jx9vQpZ"', "SECRET-KEYWORD"),
    ('secret := []byte("k3Jx9vQpZ7Lw2xK4mVt8")', "SECRET-KEYWORD"),
    ("<!-- demo / password: k3Jx9vQpZ -->", "SECRET-KEYWORD"),
    ("mycli login --user anna --password xkdwm", "SECRET-PASSWORD-OPTION"),
    ("ldapsearch -x -D cn=admin,dc=corp -w xkdwmq -b dc=corp", "SECRET-LDAP-OPTION"),
    ("client.authenticate('anna', 'xkdwmqb')", "SECRET-LOGIN-ARGUMENTS"),
    ('c := NewClient("anna", "xkdwmqb")', "SECRET-LOGIN-ARGUMENTS"),
    ('Credentials::new("anna".to_owned(), "xkdwmqb".to_owned())', "SECRET-LOGIN-ARGUMENTS"),
    ("login 'anna', 'xkdwmqb'", "SECRET-LOGIN-ARGUMENTS"),
    ('(login client "anna" "xkdwmqb")', "SECRET-LOGIN-ARGUMENTS"),
    ('mqtt.connect("device", "anna", "xkdwmqb")', "SECRET-LOGIN-THIRD-ARGUMENT"),
    ('assert.Equal(t, "xkdwmqb", settings.Password)', "SECRET-EXPECTED-PASSWORD"),
    ("fill_in 'Password', with: 'xkdwmqb'", "SECRET-TYPED-PASSWORD"),
    ("page.fill('#password', 'xkdwmqb')", "SECRET-FILLED-FIELD"),
    ("get('input[name=password]').type('xkdwmqb{enter}')", "SECRET-TYPED-PASSWORD"),
    ('find(By.id("password")).sendKeys("xkdwmqb")', "SECRET-TYPED-PASSWORD"),
    ("user, password = 'anna', 'xkdwmqb'", "SECRET-PAIRED-ASSIGNMENT"),
    ('{admin_password, <<"xkdwmqb">>}', "SECRET-ERLANG-TUPLE"),
    ('{basic, "anna", "xkdwmqb"}', "SECRET-ERLANG-BASIC"),
    ('@password "xkdwmqb"', "SECRET-SPACED-PASSWORD"),
    ('{:user "anna" :password "xkdwmqb"}', "SECRET-SPACED-PASSWORD"),
    ("* **Password:** xkdwmqb", "SECRET-BOLD-PASSWORD"),
    ("Log in as `anna` / `xkdwmqb`.", "SECRET-DEFAULT-LOGIN"),
    ("password is xkdwmqb.", "SECRET-TOLD-PASSWORD"),
    ("Password for user anna: xkdwmqb", "SECRET-TOLD-PASSWORD"),
    ('assertEquals(login.getPassword(), "xkdwmqb")', "SECRET-COMPARED-PASSWORD"),
    ("stats auth anna:xkdwmqb", "SECRET-LOGIN-PAIR"),
    ('- "anna:$apr1$' + "saltsalt$" + "a1B2" * 5 + 'cd"', "SECRET-HTPASSWD-INLINE"),
    ('"encrypt": "zA7BCgbU8Kjl/xl2pQDYwLC5O4TRYwMNqxxEtwoOzD4=",', "SECRET-GOSSIP-KEY"),
    ('<set data="default_password=xkdwmqb"/>', "SECRET-KEYWORD"),
    ("X-Auth-Token: [k3Jx9vQpZ7Lw2xK4mVt8]", "SECRET-API-KEY-HEADER"),
    ("Authorization: [token k3Jx9vQpZ7Lw2xK4mVt8]", "SECRET-AUTHORIZATION-TOKEN"),
    ('app.textFields["Password"].typeText("xkdwmqb")', "SECRET-TYPED-PASSWORD"),
    ('new UsernamePasswordToken("anna", "xkdwmqb")', "SECRET-LOGIN-ARGUMENTS"),
    ("EMAIL_HOST_PASSWORD = 'zkwq mplx bnvc qwzk'", "SECRET-KEYWORD"),
    ("bcrypt.hashSync('xkdwmqb', 10)", "SECRET-HASHED-PASSWORD"),
    ('passwordEncoder.encode("xkdwmqb")', "SECRET-HASHED-PASSWORD"),
    ('encode_base64("anna:xkdwmqb")', "SECRET-ENCODED-LOGIN"),
    ("Demo account: anna@orchard.dev / xkdwmqb", "SECRET-SLASHED-LOGIN"),
    ("siridb-admin -s db:9000 change-password xkdwmqb", "SECRET-TOOL-OPTION"),
    ("password                             = xkdwmqb", "SECRET-KEYWORD"),
    ("login(id: 'anna', pw: 'xkdwmqb')", "SECRET-KEYWORD"),
    ("VPN user anna, password xkdwm7qb", "SECRET-SHOWN-PASSWORD"),
    ('<input type="password" name="p" value="xkdwmqb">', "SECRET-PASSWORD-INPUT"),
    ("plink -ssh root@10.1.1.4 -pw xkdwmqb", "SECRET-CONNECTION-OPTION"),
    ("mysqladmin -u root password xkdwmqb", "SECRET-MYSQLADMIN"),
    ('password = ask(); child.sendline("xkdwmqb")', "SECRET-SENT-PASSWORD"),
    ("EXEC sp_addlogin 'anna', 'xkdwmqb'", "SECRET-SP-ADDLOGIN"),
    ("Authorization: Basic anna:xkdwmqb", "SECRET-BASIC-PLAIN"),
    ("java -Ddb.password=xkdwmqb -jar a.jar", "SECRET-PROPERTY-OPTION"),
    ("  - token k3Jx9vQpZ7Lw2xK4mVt8  # Authorization", "SECRET-LISTED-AUTHORIZATION"),
    ("npm config set //packages.example/:_authToken k3Jx9vQpZ7Lw2xK4mVt8", "SECRET-NPM-OPTION"),
    ("curl -u k3Jx9vQpZ7Lw2xK4mVt8: https://packages.example/", "SECRET-CURL-KEY"),
    ("https://packages.example/a?key=k3Jx9vQpZ7Lw2xK4mVt8", "SECRET-URL-KEY"),
    ("{'user': 'anna', 'key': 'k3Jx9vQpZ7Lw2xK4mVt8'}", "SECRET-NAMED-KEY"),
    ("iv = unhexlify('0f3a9c1b27d85e64b1c83f70a92d4e56')", "SECRET-NAMED-KEY"),
    ("key = k3Jx9vQpZ7Lw2xK4mVt8", "SECRET-BARE-KEY"),
    ("Cookie: JSESSIONID=0F3A9C1B27D85E64B1C83F70A92D4E56", "SECRET-SESSION-COOKIE"),
    ("export DB_AUTH=${DB_SECRET:-xkdwmqb}", "SECRET-DEFAULT-IN-SHELL"),
    ("kinit anna <<< xkdwmqb", "SECRET-HERE-STRING"),
    ("lftp -u anna,xkdwmqb ftp.corp", "SECRET-TOOL-OPTION"),
    ("sqlplus anna/xkdwmqb@orders", "SECRET-ORACLE-THIN"),
    ("UPDATE s SET value='xkdwmqb' WHERE name='api_key';", "SECRET-SQL-SETTING"),
    ('<wsse:Password Type="PasswordText">xkdwmqb</wsse:Password>', "SECRET-XML-ELEMENT"),
    ("<wsse:Nonce>k3Jx9vQpZ7Lw2xK4mVt8ww==</wsse:Nonce>", "SECRET-XML-NONCE"),
    ("https://mainnet.infura.io/v3/0f3a9c1b27d85e64b1c83f70a92d4e56", "SECRET-INFURA"),
    ("mnemonic = 'amber basket cradle dune ember fossil grove harbor island jungle kernel lantern'", "SECRET-MNEMONIC"),
    ("https://anna:k3@Jx9vQpZ@packages.example/", "SECRET-SERVER-URL"),
    ("conn = 'host=db user=anna password=xkdwmqb'", "SECRET-KEYWORD"),
    ("HASH_SALT = b'" + ESCAPED + "'", "SECRET-ESCAPED-BYTES"),
    ('const char iv[] = "' + ESCAPED + '";', "SECRET-ESCAPED-BYTES"),
    ("uint8_t aes_key[16] = {" + LISTED + "};", "SECRET-LISTED-BYTES"),
    ("var encryptionKey = []byte{" + LISTED + "}", "SECRET-LISTED-BYTES"),
    ("openssl passwd -6 -salt k3Jx9vQp xkdwmqb", "SECRET-TOOL-OPTION"),
    ("useradd -p $(openssl passwd -1 xkdwmqb) anna", "SECRET-TOOL-OPTION"),
    ("htpasswd -b -c .htpasswd anna k3Jx9vQpZ", "SECRET-ACCOUNT-COMMAND"),
    ("htpasswd -c -b -B .htpasswd anna k3Jx9vQpZ", "SECRET-ACCOUNT-COMMAND"),
    ("htpasswd -Bbn anna k3Jx9vQpZ > auth", "SECRET-ACCOUNT-COMMAND"),
    ('override fun getPassword() = "xkdwmqb"', "SECRET-GETTER"),
    ('override fun getPassword(): String = "xkdwmqb"', "SECRET-GETTER"),
    ('public String getPassword() { return "xkdwmqb"; }', "SECRET-GETTER"),
    ('password = () => "xkdwmqb"', "SECRET-GETTER"),
    ('def password = "xkdwmqb"', "SECRET-KEYWORD"),
    (JMETER.replace("VALUE", "xkdwmqb"), "SECRET-XML-ELEMENT"),
    ("psexec.py CORP/anna:xkdwmqb@10.1.2.3 cmd", "SECRET-DOMAIN-LOGIN"),
    ('echo "machine git.orchard.dev login anna password xkdwmqb" >> ~/.netrc', "SECRET-NETRC-WRITTEN"),
    (r'echo -e "machine git.orchard.dev\n  login $USER\n  password xkdwmqb" > ~/.netrc', "SECRET-NETRC-WRITTEN"),
    ('echo "db1.orchard.dev:5432:shop:etl:xkdwmqb" > ~/.pgpass', "SECRET-PGPASS-WRITTEN"),
    ('echo "*:*:*:postgres:xkdwmqb" >> "$HOME/.pgpass"', "SECRET-PGPASS-WRITTEN"),
    ('echo "[smtp.orchard.dev]:587 anna:xkdwmqb" > /etc/postfix/sasl_passwd', "SECRET-MAIL-RELAY-WRITTEN"),
    ("poll mail.orchard.dev proto imap user anna pass xkdwmqb ssl", "SECRET-FETCHMAIL-WRITTEN"),
    ("ENV BUNDLE_GEMS__ORCHARD__DEV=8f3a91bc:d02e7f61", "SECRET-BUNDLE-SOURCE"),
    ("bundle config set --global gems.orchard.dev 8f3a91bc:d02e7f61", "SECRET-BUNDLE-SOURCE"),
    ("account work\nhost smtp.orchard.dev\nuser anna\npassword k3Jx9vQpZ", "SECRET-LINE-PASSWORD"),
    ("docker login -p k3Jx9vQpZ -u anna registry.orchard.dev", "SECRET-LOGIN-OPTION"),
    ("SetEnv DB_PASS k3Jx9vQpZ", "SECRET-DOCKERFILE-ENV"),
    ('command: ["redis-server", "--requirepass", "k3Jx9vQpZ"]', "SECRET-SERVER-PASSWORD"),
    ('proxy_set_header X-Api-Key "k3Jx9vQpZ7Lw2xK4mVt8";', "SECRET-API-KEY-HEADER"),
    ('-define(PASSWORD, "k3Jx9vQpZ").', "SECRET-DEFINED-PASSWORD"),
    ("JWT::encode($payload, 'k3Jx9vQpZ7Lw2xK4mVt8', 'HS256')", "SECRET-KEY-IN-CALL"),
    ('(def api-key "k3Jx9vQpZ7Lw2xK4mVt8")', "SECRET-SPACED-PASSWORD"),
    ("| Password | k3Jx9vQpZ |", "SECRET-TABLE-ROW"),
    ("<td>Password:</td><td>k3Jx9vQpZ</td>", "SECRET-TABLE-ROW"),
    ("tokens = ['k3Jx9vQpZ7Lw2xK4mVt8RnB3yHd6JsP1']", "SECRET-LISTED-KEYS"),
    ("USERS = {'anna': 'k3Jx9vQpZ'}", "SECRET-LISTED-ACCOUNTS"),
    ("$users = array('anna' => 'k3Jx9vQpZ');", "SECRET-LISTED-ACCOUNTS"),
    ("password: \"{{ db_password | default('k3Jx9vQpZ') }}\"", "SECRET-TEMPLATE-DEFAULT"),
    ("npm config set _auth YW5uYTpYazI5ZkxxcFI3dFo=", "SECRET-TOOL-OPTION"),
    ("nmcli device wifi connect home password k3Jx9vQpZ", "SECRET-TOOL-OPTION"),
    ("wpa_passphrase home k3Jx9vQpZ", "SECRET-TOOL-OPTION"),
    ("ssh-keygen -t ed25519 -N 'k3Jx9vQpZ' -f key", "SECRET-TOOL-OPTION"),
    ("dotnet nuget add source https://nuget.orchard.dev/v3 -u bot -p k3Jx9vQpZ", "SECRET-CLIENT-OPTION"),
]


@pytest.mark.parametrize(("line", "rule"), MISSED)
def test_what_the_field_misses(line: str, rule: str) -> None:
    from gate.secrets.kinds.catalogue import KINDS

    found = examine(line.encode(), "a.txt", scanner(GATE)).secrets
    assert rule in {KINDS[one.type].rule for one in found}


@pytest.mark.parametrize(
    "line",
    [
        "curl -u $USER:$TOKEN https://packages.example/",
        "public_key = b'" + ESCAPED + "'",
        "text = b'" + ESCAPED + "'",
        "uint8_t public_key[16] = {" + LISTED + "};",
        "iv = b'" + "\\x00" * 16 + "'",
        "key = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09}",
        "openssl passwd -1 $PASSWORD",
        "openssl passwd -6 -stdin",
        "htpasswd -b -c FILE USER PASS",
        'htpasswd -b -c "$FILE" "$USER" "$PASS"',
        'public String getPasswordLabel() { return "xkdwmqb"; }',
        'public String getPassword() { return "password"; }',
        JMETER.replace("VALUE", "${password}"),
        "corp.local/anna:password@host",
        "docker.io/library/alpine:3x9Kq2b@sha256:0f3a",
        "# :arXiv:`math-ph/0609050v2`",
        "# Authorization: AWS4-HMAC-SHA256 Credential=sdffdsa",
        '"S3Key": "867139942017-EntitiesDetection-2zxq8Lk93Qw/"',
        "login({ username: 'joe', password: 'wrong' })",
        "client.login('joe', 'wr0ng-passw0rd')",
        "password = 'notthepassword1'",
        "password = 'incorrect!'",
        "password = 'badpassword1'",
        "mysql -u root -p$PASSWORD",
        "IDENTIFIED BY '<password>'",
        "ConvertTo-SecureString $env:PASSWORD -AsPlainText",
        "ConvertTo-SecureString $password -AsPlainText -Force",
        "ConvertTo-SecureString 01000000d08c9ddf0115d1118c7a00c04fc297eb",
        "redis-cli -a $REDIS_PASSWORD ping",
        "ldapsearch -x -D cn=admin -w $(cat /run/secrets/ldap)",
        "lftp -u anna -p 2121 files.corp",
        "net use Z: \\\\files\\share /persistent:yes",
        "openssl enc -aes-256-cbc -pass file:/run/secrets/key -in a",
        "echo $TOKEN | docker login -u ci --password-stdin",
        "echo done | sudo tee /tmp/a",
        "--password ${PASSWORD}",
        "postgres://user:${DB_PASSWORD}@db/x",
        "postgres://user:password@db/x",
        "Authorization: Bearer {{ token }}",
        "api_token = os.environ['API_TOKEN_OF_PRODUCTION']",
        "define('DB_PASSWORD', 'password');",
        "root:x:0:0:root:/root:/bin/bash",
        '#define ERR_BAD_PASSWORD "invalid password"',
        "requests.get(url, auth=('user', 'password'))",
        'request.SetBasicAuth("user", "<password>")',
        "hmac.new(b'password', body)",
        "ENV PASSWORD_FILE /run/secrets/a",
        "useradd -p $HASH deploy",
        "Log in with the password `your-password`.",
        "a key that is identified by 'entry-7'",
        '<user username="admin" password="&lt;must-be-changed&gt;"/>',
        "server.login('user', password)",
        "INSERT INTO settings (name, value) VALUES ('password_length', '8');",
        "INSERT INTO users (login, password) VALUES (?, ?);",
        "'password' => 'required|min:8|confirmed',",
        'printf("Usage: %s --password PASSWORD\\n", name);',
        'add_argument("--ask-pass", default=C.DEFAULT_ASK_PASS)',
        'PASS_KEY = "pass_key"',
        "update_password: on_create",
        '"password_last_used": "no_information"',
        '<add key="TokenLifetime" value="00:30:00" />',
        'if (typeof credential !== "function") {',
        "if (pass1 !== pass2) {",
        '"password": "Yanl\\u0131\\u015f parola"',
        'password = f"*{digest(password)}"',
        "mycli login --user anna --password swordfish",
        "client.authenticate('anna', 'swordfish')",
        "client.login('alice', 'password')",
        "fill_in 'Password', with: 'swordfish'",
        'assertEqual("Password is required", errors["password"])',
        'assert.Equal(t, "swordfish", token.Name)',
        "the password is required.",
        "Password for user anna: ",
        "* **Password:** the one of your account",
        "`en-GB` / `en-US` are languages of the account",
        "https://packages.example/a?key=settings.appearance.colour",
        "{'name': 'colour', 'key': 'settings-appearance-colour'}",
        'kid = "k3Jx9vQpZ7Lw2xK4mVt8"',
        "rate_password = '20/m/ip'",
        "mnemonic = 'test test test test test test test test test test test junk'",
        "Cookie: theme=dark; lang=en",
        "('Salt', '16s=b'),",
        "boto3.client('s3', 'us-west-2')",
        'edge_connectivity(G, "Medici", "Strozzi")',
        "if pass_zero == 'lowpass':",
        "{'pass': 'bandpass'}",
        "ACCESS_KEY = 'AWSAccessKeyId'",
        "'salt': b'joserfc:OKP:HKDF:Ed25519'",
        '"AWS::ApiGateway::ApiKey": "48205d4ffd7feba3"',
        "command.extend(['--token', auth_token])",
        "secretKey: 'sk_test_x',",
        "'salt': '45629222935198982854169792985347749558750808557895'",
        "set PWD=%~dp0",
        "elif auth == 'gssapi':",
        "elif password['name'] == 'xkdwm7qb':",
        "{token:'keyword.$1',next:'@modifier'}",
        "('weblate_auth', '0012_auto_20200729_1200'),",
        "key: 'U2FsdGVkX197YJtZ/3Ac6n5kRIG/ZqeU1/wC0cVFyfU='",
        "'mac_seed': 'f83e8d8a-cfdc-b105-b054-ef5cb416b77e'",
        "the assignment (e.g., 'scsi:0:1', 'sata:0:0')",
        "submit the Master Password dialogue.",
        'echo "machine git.orchard.dev login $USER password $TOKEN" >> ~/.netrc',
        "machine HOST login USER password PASSWORD",
        "daemon:*:18375:0:99999:7:::",
        "main.c:1234:error:parse:unexpected",
        'echo "$PGHOST:5432:$PGDATABASE:$PGUSER:$PGPASSWORD" > ~/.pgpass',
        "ENV BUNDLE_GEMS__ORCHARD__DEV=$USER:$TOKEN",
        "the password field below",
        "| Password | required |",
        "{'users': ['fred', 'barney']}",
        "password: \"{{ db_password | default('changeme') }}\"",
        "ssh-keygen -t ed25519 -N '' -f key",
        "ssl_ciphers HIGH:!aNULL:!PSK:!RC4;",
    ],
)
def test_templates_and_placeholders_are_none_of_ours(line: str) -> None:
    assert examine(line.encode(), "a.txt", scanner(GATE)).secrets == ()


def test_what_two_detectors_find_is_one_secret() -> None:
    line = "DD_API_KEY = '" + "0f3a9c1b27d85e64" + "b1c83f70a92d4e56" + "'\n"
    (found,) = examine(line.encode(), "a.py", scanner(GATE)).secrets
    assert found.type == "Datadog key"
    assert len(found.also_listed_as) >= 1


@pytest.mark.parametrize(
    "line",
    [
        'client = WebClient("' + "xoxb-123456789012-1234567890123-" + 'k3Jx9vQpZ7Lw2xK4mVt8RnB3")',
        'client = boto3.client("' + "AKIA" + 'Z7VRSQ5TJN2XMPLQ")',
        'client = Github("' + "ghp_" + 'k3Jx9vQpZ7Lw2xK4mVt8RnB3yHd6JsP1cZwq")',
    ],
)
def test_a_token_that_a_call_is_given_is_found(line: str) -> None:
    """detect-secrets takes `name = call(…)` for a reference to a secret elsewhere."""
    for path in ("a.py", "docs/swagger.yaml"):
        (found,) = examine(line.encode(), path, scanner(GATE)).secrets
        assert found.confidence is not Confidence.LOW


@pytest.mark.parametrize("content", ["session({ secret: 'tall zebra' })\n", "session({\n  secret: 'tall zebra',\n})\n"])
def test_a_session_is_signed_with_any_text(content: str) -> None:
    (found,) = examine(content.encode(), "app.js", scanner(GATE)).secrets
    assert (found.type, found.confidence) == ("Secret that signs sessions", Confidence.MEDIUM)


@pytest.mark.parametrize("value", ["process.env.SECRET", "'your secret'", "'session_secret'", "'${SECRET}'"])
def test_what_a_session_reads_or_leaves_open_is_none(value: str) -> None:
    assert examine(f"session({{ secret: {value} }})\n".encode(), "app.js", scanner(GATE)).secrets == ()
