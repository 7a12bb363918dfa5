"""Credentials in calls and definitions of programs, where no name says what the value is."""

# ruff: noqa: E501  (a pattern is read in one piece)

from gate.model import Confidence
from gate.secrets.kinds.token import Token, token
from gate.secrets.kinds.traits import Checks
from gate.secrets.kinds.values import (
    is_basic_login,
    is_generated_password,
    is_key_material,
    is_key_or_password,
    is_password,
    is_random_with_digit,
)

_NAME = r"(?i:pass|passwd|password|passphrase|pwd|secret|token|api_?key|psk)"
_LITERAL = r"[\"']([^\n\"']{4,200})[\"']"
_HARD_CODED = "https://owasp.org/www-community/vulnerabilities/Use_of_hard-coded_password"
_LOGS_IN = "log in to that machine or service"
_CHANGE = "Change the password, and pass it in a file or a variable"
_LOGIN_CALLS = (
    r"[ (,.]auth[ ]?=[ ]?\(|[\"']auth[\"'][ ]?(?:=>|:)[ ]?\["
    r"|(?i:ldap[A-Za-z_]{0,20}(?:\.|->|::)(?:simple_?)?bind(?:_s)?)[ ]?\("
    r"|ldap_bind\([ ]?\$?[A-Za-z_>-]{1,30},"
    r"|(?i:http_?basic_?auth|(?:set)?_?basic_?auth|auth\.basic|\.login|twilio['\"]?\))[ ]{0,2}\(?"
)
_CREATING_CALLS = (
    r"create_?(?:super)?[uU]ser\([ ]{0,2}[\"'][^\n\"']{1,80}[\"'](?:[ ]{0,2},[ ]{0,2}[\"'][^\n\"']{1,80}[\"'])?"
    r"|(?:Create|AddPassword|CheckPassword|PasswordSignIn)Async\([A-Za-z_.]{1,40}"
)
_CRYPTOGRAPHIC_CALLS = (
    r"SecretKeySpec\([ ]?|hmac\.[nN]ew\((?:sha[0-9]{1,3}\.New,[ ]?\[\]byte\()?b?"
    r"|createHmac\([ ]?[\"'][0-9A-Za-z-]{1,20}[\"'],[ ]?"
    r"|create(?:Cipher|Decipher)(?:iv)?\([ ]?[\"'][0-9A-Za-z-]{1,20}[\"'],[ ]?"
    r"|signWith\([0-9A-Za-z_.]{2,60},[ ]?|SymmetricSecurityKey\((?:[A-Za-z0-9.]{0,40}GetBytes\([ ]?)?"
    r"|SignedString\(\[\]byte\(|CookieStore\(\[\]byte\(|cookieParser\([ ]?|Algorithm\.HMAC[0-9]{3}\([ ]?"
    r"|\.hs(?:256|384|512)\((?:key:[ ]?)?|AES\.new\(b?|Fernet\(b?"
    r"|pbkdf2_hmac\([^\n,]{1,40},[^\n,]{1,60},[ ]?b?|cookieParser\([ ]?"
    r"|openssl_(?:en|de)crypt\([^\n\"',]{1,60},[ ]?[\"'][0-9A-Za-z-]{1,20}[\"'],[ ]?"
    r"|pgp_sym_(?:en|de)crypt\([^\n\"',]{1,60},[ ]?"
    r"|(?:jwt\.|JWT(?:\.|::))(?:sign|verify|encode|decode)\([^\n\"',]{1,60},[ ]?"
)


def _call(rule: str, name: str, pattern: str, **more: object) -> Token:
    settings = {"confidence": Confidence.MEDIUM, "accepts": is_password, "edges": False, "checks": Checks.PLACE, **more}
    return token(rule, name, pattern, _LOGS_IN, _CHANGE, _HARD_CODED, **settings)


TOKENS = (
    _call(
        "DEFINED-PASSWORD",
        "Password in a macro",
        rf"(?:#[ ]{{0,4}}define[ \t]{{1,8}}|-define\()[0-9A-Za-z_]{{0,40}}{_NAME}[0-9A-Za-z_]{{0,12}},?[ \t]{{1,40}}[L@]?{_LITERAL}",
        checks=Checks.BY_CONFIDENCE,
    ),
    _call(
        "CALL-LOGIN",
        "Password in the call that logs in",
        rf"(?:{_LOGIN_CALLS})[ ]{{0,2}}[\"'][^\n\"']{{1,80}}[\"'][ ]{{0,2}},[ ]{{0,2}}(?:Some\()?{_LITERAL}",
    ),
    _call(
        "CREATE-USER",
        "Password of a user that code creates",
        rf"(?:{_CREATING_CALLS})[ ]{{0,2}},[ ]{{0,2}}{_LITERAL}[ ]{{0,2}}[,)]",
        accepts=is_generated_password,
    ),
    _call(
        "DBI-CONNECT",
        "Password in a database call",
        rf"(?:DBI->connect|[Dd]river[Mm]anager\.getConnection|new[ ]PDO)\([ ]{{0,2}}(?:[\"'][^\n\"']{{1,200}}[\"']|[$A-Za-z_][^\n\"',]{{0,60}})[ ]{{0,2}},[ ]{{0,2}}[\"'][^\n\"']{{1,80}}[\"'][ ]{{0,2}},[ ]{{0,2}}{_LITERAL}",
    ),
    _call(
        "CURL-USERPWD",
        "Password in a call of libcurl",
        r"CURLOPT_(?:PROXY)?USERPWD[ ]{0,2}(?:,|=>)[ ]{0,4}[\"'][^\s\"':$]{1,80}:([^\s\"'$]{3,128})[\"']",
    ),
    _call(
        "JAVA-CHAR-ARRAY",
        "Password in a Java program",
        r"\"([^\n\"]{4,128})\"\.toCharArray\(\)",
        accepts=is_generated_password,
    ),
    _call(
        "GRADLE-SIGNING",
        "Password of a signing key in Gradle",
        rf"(?:key|store)Password[ ]{{1,4}}{_LITERAL}",
    ),
    _call(
        "GRADLE-FIELD",
        "Secret in a generated constant",
        rf"(?:buildConfigField|resValue)[ (]{{1,2}}[\"'][A-Za-z]{{1,20}}[\"'],[ ]{{0,2}}[\"'][0-9A-Za-z_]{{0,40}}(?:{_NAME}|(?i:key))[0-9A-Za-z_]{{0,12}}[\"'],[ ]{{0,2}}[\"']\\?\"?([^\n\"'\\]{{8,200}})\\?\"?[\"']",
        accepts=is_key_material,
        checks=Checks.BY_CONFIDENCE,
    ),
    _call(
        "KEY-IN-CALL",
        "Key in a cryptographic call",
        rf"(?:{_CRYPTOGRAPHIC_CALLS})[\"']([^\n\"']{{4,200}})[\"']",
        accepts=is_key_or_password,
    ),
    _call(
        "OMNIAUTH",
        "OAuth client secret in Ruby",
        r"(?:omniauth|provider)[ (]{1,2}:[a-z_0-9]{2,40},[ ]{0,2}[\"'][^\n\"']{4,120}[\"'],[ ]{0,2}[\"']([^\n\"']{16,120})[\"']",
        accepts=is_key_material,
    ),
    _call(
        "GO-MYSQL-DSN",
        "Password in a data source name",
        r"[\"'` =][0-9A-Za-z_.-]{1,40}:([^\s@:/\"'`{}$<>]{3,100})@(?:tcp|unix)\(",
    ),
    _call(
        "BASIC-HEADER-VALUE",
        "Password in a Basic header's value",
        r"[\"'](?i:basic)[ ]([0-9A-Za-z+/]{12,400}={0,2})[\"']",
        accepts=is_basic_login,
    ),
    _call(
        "DOCKERFILE-ENV",
        "Password in a variable of a Dockerfile or a server",
        rf"^[ \t]{{0,8}}(?:ENV|SetEnv|setx)[ \t]{{1,4}}[0-9A-Za-z_]{{0,40}}{_NAME}[0-9A-Za-z_]{{0,12}}[ \t]{{1,8}}[\"']?([^\s\"'$=<>{{}}]{{4,200}})",
        checks=Checks.BY_CONFIDENCE,
    ),
    _call(
        "HTTPIE-AUTH",
        "Password on an httpie command line",
        r"https?[ ](?:[^\n|;]{0,200}[ ])?(?:--auth|-a)[ =][\"']?[^\s:\"'$]{1,80}:([^\s\"'$@]{3,128})",
    ),
    _call(
        "USERADD",
        "Password on a useradd command line",
        r"user(?:add|mod)[ ][^\n|;&]{0,200}?-(?:p|-password)[ =]{1,4}[\"']?([^\s\"'$()|;&<>-][^\s\"'()|;&<>]{3,127})",
    ),
    _call(
        "PROSE-PASSWORD",
        "Password in a text",
        r"(?:^|[ (|*_>])(?i:password|passwort|passphrase)[ ]{1,2}(?:(?i:is|of|to|as)[ ]{1,2}|\|[ ]{0,4})?[`\"']([^\s`\"'|]{4,64})[`\"']",
        accepts=is_generated_password,
        vagueness=5,
    ),
    _call(
        "NETWORK-KEY",
        "Shared key in a network device's configuration",
        r"(?:snmp-server[ ]community|snmp_community[ ]?[:=]|(?:tacacs|radius)-server[^\n]{0,80}[ ]key(?:[ ][07])?|isakmp[ ]key(?:[ ][06])?)[ ]{1,4}[\"']?([^\s\"'<>{}$]{5,100})",
        accepts=is_generated_password,
    ),
    _call(
        "CHPASSWD-LIST",
        "Password of an account that cloud-init sets",
        r"^[ \t]{2,12}(?:-[ ])?[a-z_][0-9a-z_-]{0,31}:([^\s:{}$]{5,128})$",
        accepts=is_generated_password,
        beside=r"^[ \t]{0,8}(?:chpasswd|list)[ ]?:",
    ),
    _call(
        "OPENVPN-LOGIN",
        "Password in a file for OpenVPN",
        r"^([^\s:=#<>]{6,128})$",
        accepts=is_random_with_digit,
        files=r"(?i)(?:vpn|ftpd)[^\n]*/(?:auth|login|pass|credentials?|user-?pass)[^/]{0,40}$",
    ),
)
