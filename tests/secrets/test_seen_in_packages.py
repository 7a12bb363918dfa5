"""What stood in published packages: what was a credential and missed, and what was named and is none."""

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.results.masking import masked_lines
from gate.secrets.triage.wordlikeness import is_noise

KEY = "q7Zp2Lw9xK4mVt8RnB3yHd6J"
SIGNS = "Zk7]bPRV!Kn^Yz("
DJANGO = "s2$k(x9v_q7!m4z%p8w&j3#t@f6^b5n*c1d+h0-g=ry)u(qe$l"
WORDPRESS = "0YxBKh#=U?Hgt+,W~62H!xp#NgJZ@3xuy-{Phepo}KvUVH1,bKq.hcWXd_<Lm_qxM"
HASH = "$2a$11$UhEcCvPlSlJVHub8.RgQlY5JnmK5f5Z1MNmRpii270nNZeXSb1Iya"
CREDENTIALS = [
    ("web/settings.py", f"SECRET_KEY = '{DJANGO}'"),
    ("web/settings.py", f"'PASSWORD': '{SIGNS}',"),
    ("wp-config.php", f"define('AUTH_KEY',         '{WORDPRESS}');"),
    ("app.properties", f"db.password={SIGNS}"),
    ("app.yml", f"  password: {SIGNS}"),
    (".netrc", f"machine a login b password {SIGNS}"),
    ("src/a.js", f"secret: process.env.API_SECRET || '{KEY}',"),
    ("src/a.rb", f"ENV['API_TOKEN'] ||= '{KEY}'"),
    ("src/a.py", f"secret = os.environ.get('API_SECRET') or '{KEY}'"),
    ("src/A.java", f'@Value("${{app.secret:{KEY}}}")'),
    ("src/A.java", 'Algorithm.HMAC256("Jxrsqur3");'),
    ("src/A.cs", f'new AuthenticationHeaderValue("Bearer", "{KEY}");'),
    ("src/A.cs", f'Headers.Add("Ocp-Apim-Subscription-Key", "{KEY}");'),
    ("src/A.cs", 'userManager.CreateAsync(user, "Wq7zkrtx!");'),
    ("src/a.m", f'[request setValue:@"{KEY}" forHTTPHeaderField:@"X-Api-Key"];'),
    ("src/a.rb", f"headers['Authorization'] = \"Token token={KEY}\""),
    ("src/a.pl", '$ua->credentials("h:80", "realm", "anna", "xkdwmq");'),
    ("src/a.py", 'ssh.connect("10.0.0.4", 22, "anna", "HzzK4d7f")'),
    ("src/a.php", 'ldap_bind($ds, "cn=admin", "xkdwmq");'),
    ("src/a.go", 'sessions.NewCookieStore([]byte("Jxrsqur3"))'),
    ("src/a.go", 'key, _ := hex.DecodeString("5b6952f7240a99ee18c1db775b6952f8")'),
    ("rel/sys.config", "{erlang_cookie, 'OMPTxthAOf43hcvNLcwz'}"),
    ("arm.json", '"adminPassword": {"value": "Xkdwm1420@"},'),
    ("a.plist", "<key>password</key><string>xkdwmqz</string>"),
    ("keepass.xml", '<Key>Password</Key><Value ProtectInMemory="True">Rwed@1274</Value>'),
    ("templates/a.yml.erb", "password: ofro!khme5"),
    ("play.yml", "password: \"{{ 'LBrtj6!jiw' | password_hash('sha512') }}\""),
    ("dump.sql", f"1\tanna@orchard.dev\t{HASH}\t\\N"),
    ("etc/passwd", "anna:u3QruOg5w0KC/:1000:1000:Anna Vos:/home/anna:/bin/bash"),
    ("a.sh", "xfreerdp /u:anna /p:lbvn!idmu0 /v:10.0.0.4"),
    ("a.sh", "7z x -pUeajrntpe3 backup.7z"),
    ("etc/proftpd/sql.conf", "SQLConnectInfo ftp@localhost proftpd xkdwm4095"),
    ("sip.conf", "secret=Winter2023!"),
    ("frps.ini", "shared_secret = sup3rs3cret"),
    ("src/a.py", 'login("anna", "Winter2023!")'),
    ("prefs.js", 'user_pref("mail.smtp1.password", "Winter2023!");'),
    ("sites/default/settings.php", "$db_url = 'mysqli://drupal:Winter2023!@localhost/drupal';"),
    ("api.rst", "X-Auth-Token: eaaafd18-0fed-4b3a-81b4-663c99ec1cbb"),
    ("test_a.py", "'fernet_key_2024': 'esipv1wC03xLGPb3cydid0uPINl6g8sydhlPh6iwJxk=',"),
    ("test_a.py", "key = 9ff3b71c849749dbaec4ccdd3cbab62b"),
    (
        "test_a.js",
        'var key = "-----BEGIN RSA PRIVATE KEY-----" +\n "MIIEpAIBAAKCAQEAx6RzM1l2NPdU0q7ffW1dXUXzYJ3gk1w" +\n'
        ' "J0q7ffW1dXUXzYJ3gk1wMIIEpAIBAAKCAQEAx6RzM1l2NPdU0" +\n "-----END RSA PRIVATE KEY-----";',
    ),
    ("test_a.py", "setattr(self.conf, 'san_password', 'Mhvtd@yvwlmtv')"),
    ("test_a.py", "CONF.set_override('image_server_password', 'Dfqjhvxqr', 'deploy')"),
    ("test_a.py", "mock_get_secret.return_value = 'qnbpkyx'"),
    ("test_a.js", "{uid: uid, newPassword: '280619', currentPassword: '123456'}"),
    ("test_a.js", 'expect(password).toEqual("rYjvWNtS9i3j04");'),
    ("a.ps1", "-InstallUpdates:$false -AdministratorPassword 'Qz$$p3rvk'"),
    ("a.ps1", "New-LocalUser -Password (ConvertTo-SecureString -AsPlainText 'lhkfz' -Force)"),
    ("a.sh", "curl -u client_id:xkdwmq https://orchard.dev/"),
    ("a.py", 'smtp.login(sender, "zkqxmwt")'),
    ("a.py", 'run(["sshpass", "-p", "zkqxmwt", "ssh", "anna@db"])'),
    ("a.go", 'smtp.PlainAuth("", "anna@orchard.dev", "Vxdvqjlz", "smtp.orchard.dev")'),
    ("A.java", 'env.put(Context.SECURITY_CREDENTIALS, "zqth!ckhj6");'),
    ("a.c", 'strcpy(cfg.wifi_password, "xrlvmm");'),
    ("a.c", 'static const uint8_t key[16] = "dgTHcM67YxZ3hyR9";'),
    ("a.swift", f'UserDefaults.standard.set("{KEY}", forKey: "accessToken")'),
    ("app.feature", 'And I fill in "password" with "bttcco$5"'),
]
OTHERS = [
    ("policy.yaml", '#  server-password:show":"rule:project_reader_or_admin".'),
    ("a.py", "cmd = ['sshpass', '-p', shell.password] + cmd"),
    ("a.js", "appendWWWAuthenticate(ctx, 'DPoP', { scope });"),
    ("test_a.js", "User.create({username: 'updatedAgain', password: '654321'});"),
    ("src/a.py", "token = 'anna2@orchard.dev'"),
    ("src/a.ini", "secret = kv-store"),
    ("policy.yaml", "name: os_compute_api:os-server-password:show"),
    ("policy.yaml", '#"create_credential": "(rule:admin) or user_id:%(target.credential.user_id)s"'),
    ("zuul.yaml", "password: !encrypted/pkcs1-oaep"),
    ("dom.js.flow", "static STENCIL_PASS_DEPTH_FAIL: 0x0b95;"),
    ("a.js", 'return this.passProp("offset");'),
    ("a.js", 'PW: "Palau",'),
    ("a.js", 'new OAuth2CredentialProviderVendor("DropboxOauth2");'),
    ("a.js", " * valid password: `validationResult: {isValid: true}`"),
    ("a.py", 'kind: str  # "password" or "certificate"'),
    ("a.py", 'DEFAULT_ENCLAVE_IMAGE_SEVERITY = "k3Jx9v"'),
    ("a.py", "default_namespace='root/eternus')  # the account"),
    ("a.py", "User(name=u'tester', password=u'tester')"),
    ("a.py", "FAKE_PASSWORD_ENCODED = 'cW5hcGFkbWlu'"),
    ("a.py", "API_TOKEN = '12345678-abcd-1234-abcd-1234567890ab'"),
    ("a.py", "'password': '[0-9a-zA-Z]{1,12}',"),
    ("a.py", 'pattern = re.compile(r"https://x-token-auth:[^@]+@bitbucket.org/.+")'),
    ("shop/tests.py", "password='hello'"),
    ("test_a.py", "assertEqual('xkdwm', manager.active_secret_id)"),
    ("test_a.py", '"token": "dG9rZW4=",'),
    ("test_a.py", "'{SMD5}c65475e457fea0951fbb9ec9596b2177'"),
    ("test.conf.j2", "password2 = testing2"),
    ("a.conf.5", '.IP "auth_user = dpstats:dpstats"'),
    ("a.html", f'<input name="csrfmiddlewaretoken" value="{KEY}">'),
    ("a.gql", "https://orchard.dev/a.jpeg?alt=media&token=4142e2a1-bf43-43b5-b7cf-6616be3fd4e3"),
    ("a.json", '"AWS::Route53::KeySigningKey": "aws-cdk-lib/aws-route53.CfnKeySigningKey",'),
    ("a.d.ts", 'const RDS_CREDENTIALS = "@aws-cdk/aws-rds:preventRenderingDeprecatedCredentials";'),
    ("a.md", "the password goes over `TLSv1.0`/`TLSv1.1`"),
    ("a.js", "// https://hooks.slack.com/services/TC_REDACTED/B01_REDACTED/mk_REDACTED"),
    ("a.js", "const key = '-----BEGIN OPENSSH PRIVATE KEY-----\\n';"),
    ("a.js", r"const regexp = /^PuTTY-User-Key-File-2: (ssh-(?:rsa|dss))\r?\n/"),
    ("a.py", "MY_CONN=my-type://my-login:xkdwmq@my-host:5432/my-schema"),
    ("a.sh", ': "${DB_PASS:?missing}"'),
    ("a.py", '@click.password_option("--password", "pw")'),
    ("a.py", "drv._auth_token_dir = '/tmp/weka-tok-test'"),
    ("a.py", "_credentials = 'credentials/'"),
    ("a.conf", "enabled_secretstore_plugins = dogtag_crypto"),
    ("a.rst", "    [secretstore:kmip]"),
    ("a.sh", "sed -e 's/;root_password = .*/root_password = PASSWORD/g'"),
    ("a.sh", "openssl req -passin pass:not-secure-passphrase"),
    ("a.d.ts", '"IV": "MTIzNDU2Nzg5MGFiY2RlZg==",'),
    ("a.d.ts", '"IV": "ZmVkY2JhMDk4NzY1NDMyMQ==",'),
    ("a.d.ts", '<a href="https://orchard.dev/document/limits?key=66b19417290299a26b234572">limits</a>'),
    ("a.d.ts", "https://orchard.dev/jump?to=AUTHORIZATION&shortKey=yDCHHURDfBxSB2rj2Bfa"),
    ("a.d.ts", "openssl passwd -crypt 123456。当证书类型为CA/SSL证书时"),
    ("public/language/sk/pages.json", r""""account/edit/password": "Úprava hesla \"%1\"","""),
    ("a.min.js", 'var i="Unknown token ",l=(0,y.default)(u,6),D=l[0],p=l[1],b=l[2],m=l[3]'),
]


def is_named(path: str, line: str) -> bool:
    """True if a line of the file at `path` would block by default."""
    return any(one.confidence is not Confidence.LOW for one in examine(line.encode(), path, scanner(GATE)).secrets)


@pytest.mark.parametrize(("path", "line"), CREDENTIALS)
def test_a_credential_is_named(path: str, line: str) -> None:
    assert is_named(path, line)


@pytest.mark.parametrize(("path", "line"), OTHERS)
def test_what_is_none_is_not(path: str, line: str) -> None:
    assert not is_named(path, line)


@pytest.mark.parametrize("value", [SIGNS, DJANGO, WORDPRESS, "K7x3#!L*8!k-w", "iha0=o5zfF.Hbl=R~#w8"])
def test_letters_digits_and_signs_at_random(value: str) -> None:
    assert is_noise(value)


@pytest.mark.parametrize(
    "value",
    [
        *("${DB_PASS_1}", "{{ db_password_2 }}", "getpass()", "config.get(x)[1]", "$pw1[0]", "%(password)s", "<token>"),
        *(
            "(0,y.default)(u,6),D=l[0],p=l[1]",
            "https://orchard.dev/a?b=1&c=2",
            "[0-9a-zA-Z]{1,12}",
            "([0-9A-Za-z+/]{16}[0-9A-Za-z+/=]{0,200})",
            "x1!",
        ),
    ],
)
def test_templates_and_code_are_no_noise(value: str) -> None:
    assert not is_noise(value)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_byte_order_mark_hides_no_first_line(encoding: str) -> None:
    content = "9f86d081884c7d659a2feaa0c55ad015\n".encode(encoding)
    assert [one.line for one in examine(content, "config/master.key", scanner(GATE)).secrets] == [1]


def test_the_line_behind_a_byte_order_mark_is_masked() -> None:
    content = "\ufeff9f86d081884c7d659a2feaa0c55ad015\n".encode()
    assert "86d081884c7d" not in masked_lines(content, "config/master.key", {1})[1]
