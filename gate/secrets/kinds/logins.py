"""Passwords that are typed, passed or written next to a user's name: in calls, forms, options, tables and sentences.

No name says what the value is, or it stands apart from it; so only what is no word counts.
"""

# ruff: noqa: E501  (a pattern is read in one piece)

from gate.model import Confidence
from gate.secrets.kinds.token import Token, token
from gate.secrets.kinds.traits import Checks
from gate.secrets.kinds.values import (
    is_app_password,
    is_filled_in,
    is_keylike,
    is_noise,
    is_password,
    is_random,
    is_random_with_digit,
    is_seed_phrase,
    is_stated,
    is_strong,
    is_unworded,
    is_unworded_or_number,
    is_url_key,
    is_varied_bytes,
    is_varied_decimals,
)

_HARD_CODED = "https://owasp.org/www-community/vulnerabilities/Use_of_hard-coded_password"
_LOGS_IN = "log in to that machine or service"
_CHANGE = "Change the password, and pass it in a file or a variable"
_DECRYPTS = "decrypt, sign or call a service as its owner"
_REPLACE = "Create a new key where this one is used or accepted, and pass it in a file or a variable"
_VALUE = r"[\"']([^\s\"'{}<>.][^\s\"'{}<>]{3,99})"
_LITERAL = rf"@?{_VALUE}[\"']"
_TYPED = r"[\"']?([^\s\"'$<>(){}|;&,-][^\s\"'$<>(){}|;&]{3,127})"
_ASKED = r"(?i:passw(?:or)?d|passwort|passphrase|passcode|pwd|secret|token|api[_-]?key)"
_LOGIN = (
    r"(?i:log_?in|sign_?in|authenticate|authenticator|authorize|auth|o_?auth_?handler|github|gitlab|jira|jenkins|pw_set|credentials?|connect|client|account|session|user|password_?token"
    r"|inline_?data|(?:^|[^A-Za-z])(?:basic|begin|ftp|smtp|imap|sign|sta\.config))(?:_?(?i:as|with|to|in|on|by|for|user|client|async|basic|admin|login|auth|new|server|password))?(?:::new|\.new)?(?:[ ]?[=:]?[ ]?\([ ]?|[=:]?[ ]\[?)(?:[^\s\"'(),]{1,40},[ ]?|\"\",[ ]?)?"
)
_KEY_OF_BYTES = (
    r"(?:^|[^A-Za-z])(?i:(?:(?:aes|des|hmac|hash|hashing|password|passwd|secret|private|priv|encrypt(?:ion)?|crypto|cipher"
    r"|session|master|signing|xor|root|device|shared|storage|db|database|app)[_-]?)?(?:key|salt|iv|pepper|nonce))(?:[_-]?[0-9]{1,4})?"
    r"(?:[ ]?\[[0-9A-Za-z_ ]{0,24}\])?"
)
_TYPE_OF_BYTES = r"(?:[ ]?:[ ]?(?:&[ ]?)?(?:\[[A-Za-z0-9_; ]{1,24}\]|[A-Za-z]{2,16}))"
"""`: [u8; 32]` of Rust, `: [UInt8]` of Swift, `: ByteArray` of Kotlin."""
_LISTED_BYTES = (
    rf"{_KEY_OF_BYTES}[\"']?{_TYPE_OF_BYTES}?[ \t]{{0,4}}(?::?=|:)[ \t]{{0,4}}(?:&[ ]?)?(?:new[ ])?"
    r"(?:[A-Za-z0-9_.\[\]]{0,24})?[ ]?[\[{(]{1,2}[ ]?"
)
_ARGUMENT = r"[\"'][^\n\"']{1,80}[\"'](?:\.[a-z_]{2,12}\(\))?,?[ ]?(?:[0-9]{1,5},[ ]?)?"
_TYPING_CALLS = (
    r"\.(?i:type|type_?text|enter_?text|send_?keys|fill|set_?value|set|val|input|then_?return|and_?return|to_?(?:be|eql?|equal)|to\.(?:be|eql?|equal))[ ]?\([ ]?"
    r"|[\"'],[ ]?with:[ ]?|[\"'][ ](?:with|as)[ ]"
)
_FILLING_CALLS = (
    r"fill|fill_?in|fill_?field|type|set|set_?value|put|add|insert|append|header|env|input|field|property"
    r"|param(?:eter)?|flag\.string"
)
_CELLS = (
    rf"^[ \t]{{0,8}}\|[ *`]{{0,4}}(?:[A-Za-z]{{1,16}}[ _-])?{_ASKED}[ *`:]{{0,4}}\|"
    rf"|<t[dh][^<>\n]{{0,60}}>[ ]?(?:[A-Za-z]{{1,16}}[ ])?{_ASKED}[ :]{{0,2}}</t[dh]>[ ]{{0,8}}<t[dh][^<>\n]{{0,60}}>"
)
_USER_IN_LIST = r"[\[{(][\"'][^\n\"']{1,40}[\"'][ ]?,|[\"'][^\n\"']{1,40}[\"'][ ]?(?::|=>)"
_TOOL_OPTIONS = (
    r"aws[ ]configure[ ]set[ ][a-z_.-]{0,60}(?:secret_access_key|session_token)[ ]"
    r"|npm[ ]config[ ]set[ ][^\s]{0,80}_(?:auth|password)[ =]|ssh-keygen[ ][^\n|;]{0,120}?-N[ ]"
    r"|nmcli[ ][^\n|;]{1,120}?[ ]password[ ]|wpa_passphrase[ ][^\s]{1,40}[ ]"
    r"|vault[ ]login[ ](?:-[a-z-]{1,20}[ ])?"
    r"|openssl[ ]{1,2}passwd[ ]{1,2}(?:-(?:[156]|apr1|crypt|salt[ ][^\s]{1,40})[ ]{1,2}){1,3}"
    r"|lftp[ ][^\n|;]{0,80}?-u[ ][\"']?[^\s,\"']{1,60},|ipmitool[ ][^\n|;]{0,120}?-P[ ]"
    r"|snmp[a-z]{2,12}[ ][^\n|;]{0,120}?-[AX][ ]|7z[ar]?[ ](?:[^\n|;]{0,60}?[ ])?-p"
    r"|zip[ ][^\n|;]{0,60}?-P[ ]|freerdp[ ][^\n|;]{0,120}?/p:|(?i:psexec)[^\n|;]{1,120}?[ ]-p[ ]"
    r"|-setcookie[ ]|swift[ ][^\n|;]{0,160}?-K[ ]"
    r"|(?:change|set|reset)[_-]password[ ](?:-[A-Za-z-]{1,20}[ ][^\s]{1,60}[ ])?"
    r"|debconf-set-selections[^\n|]{0,120}[ ]password[ ]"
    r"|[\"' ]--?(?:basic-?)?auth[\"']?[ =,]{1,2}[\"']?[^\s:\"'$,]{1,60}:"
)
_CONNECTION_TOOLS = (
    r"(?i:plink|pscp|psftp|putty|winscp)(?:\.exe)?[ ][^\n|;]{0,120}?-pw|schtasks[ ][^\n|;]{0,200}?/(?i:rp)"
    r"|cmdkey[ ][^\n|;]{0,200}?/(?i:pass)|rasdial[ ][^\s]{1,60}[ ][^\s]{1,60}"
    r"|bitsadmin[ ]/(?i:setcredentials)(?:[ ][^\s]{1,60}){4}"
)
_KEY_NAMES = r"(?i:key(?:_?bytes)?|appid|app_id|nonce|seed|vector)|(?:^|[^A-Za-z])(?i:iv)|[a-z]I[Vv]"
_KEY_LISTS = r"tokens|api_?keys|access_?keys|secrets"
_NAMES_IN_TEXTS = r"password|passwort|passphrase|passwd|pass|pw|pwd"


def _analysed(rule: str, name: str, pattern: str, **more: object) -> Token:
    settings = {"confidence": Confidence.MEDIUM, "accepts": is_unworded, "edges": False, "checks": Checks.PLACE, **more}
    return token(rule, name, pattern, _LOGS_IN, _CHANGE, _HARD_CODED, **settings)


def _key(rule: str, name: str, pattern: str, **more: object) -> Token:
    settings = {"confidence": Confidence.MEDIUM, "accepts": is_keylike, "edges": False, "checks": Checks.PLACE, **more}
    return token(rule, name, pattern, _DECRYPTS, _REPLACE, _HARD_CODED, **settings)


TOKENS = (
    _analysed(
        "LOGIN-ARGUMENTS",
        "Password beside the user's name in a call",
        rf"{_LOGIN}{_ARGUMENT}{_LITERAL}",
        vagueness=210,
    ),
    _analysed(
        "LOGIN-THIRD-ARGUMENT",
        "Password behind the machine's and the user's name in a call",
        rf"{_LOGIN}{_ARGUMENT}{_ARGUMENT}{_LITERAL}",
        vagueness=220,
    ),
    _analysed(
        "LOGIN-OF-VARIABLE",
        "Password beside a variable with the user's name in a call",
        rf"(?i:\.log_?in|\.sign_?in|basic_?auth)\([A-Za-z_][A-Za-z0-9_.]{{0,40}},[ ]?{_LITERAL}",
    ),
    _analysed(
        "REALM-LOGIN",
        "Password behind the realm and the user's name in a call",
        rf"[Cc]redentials\([ ]?(?:{_ARGUMENT}){{3}}{_LITERAL}",
    ),
    _analysed(
        "EXPECTED-PASSWORD",
        "Password that a test expects",
        rf"(?i:equals?|eq|same|is|be)[ ]?\((?:t,[ ]?)?{_LITERAL},[ ]?[^\n\"']{{0,40}}{_ASKED}(?:[^0-9A-Za-z_]|$)",
        vagueness=160,
    ),
    _analysed(
        "COMPARED-PASSWORD",
        "Password that a test compares",
        rf"(?i:equals?|eq|same|is|be|str[nl]?cpy|put|set_?property|put_?string)[ ]?\([^\n\"',]{{0,40}}(?:{_ASKED}|(?i:credentials))[^\n\"',]{{0,12}},[ ]?{_LITERAL}",
        vagueness=170,
    ),
    _analysed(
        "HASHED-PASSWORD",
        "Password that a program hashes",
        rf"(?i:bcrypt|argon2|scrypt|pass(?:word)?_?encoder|password_?hash(?:er)?|hash_?password|(?:^|[^A-Za-z])crypt)(?:(?:\.|::|->)(?i:hash|encode|encrypt|make|crypt|generate)[A-Za-z_]{{0,12}})?\([ ]?b?{_LITERAL}",
        accepts=is_unworded_or_number,
        vagueness=180,
    ),
    _analysed(
        "ENCODED-LOGIN",
        "User and password that a program encodes",
        r"(?i:base64_?encode|encode_?base64|b64encode|btoa|base64\.[a-z_]{2,24})\([ ]?b?[\"'][0-9A-Za-z_.@-]{1,60}:([^\s\"'{}<>%$]{4,100})[\"']",
    ),
    _analysed(
        "TYPED-PASSWORD",
        "Password that a test types into a form",
        rf"{_ASKED}(?:_(?i:input|field|box|element|text|edit))?[^\n\"',_]{{0,16}}[\"']?\]?[\"']?\){{0,2}}(?:\.[A-Za-z_]{{2,16}}\(\))?(?:{_TYPING_CALLS}){_VALUE}(?:\{{[a-z]{{2,10}}\}})?[\"']",
        accepts=is_unworded_or_number,
        vagueness=140,
    ),
    _analysed(
        "FILLED-FIELD",
        "Password that a test puts into a form's field",
        rf"(?i:{_FILLING_CALLS})[A-Za-z_]{{0,12}}[ ]?\([ ]?(?:&?[A-Za-z_.]{{1,40}},[ ]?)?[\"'][^\n\"',]{{0,30}}{_ASKED}[^\n\"',_]{{0,12}}(?:=[^\n,]{{0,20}}\])?[\"'],[ ]?(?:[A-Za-z0-9_.]{{2,24}}\([ ]?)?{_LITERAL}",
        least=(
            rf"{_ASKED}[^\n\"',_]{{0,12}}(?:=[^\n,]{{0,20}}\])?[\"'],[ ]?(?:[A-Za-z0-9_.]{{2,24}}\([ ]?)?@?[\"'][^\s\"'{{}}<>.][^\s\"'{{}}<>]{{3}}",
        ),
    ),
    _analysed(
        "PAIRED-ASSIGNMENT",
        "Password assigned beside the user's name",
        rf",[ ]?[A-Za-z_]{{0,20}}{_ASKED}[ ]?=[ ]?[\"'][^\n\"']{{1,80}}[\"'],[ ]?{_LITERAL}",
    ),
    _analysed(
        "ERLANG-TUPLE",
        "Password in an Erlang term",
        rf"\{{[ ]?[a-z_]{{0,24}}(?:{_ASKED}|cookie)[a-z_]{{0,12}},[ ]{{0,2}}(?:<<)?[\"']([^\s\"'{{}}<>]{{4,100}})[\"']",
    ),
    _analysed(
        "ERLANG-BASIC",
        "Password of a basic login in an Erlang term",
        r"\{[ ]?basic,[ ]?(?:<<)?\"[^\n\"]{1,80}\"(?:>>)?,[ ]{0,2}(?:<<)?\"([^\s\"{}<>]{4,100})\"",
    ),
    _analysed(
        "SPACED-PASSWORD",
        "Password behind its name",
        rf"(?:(?:^|[ \t@(*>$])(?i:(?:[a-z]{{1,16}}_)?{_ASKED})|:(?i:(?:[a-z]{{1,16}}_)?{_ASKED}),?|:pass)(?:[ ]{{1,2}}(?:(?i:is|of|to|as|was)[ ]{{1,2}})?){_LITERAL}",
        vagueness=100,
    ),
    _analysed(
        "BOLD-PASSWORD",
        "Password in a list of a text",
        rf"{_ASKED}[:]?[*_]{{1,2}}[:]?[ ]{{1,4}}[\"'`]?([^\s\"'`<>*_|-][^\s\"'`<>*|]{{3,63}})",
        vagueness=130,
    ),
    _analysed(
        "DEFAULT-LOGIN",
        "User and password in a text",
        r"`[0-9A-Za-z_.@+-]{2,40}`[ ]?[/:][ ]?`([^\s`]{6,64})`",
        beside=r"(?i)log[- ]?in|sign[- ]?in|credential|password|account",
    ),
    _analysed(
        "SLASHED-LOGIN",
        "User and password beside each other in a text",
        r"[ :(](?:admin|root|demo|guest|[0-9A-Za-z_.+-]{1,40}@[0-9A-Za-z-]{1,40}\.[0-9A-Za-z.-]{2,20})[ ]?/[ ]?([^\s\"'`(){}<>,;/]{4,64})(?:[\"'\s,;.(]|$)",
        least=(
            r"[ :(](?:admin|root|demo|guest)[ ]?/[ ]?[^\s\"'`(){}<>,;/]{4}",
            r"@[0-9A-Za-z-]{1,40}\.[0-9A-Za-z.-]{2,20}[ ]?/[ ]?[^\s\"'`(){}<>,;/]{4}",
        ),
        beside=r"(?i)log[- ]?in|sign[- ]?in|credential|password|account",
        vagueness=190,
    ),
    _analysed(
        "TABLE-ROW",
        "Password in a table's row",
        rf"(?:{_CELLS})[ `*]{{0,4}}(?:<(?:code|b|strong|kbd)>)?([^\s|`*<>]{{4,64}})",
    ),
    _analysed(
        "LISTED-KEYS",
        "Key in a list of them",
        rf"(?i:{_KEY_LISTS})[\"']?\]?[ ]{{0,2}}(?:=>|:=|[:=])[ ]{{0,2}}(?:new[ ]|[A-Za-z]{{2,12}}[ ]?(?:\[\])?[ ]?)?[\[{{(][ ]{{0,2}}(?:[\"'][^\n\"']{{1,40}}[\"'][ ]?(?::|=>)[ ]?)?[\"']([^\s\"'{{}}<>]{{6,200}})[\"']",
        accepts=is_keylike,
    ),
    _analysed(
        "LISTED-ACCOUNTS",
        "Password of a user in a list of them",
        rf"(?i:users|accounts|logins|credentials|passwords|passwds)[\"']?\]?[ ]{{0,2}}(?:=>|:=|[:=])[ ]{{0,2}}(?:new[ ]|[A-Za-z]{{2,12}}[ ]?)?[\[{{(][ ]{{0,2}}(?:{_USER_IN_LIST})[ ]?[\"']([^\s\"'{{}}<>]{{6,100}})[\"'][ ]?[,\]}})]",
    ),
    _analysed(
        "TEMPLATE-DEFAULT",
        "Password as the default of a template's field",
        rf"{_ASKED}[^\n|]{{0,60}}\|[ ]?default\([ ]?{_LITERAL}",
    ),
    _analysed(
        "PASSWORD-INPUT",
        "Password in a form",
        r"<input[ ][^\n<>]{0,120}type=[\"']?password[\"']?[^\n<>]{0,120}[ ]value=[\"']([^\s\"'{}<>]{4,100})",
    ),
    _analysed(
        "TOLD-PASSWORD",
        "Password stated in a text",
        rf"(?:^|[ (,])(?i:{_NAMES_IN_TEXTS})[ ](?:(?i:for)[ ](?:(?i:user|account)[ ])?[0-9A-Za-z_.@-]{{1,40}}[ ]?)?(?:(?i:is)[ :]{{1,2}}|:[ ])([^\s\"'`<>(){{}}:;,|-][^\s\"'`<>(){{}}:;,|]{{5,40}})(?:[ .,;)]|$)",
        files=r"(?i)\.(?:txt|log|out|md|rst|adoc)$|(?:^|/)readme[^/.]*$",
        is_in_many=True,
        vagueness=110,
    ),
    _analysed(
        "SHOWN-PASSWORD",
        "Password behind the word in a text",
        r"(?:^|[ (,])(?i:password|passwort|passphrase|passwd|pass|pw|pwd)[ ]`{0,2}([^\s\"'`<>(){}:;,|0-9-][^\s\"'`<>(){}:;,|]{2,30}[0-9][^\s\"'`<>(){}:;,|]{0,20})(?:[ .,;)`]|$)",
        files=r"(?i)\.(?:txt|log|out|md|rst|adoc)$|(?:^|/)readme[^/.]*$",
        is_in_many=True,
        vagueness=120,
    ),
    _analysed(
        "FOREIGN-PASSWORD",
        "Password behind its word in another language",
        r"(?:密码|密碼|口令|パスワード|비밀번호|Пароль|пароль|[Mm]ật khẩu|[Hh]asło|[Hh]eslo|Şifre|şifre|[Cc]ontraseña|[Pp]arol[ae])[^\n:=]{0,16}(?:[:=]|：)[ ]{0,4}[\"'`]?([^\s\"'`<>(){}|,;]{4,64})",
    ),
    _analysed(
        "APP-PASSWORD",
        "Google app password in a comment",
        r"(?i:pass|pwd)[^\n]{0,60}?(?://|#)[ ]{1,2}([a-z]{4}[ ][a-z]{4}[ ][a-z]{4}[ ][a-z]{4})(?:[^a-z ]|$)",
        accepts=is_app_password,
    ),
    _analysed(
        "LOGGED-PASSWORD",
        "Password that a database's server wrote to its log",
        r"temporary password is generated for [^\s:]{1,80}:[ ]([^\s]{8,40})",
        accepts=is_filled_in,
    ),
    _analysed(
        "ASTERISK-SECRET",
        "Password of a telephone",
        r"^[ \t]{0,8}(?:secret|remotesecret|md5secret|password)[ ]{0,4}=>?[ ]{0,4}([^\s;<>{}$]{4,100})",
        accepts=is_password,
        files=r"(?:^|/)(?:sip|iax|pjsip|users|manager|voicemail)[^/]*\.conf$",
        is_of_credential_file=True,
    ),
    _analysed(
        "ROBOT-PASSWORD",
        "Password in a Robot Framework test",
        rf"(?:[$&@]\{{[A-Za-z_ ]{{0,30}}{_ASKED}\}}|Input[ ](?:Password|Text)[ ]{{2,8}}[^\s]{{1,60}}|(?i:log[ ]?in)[^\n\t]{{0,30}}?[ ]{{2,8}}[^\s]{{1,60}})[ ]{{2,20}}([^\s$]{{4,100}})",
        files=r"\.(?:robot|resource)$",
    ),
    _analysed(
        "XML-ELEMENT",
        "Password in an XML element with attributes",
        rf"(?:<(?:[A-Za-z0-9]{{1,12}}:)?{_ASKED}[ ][^\n<>]{{1,160}}>|[ ]name=\"[A-Za-z_.-]{{0,40}}{_ASKED}\"[^\n<>]{{0,80}}>[ ]?(?:<value>|<stringProp[ ]name=\"[A-Za-z]{{1,20}}\.value\">))([^\s<>{{}}$]{{4,200}})</",
    ),
    _key(
        "XML-NONCE",
        "Nonce or salt in an XML element",
        r"<(?:[A-Za-z0-9]{1,12}:)?(?i:nonce|salt|iv|seed)(?:[ ][^\n<>]{1,160})?>([0-9A-Za-z+/_-]{16,200}={0,2})</",
    ),
    _analysed(
        "DEFAULT-IN-SHELL",
        "Password as a variable's default in a shell script",
        r"\$\{[A-Za-z_]{0,40}(?i:pw|pass|password|passwd|secret|token|key):?[-=]([^\s\"'$(){}<>|;&]{4,100})\}",
    ),
    _analysed(
        "HERE-STRING",
        "Password in a shell's here-string",
        r"(?:kinit|passwd|cryptsetup|sudo|su|gpg|login)[^\n|;]{0,80}<<<[ ]?[\"']?([^\s\"'$(){}<>|;&]{4,100})",
    ),
    _analysed(
        "TOOL-OPTION",
        "Password in an option of a tool",
        rf"(?:{_TOOL_OPTIONS}){_TYPED}",
    ),
    _analysed(
        "PROFTPD-SQL",
        "Password of a transfer server's database",
        rf"SQLConnectInfo[ ]{{1,4}}[^\s]{{1,80}}[ ]{{1,4}}[^\s]{{1,40}}[ ]{{1,4}}{_TYPED}",
        accepts=is_password,
    ),
    _analysed(
        "CURLRC",
        "Password in curl's settings",
        r"^[ \t]{0,4}(?:-{0,2}(?:user|proxy-user)[ ]?[ =:]|-[uU])[ ]?[\"']?[^\s:\"']{1,80}:([^\s\"']{1,128})",
        accepts=is_stated,
        files=r"(?:^|/)[._]?curlrc$",
        checks=Checks.CREDENTIAL_FILE,
        is_of_credential_file=True,
    ),
    _analysed(
        "LOGIN-PAIR",
        "User and password in one setting",
        r"(?i:auth|login|user|userpwd|credentials?|proxy-?user)[\"']?[ ]?[ =:][ ]?[\"']?[0-9A-Za-z_.@-]{1,40}:([^\s\"'`<>(){}\[\]:;,/$%&]{4,100})(?:[\"'\s]|$)",
        checks=Checks.LOGIN_PAIR,
        vagueness=200,
    ),
    _analysed(
        "SPACED-SETTING",
        "Password in a settings file without signs",
        r"^[ \t]{0,8}[0-9A-Za-z_.-]{0,60}(?i:password|passwd|secret|secret[._-]?key|token|api[._-]?key)[ \t]{1,20}[\"']?([^\s\"'<>(){}$=:;]{4,200})[\"']?;?$",
        files=r"(?i)\.(?:conf|cfg|cnf|properties)$|rc$",
    ),
    _analysed(
        "MIXED-SIGNS",
        "Password of mixed signs in a settings file",
        rf"{_ASKED}[0-9A-Za-z_.-]{{0,12}}[\"']?[ \t]{{0,4}}[=:][ \t]{{0,4}}([^\s\"'#][^\s\"']{{7,99}})$",
        accepts=is_noise,
        files=r"(?i)\.(?:properties|ini|cfg|conf|cnf|config|ya?ml|env|txt|md|rst|adoc|sh)$|(?:^|/)\.?env[^/]*$",
        is_in_many=True,
    ),
    _analysed(
        "NAGIOS-RESOURCE",
        "Password among Nagios' macros",
        r"^\$USER[0-9]{1,2}\$[ ]?=[ ]?([^\s/$]{4,100})$",
        accepts=is_strong,
        files=r"(?:^|/)resource[^/]*\.cfg$",
    ),
    _analysed(
        "LISTED-USERS",
        "Password in a list of users",
        r"^[ \t]{0,4}[0-9A-Za-z_.@-]{1,40}:[ ]?([^\s:,\"'$]{4,100})(?:$|,[ 0-9A-Za-z_.,-]{1,200}$)",
        accepts=is_strong,
        files=r"(?:^|/)(?:rsyncd?\.secrets|realm\.properties|(?:accounts?|users?|logins?|passwords?|credentials?|creds)\.(?:txt|lst|list))$",
        is_of_credential_file=True,
    ),
    _analysed(
        "HTPASSWD-INLINE",
        "Password hash of a web login",
        r"[\"' ,-][0-9A-Za-z_.@-]{1,40}:(\$apr1\$[0-9A-Za-z./]{1,8}\$[0-9A-Za-z./]{22}|\$2[aby]\$[0-9]{2}\$[0-9A-Za-z./]{53})",
        accepts=None,
        is_made_anywhere=True,
    ),
    _analysed(
        "GOSSIP-KEY",
        "Key that the members of a cluster share",
        r"[\"']?encrypt[\"']?[ ]{0,2}[:=][ ]{0,2}[\"']([0-9A-Za-z+/]{22}==|[0-9A-Za-z+/]{43}=)[\"']",
        accepts=is_random,
    ),
    _analysed(
        "ORACLE-THIN",
        "Password in an Oracle connect string",
        r"(?i:jdbc:oracle:[a-z]{2,4}:|sqlplus[ ](?:-[a-z]{1,2}[ ])?|(?:exp|imp|expdp|impdp|sqlldr)[ ](?:userid=)?)[\"']?[0-9A-Za-z_]{1,40}/([^\s@/\"'<>(){}$&]{4,80})@",
    ),
    _analysed(
        "SQL-SETTING",
        "Credential in a table of settings",
        rf"(?i:value)[`\"]?[ ]?=[ ]?'([^\s'<>{{}}$]{{4,200}})'[ ](?i:where)[ ][^\n]{{1,60}}'[A-Za-z_.-]{{0,40}}{_ASKED}'",
    ),
    _analysed(
        "INFURA",
        "Key of an Ethereum node in its address",
        r"(?:infura\.io/(?:ws/)?v3/|alchemy(?:api)?\.(?:com|io)/v2/)([0-9A-Za-z_-]{32})",
        accepts=is_random_with_digit,
        confidence=Confidence.HIGH,
    ),
    _analysed(
        "MNEMONIC",
        "Seed words of a wallet",
        r"(?i:mnemonic|seed_?phrase|seed_?words|recovery_?phrase|secret_?phrase|wallet_?phrase)[\"']?[ ]{0,2}[:=(,]{1,2}[ ]{0,2}[\"'`]((?:[a-z]{3,8}[ ]){11}[a-z]{3,8}(?:[ ][a-z]{3,8}){0,12})[\"'`]",
        accepts=is_seed_phrase,
    ),
    _analysed(
        "KEY-WITHOUT-ARMOUR",
        "Private key without its armour",
        r"(?i:priv)[A-Za-z0-9_.-]{0,30}[\"']?[ ]{0,2}[:=,(]{1,2}[ ]{0,2}[\"'`]?(MI[IG][A-Z0-9][A-Za-z0-9+/=]{100,4000})",
        accepts=is_random,
        confidence=Confidence.HIGH,
        is_made_anywhere=True,
    ),
    _analysed(
        "CONNECTION-OPTION",
        "Password of a remote login on a command line",
        rf"(?:{_CONNECTION_TOOLS})[ :]{_TYPED}",
    ),
    _analysed(
        "MYSQLADMIN",
        "New password on a mysqladmin command line",
        rf"mysqladmin[ ][^\n|;]{{0,120}}?[ ]password[ ]{{1,2}}{_TYPED}",
    ),
    _analysed(
        "SENT-PASSWORD",
        "Password that a script sends to a prompt",
        r"(?:sendline\(b?|send[ ](?:--[ ])?|\.(?:write|send|sendall)\(b?)[\"']([^\s\"'\\$]{4,60})(?:\\[rn]|[\"'][ ]?\)?$)",
        beside=r"(?i:assw|passphrase)",
        vagueness=150,
    ),
    _analysed(
        "SP-ADDLOGIN",
        "Password in SQL (sp_addlogin)",
        rf"(?i:sp_addlogin|sp_password)[ ](?:@[a-z]{{1,12}}[ ]?=[ ]?)?N?'[^\n']{{0,80}}',[ ]?(?:@[a-z]{{1,12}}[ ]?=[ ]?)?N?{_LITERAL}",
    ),
    _analysed(
        "BASIC-PLAIN",
        "Password in a Basic header that a tool encodes",
        r"(?i:authorization)[\"']?[ ]?:[ ]?[\"']?(?i:basic)[ ]{1,2}[0-9A-Za-z_.@-]{1,60}[ :]([^\s\"':{}<>]{4,100})",
    ),
    _analysed(
        "PROPERTY-OPTION",
        "Password in a property on a command line",
        rf"[ \"'>]-D[A-Za-z_.-]{{0,40}}(?i:login|passw(?:or)?d|pass|token|secret|key)={_TYPED}",
    ),
    _analysed(
        "LISTED-AUTHORIZATION",
        "Token in a recorded header",
        r"^[ \t]{0,16}-[ ]{1,3}[\"']?(?i:token|apikey|api-key|ssws|key|oauth)[ =]{1,2}([0-9A-Za-z_.+/=-]{16,500})",
        accepts=is_random_with_digit,
        beside=r"(?i)authorization",
    ),
    _analysed(
        "NPM-OPTION",
        "npm token on a command line",
        r":_(?:authToken|auth|password)[ =]{1,2}[\"']?([0-9A-Za-z_.+/=-]{16,400})",
        accepts=is_random_with_digit,
    ),
    _key(
        "CURL-KEY",
        "API key as a user's name on a curl command line",
        r"curl[ ][^\n|;]{0,300}?(?:-u|--user)[ =]{0,2}[\"']?([0-9A-Za-z_.-]{20,100}):[\"']?(?:[ ]|$)",
    ),
    _key(
        "URL-KEY",
        "API key in a web address",
        r"[?&](?i:(?:[a-z]{1,12}[_-]?)?(?:key|token|appid|app_id|secret|sid))=([0-9A-Za-z_.~%-]{20,500})",
        accepts=is_url_key,
        checks=Checks.BY_CONFIDENCE,
        vagueness=230,
    ),
    _key(
        "NAMED-KEY",
        "Key by its name alone",
        rf"(?:{_KEY_NAMES})(?:_[0-9]{{1,4}}|\[[0-9]{{1,4}}\])?[\"']?\]?(?:,[ ]?(?:_|err))?[ \t]{{0,4}}(?:=>|:=|[:=(])[ \t]{{0,4}}(?:b|@|new[ ]|[A-Za-z0-9_.!]{{2,32}}\([ ]?b?)?[\"'`]([0-9A-Za-z+/_-]{{16,128}}={{0,2}})[\"'`]",
        checks=Checks.BY_CONFIDENCE,
        is_known_by_little=True,
        vagueness=240,
    ),
    _analysed(
        "SHORT-NONCE",
        "Nonce by its name alone",
        r"(?i:nonce)[\"']?\]?[ \t]{0,4}(?:=>|:=|[:=(])[ \t]{0,4}(?:\[\]byte\(|b|@|[A-Za-z0-9_.!]{2,32}\([ ]?b?)?[\"'`]([0-9A-Za-z+/=_-]{8,15})[\"'`]",
    ),
    _analysed(
        "URL-TOKEN",
        "Token in the place of a user's name in a web address",
        r"https?://([0-9A-Za-z_-]{20,100}):?@(?i:[0-9a-z.-]{0,40}(?:github|gitlab|bitbucket|gitea|git\.|azure|npm|registry|gem"
        r"|pypi|package|artifact|nexus|crates|repo|maven|nuget|fury|conda|docker))",
        accepts=is_random_with_digit,
        counts_in_formats=True,
    ),
    _key(
        "BARE-KEY",
        "Key by its name alone in a settings file",
        r"^[ \t-]{0,16}(?i:[a-z0-9_.-]{0,32}(?:key|nonce|seed))[ \t]{0,4}[:=][ \t]{0,4}([0-9A-Za-z+/_-]{20,128}={0,2})$",
        files=r"(?i)\.(?:ini|cfg|conf|cnf|properties|ya?ml|env|toml|txt|py|rb|rst|md|sh|adoc|j2|erb)$|(?:^|/)\.?env[^/]*$",
        is_in_many=True,
        checks=Checks.BY_CONFIDENCE,
        is_known_by_little=True,
        vagueness=250,
    ),
    _key(
        "SESSION-SECRET",
        "Secret that signs sessions",
        r"(?:^|[ \t{,(])secret:[ ]?[\"']([^\n\"'$<>{}]{6,100})[\"']",
        accepts=is_password,
        beside=r"(?i:session)\([ ]?\{?",
        files=r"\.[cm]?[jt]sx?$",
        is_in_many=True,
        checks=Checks.SESSION_SECRET,
    ),
    _analysed(
        "GETTER",
        "Password that a function returns",
        rf"(?i:get_?|fun[ ]|def[ ]|function[ ]|func[ ]|[^A-Za-z]|^){_ASKED}(?:\([ ]?\)[ ]?(?:(?::|->)[ ]?[A-Za-z]{{2,12}}[?]?[ ]?)?(?:=[ ]?|:[ ]?return[ ]|\{{[ ]?return[ ])|[ ]?[:=][ ]?\([ ]?\)[ ]?[=-]>[ ]?){_LITERAL}",
    ),
    _analysed(
        "DOMAIN-LOGIN",
        "Password of a domain's user before a machine's name",
        r"(?:^|[ \t\"'=])[0-9A-Za-z_.-]{2,40}[/\\]{1,2}[0-9A-Za-z_.$-]{1,40}:([^\s@:/\"'<>(){}$]{4,80})@[0-9A-Za-z][0-9A-Za-z.-]{1,80}(?:[ \t\"']|$)",
        least=(r"[/\\][0-9A-Za-z_.$-]{1,40}:[^\s@:/\"'<>(){}$]{4,80}@[0-9A-Za-z]",),
    ),
    _key(
        "ESCAPED-BYTES",
        "Key written as bytes",
        rf"{_KEY_OF_BYTES}[ \t]{{0,4}}(?:=>|:=|[:=(])[ \t]{{0,4}}(?:b|@|new[ ]|[A-Za-z_.!]{{2,24}}\([ ]?b?)?[\"'`]((?:\\x[0-9A-Fa-f]{{2}}[^\\\"'\n]{{0,4}}){{8,64}})",
        accepts=is_varied_bytes,
        checks=Checks.BYTES,
    ),
    _key(
        "LISTED-BYTES",
        "Key listed as bytes",
        rf"{_LISTED_BYTES}((?:0x[0-9A-Fa-f]{{1,2}},[ ]?){{7,63}}0x[0-9A-Fa-f]{{1,2}})",
        accepts=is_varied_bytes,
        checks=Checks.BYTES,
    ),
    _key(
        "LISTED-DECIMALS",
        "Key listed as decimal bytes",
        rf"{_LISTED_BYTES}((?:-?[0-9]{{1,3}},[ ]?){{15,63}}-?[0-9]{{1,3}})",
        accepts=is_varied_decimals,
        checks=Checks.BYTES,
    ),
    _analysed(
        "SESSION-COOKIE",
        "Session in a cookie",
        r"(?i:(?:php|j|aspnet|asp\.net_|connect\.)?_?(?:sess(?:ion)?(?:_?id)?|sid)|[a-z_]{1,24}_session)=([0-9A-Za-z_.%+/=-]{16,800})",
        accepts=is_keylike,
        beside=r"(?i)cookie",
    ),
)
