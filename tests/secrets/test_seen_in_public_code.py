"""What stood in public repositories of all kinds: what was a credential and missed, and what was named and is none."""

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner

KEY = "q7Zp2Lw9xK4mVt8RnB3yHd6J"
CREDENTIALS = [
    ("src/a.js", f"xhr.setRequestHeader('Authorization', 'Basic {KEY}')"),
    ("a.sh", f"curl -H 'Authorization: Basic {KEY}' https://api.orchard.dev/"),
    ("src/a.js", "app.use(cookieParser('hkwqzvTplm#482'))"),
    ("src/a.js", "pass: process.env.MAIL_PASS  // hkwq zvtp lmxr bdgf"),
    ("src/a.pl", 'my $dbh = DBI->connect($self->dsn, "anna", "hkwqzvtp");'),
    ("src/a.php", "define('DB_PASSWORD', decrypt('aGt3cXp2dHA='));"),
    ("test_a.py", "password_input.send_keys('hkwqz4821')"),
    ("test_a.py", "driver.find_element_by_xpath(\"//*[@id='pwd']\").send_keys('4821937')"),
    ("src/a.php", "$hash = password_hash('4821937', PASSWORD_DEFAULT);"),
    ("README.md", "SECRET_KEY=h$k!w@q5zvt3p(lm%x_=r7bdg^f4"),
    ("notes.md", "密码: `hkwqzv`"),
    ("notes.md", "初始密码：Hkw4qzvt9"),
    ("notes.md", "Пароль: hkwqzt48"),
    ("dump.sql", "-- Mật khẩu mặc định: 482193hK@"),
    ("mysqld.log", "A temporary password is generated for root@localhost: hK(4wq;Zv8tP"),
    ("a.sh", f"vault login s.{KEY}"),
    ("etc/asterisk/sip.conf", "secret=blueberry"),
    ("src/a.php", '$ftp_userpass = "hkw482193";'),
    ("src/a.js", "const db = new Sequelize('shop', 'anna', 'hkwqz4821', {"),
    ("notes.md", "- User: `anna` | Password: `Hkw4qzvt9` | Bucket: `docs`"),
    ("a.sh", "kubeadm join 10.1.2.3:6443 --token hk4wqz.vt8lm2xr6bdg3fps"),
    ("src/a.js", f'const Authorization = "Bearer {KEY[::-1]}.{KEY}"'),
    ("src/A.kt", f'val keyBytes = "{KEY}".toByteArray()'),
    ("src/a.ts", 'const HashIV = "h77wqKzq4vTpLNIS";'),
    ("src/a.php", "'smtp_pass' => '+hkwqzvtplmxr',"),
    ("src/A.java", '"app.security.user.password=hkwqzvtp",'),
    ("a.sh", f"git clone https://{KEY}@github.com/orchard/shop"),
    ("src/a.pl", "$self->{password} = 'hkwqzvtp';"),
    ("src/A.cs", f'var key = Convert.FromBase64String("{KEY}=");'),
    ("a.txt", f"glpat-{KEY}"),
    ("a.md", f"otpauth://totp/orchard:anna?secret={KEY}&issuer=orchard"),
]
OTHERS = [
    ("a.sh", "sshpass -p `vault read -field=password db` ssh anna@db"),
    ("a.ps1", "$password = '%%db_password%%'"),
    ("src/A.swift", 'case masterSalt = "mslt"'),
    ("src/a.ts", f'const salt = "0x{"2" * 64}";'),
    ("src/a.py", "connect(\"user='\"+conf['user']+\"' password='\"+conf['password']+\"'\")"),
    ("src/a.php", "define('DB_HOST', decrypt('ZGIub3JjaGFyZC5kZXY='));"),
    ("src/a.go", '{"chat token", "xoxb-1234567890-abcdefghij"},'),
    ("a.yaml", f'gitlab-token: "glpat-{"x" * 20}"'),
    ("src/a.kt", 'val password = "Integration_" + UUID.randomUUID().toString()'),
    ("src/a.lua", 'local password = "oauth:" .. config.token'),
    ("src/a.ts", 'type Token = "hkwqzvtp" | undefined'),
    ("src/a.php", "$html_passwd = '±K½X';"),
    ("src/a.php", "$passwd = 'paswoord';"),
    ("a.yaml", "slack_api_url: https://hooks.slack.com/services/T00/B00/XXXXXX"),
    ("a.sh", r'pwsh -c "\$Password = ConvertTo-SecureString -String \"${PASS}\" -AsPlainText"'),
    ("src/A.java", 'post("https://api.twilio.com/2010-04-01/Accounts/AC5b9484fa07930bdb684dde777d14db7c/Messages")'),
    (
        "src/a.dart",
        "get example => '-----BEGIN OPENSSH PRIVATE KEY----- AABBCCDDEEFF1122';\n\nget other => 'more of it';",
    ),
    ("src/a.php", "'login_name='.$login.'&login_password='.$password.'&login=submit'"),
    ("src/a.ts", f"apiKey: 'pk_live_{KEY}',"),
    ("src/A.java", '@TestPropertySource("server.token.header.name=authorization")'),
    ("src/a.py", "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="),
    ("src/a.py", f"dsn = 'https://{KEY}@o12345.ingest.sentry.io/4812'"),
    ("src/a.html", '<script nonce="{{ nonce }}">'),
    ("src/a.ts", 'const nonce = "some-nonce-1";'),
    ("a.properties", "spring.datasource.password=你的MySQL密码"),
    ("a.sql", "SET PASSWORD = PASSWORD('任意のパスワード');"),
    ("src/a.js", "headers.append('Authorization', 'Basic ' + btoa(login + ':' + password))"),
]


def named(path: str, text: str) -> list[int]:
    """Return the lines of the file at `path` that would block by default."""
    found = examine(text.encode(), path, scanner(GATE)).secrets
    return sorted(spot.line for one in found if one.confidence is not Confidence.LOW for spot in one.spots)


@pytest.mark.parametrize(("path", "line"), CREDENTIALS)
def test_a_credential_is_named(path: str, line: str) -> None:
    assert named(path, line)


@pytest.mark.parametrize(("path", "line"), OTHERS)
def test_what_is_none_is_not(path: str, line: str) -> None:
    assert not named(path, line)


def test_two_gitlab_tokens_are_two_secrets() -> None:
    found = examine(f"glpat-{KEY}\nglpat-{KEY[::-1]}\n".encode(), "a.txt", scanner(GATE)).secrets
    assert len({one.hash for one in found}) == 2
