"""Databases: passwords in connection strings, and the services' own tokens."""

# ruff: noqa: E501  (a pattern is read in one piece)

from gate.dockerfile.throw_away import is_throw_away
from gate.model import Confidence, Severity
from gate.secrets.kinds.token import Token, by_name, token
from gate.secrets.kinds.traits import Checks
from gate.secrets.kinds.values import is_filled_in, is_password

_CONNECTING_CALLS = (
    r"getConnection|mysqli?_p?connect|new[ ](?:mysqli|PDO|Sequelize)|MySQLdb\.connect|pymysql\.connect"
    r"|createConnection|oci_connect|sqlsrv_connect"
)

_WHERE = r"(?:[\"'][^\"'\n]{0,200}[\"'](?:[ ]?[.+][^\n\"',]{1,60}(?:[\"'][^\n\"']{0,60}[\"'])?)?|[^()\n\"',]{1,100})"
"""The first argument of such a call: the machine, or all of the address."""

_OF_DATABASES = (
    r"POSTGRES(?:QL)?_PASSWORD|POSTGRESQL_POSTGRES_PASSWORD|(?:MYSQL|MARIADB)_(?:ROOT_)?PASSWORD|MONGO_INITDB_ROOT_PASSWORD"
    r"|MONGODB_ROOT_PASSWORD|(?:MSSQL_)?SA_PASSWORD|REDIS_PASSWORD|COUCHDB_PASSWORD|CLICKHOUSE_PASSWORD|ORACLE_PASSWORD"
    r"|(?:DOCKER_INFLUXDB_INIT|INFLUXDB_ADMIN)_PASSWORD|ELASTIC(?:SEARCH)?_PASSWORD|requirepass"
)
_OF_SERVERS = (
    r"RABBITMQ_DEFAULT_PASS|KEYCLOAK_ADMIN_PASSWORD|KC_BOOTSTRAP_ADMIN_PASSWORD|MINIO_ROOT_PASSWORD|MINIO_SECRET_KEY"
    r"|GF_SECURITY_ADMIN_PASSWORD|PGADMIN_DEFAULT_PASSWORD|LDAP_ADMIN_PASSWORD|DJANGO_SUPERUSER_PASSWORD|VNC_PW"
)
"""Variables by which servers are given the password that they ask for from then on."""


def _login(schemes: str) -> str:
    """Return the pattern of a password in a URL, with the characters that people leave unescaped."""
    return rf"(?i:{schemes})://[^\s:/?#\[\]@\"'<>]{{0,80}}:([^\s\"'<>`|/]{{3,128}})@"


def _database_password(rule: str, name: str, pattern: str, **more: object) -> Token:
    """Write a row for a password by which a program connects to a database."""
    return token(
        rule,
        name,
        pattern,
        "read and write the database",
        "Change the password of the database user, and pass it in a variable",
        "https://owasp.org/www-community/vulnerabilities/Use_of_hard-coded_password",
        confidence=Confidence.MEDIUM,
        edges=False,
        **more,
    )


TOKENS = (
    token(
        "SERVER-DEFAULT",
        "Password that everybody guesses, of a server",
        rf"(?:{_OF_DATABASES}|{_OF_SERVERS})[\"']?[ ]{{0,4}}[:= ][ ]{{0,4}}[\"']?(?:\$\{{[A-Z_]{{1,60}}:-)?([^\s\"'#,{{}}$<>]{{3,64}})(?:[\"'\s,}}]|$)",
        "log in to that server",
        "Give the server its own password, in a variable that is not in any file of the repository",
        "https://owasp.org/www-community/vulnerabilities/Use_of_default_credentials",
        severity=Severity.MEDIUM,
        confidence=Confidence.LOW,
        accepts=is_throw_away,
        edges=False,
        checks=Checks.CREDENTIAL_FILE,
        is_of_credential_file=True,
        vagueness=95,
    ),
    _database_password(
        "POSTGRES-URL",
        "PostgreSQL URL with password",
        _login(r"postgres(?:ql)?(?:\+[a-z0-9]{1,12})?"),
        accepts=is_filled_in,
        checks=Checks.PLACE,
    ),
    _database_password(
        "MYSQL-URL",
        "MySQL or MariaDB URL with password",
        _login(r"(?:mysql[xi]?|mariadb)(?:\+[a-z0-9]{1,12})?"),
        accepts=is_filled_in,
        checks=Checks.PLACE,
    ),
    _database_password(
        "MONGODB-URL",
        "MongoDB URL with password",
        _login(r"mongodb(?:\+srv)?"),
        accepts=is_filled_in,
        checks=Checks.PLACE,
    ),
    _database_password(
        "REDIS-URL",
        "Redis URL with password",
        _login(r"rediss?"),
        accepts=is_filled_in,
        checks=Checks.PLACE,
    ),
    _database_password(
        "AMQP-URL",
        "AMQP URL with password",
        _login(r"amqps?"),
        accepts=is_filled_in,
        checks=Checks.PLACE,
    ),
    _database_password(
        "MSSQL-URL",
        "SQL Server URL with password",
        _login(r"(?:mssql|sqlserver)(?:\+[a-z0-9]{1,12})?"),
        accepts=is_filled_in,
        checks=Checks.PLACE,
    ),
    _database_password(
        "DATABASE-URL",
        "Database URL with password",
        _login(
            r"(?:clickhouse|cassandra|couchdb|neo4j(?:\+s)?|bolt|oracle(?:\+[a-z_]{1,12})?|db2|snowflake|cockroachdb|influxdb|elasticsearch|nats|mqtts?|ldaps?|vertica)"
        ),
        accepts=is_filled_in,
        checks=Checks.PLACE,
    ),
    token(
        "SERVER-URL",
        "Server URL with password",
        _login("(?:https?|ftps?|sftp|ssh|smtps?|imaps?|pop3s?|svn|git|wss?|socks5h?|smb|rsync|telnet|rtsp)"),
        "log in to the server",
        "Change the password at that server",
        "",
        confidence=Confidence.MEDIUM,
        accepts=is_filled_in,
        edges=False,
        checks=Checks.PLACE,
        vagueness=50,
        counts_in_formats=True,
    ),
    _database_password(
        "JDBC-PASSWORD",
        "Password in a JDBC URL",
        r"(?i:jdbc):[0-9A-Za-z:]{2,30}[^\s\"'<>]{2,300}[?;&](?i:password|pwd)=([^&;\s\"'<>]{3,128})",
        accepts=is_password,
    ),
    _database_password(
        "ADO-PASSWORD",
        "Password in a connection string",
        r"(?i:server|data source|host|user ?id|uid|username|initial catalog|database)[ ]?=[^\"'\n]{1,200};[ ]?(?i:password|pwd)[ ]?=[ ]?([^\s;\"'<>]{3,128})",
        accepts=is_password,
    ),
    _database_password(
        "ADO-PASSWORD-FIRST",
        "Password before the server in a connection string",
        r"(?i:password|pwd)[ ]?=[ ]?([^\s;\"'<>]{3,128});[^\"'\n]{0,200}(?i:server|data source|initial catalog)[ ]?=",
        accepts=is_password,
    ),
    _database_password(
        "CONNECT-CALL",
        "Password in a call that connects",
        rf"(?:{_CONNECTING_CALLS})[ ]?\([ ]?(?:\$[A-Za-z_>-]{{1,40}},[ ]?)?{_WHERE}[ ]?,[ ]?[\"'][^\"'\n]{{1,60}}[\"'][ ]?,[ ]?[\"']([^\"'\n$]{{3,128}})[\"']",
        accepts=is_password,
    ),
    token(
        "PLANETSCALE",
        "PlanetScale password or token",
        r"pscale_(?:pw|tkn|oauth)_[0-9A-Za-z_=.-]{32}[0-9A-Za-z_=.-]{0,32}",
        "read and write the database",
        "Delete the password or token in the dashboard",
        "https://planetscale.com/docs",
    ),
    token(
        "SUPABASE",
        "Supabase access token",
        r"sbp_[0-9a-f]{40}",
        "administer the projects",
        "Delete the token in the account (Access tokens)",
        "https://supabase.com/docs",
    ),
    token(
        "SUPABASE-SECRET",
        "Supabase secret key",
        r"sb_secret_[0-9A-Za-z_-]{22}_[0-9A-Za-z_-]{8}",
        "read and write the database",
        "Delete the key in the project settings (API keys)",
        "https://supabase.com/docs",
    ),
    token(
        "NEON",
        "Neon API key",
        r"napi_[0-9a-z]{60}[0-9a-z]{0,8}",
        "administer the projects",
        "Revoke the key in the account settings (API keys)",
        "https://neon.com/docs",
    ),
    by_name(
        "UPSTASH",
        "Upstash token",
        "upstash",
        "[0-9A-Za-z_=-]{40,120}",
        "read and write the database",
        "Rotate the token of the database",
        "https://upstash.com/docs",
    ),
    token(
        "MONGODB-ATLAS",
        "MongoDB Atlas service account secret",
        r"mdb_sa_sk_[0-9A-Za-z_-]{40}",
        "administer the clusters",
        "Revoke the secret of the service account",
        "https://www.mongodb.com/docs/atlas/configure-api-access/",
    ),
    token(
        "AIVEN",
        "Aiven service password",
        r"AVNS_[0-9A-Za-z_-]{19}",
        "read and write the database",
        "Reset the password of the service user",
        "https://aiven.io/docs",
    ),
    token(
        "COCKROACH",
        "CockroachDB Cloud key",
        r"CCDB1_[0-9A-Za-z]{22}_[0-9A-Za-z]{40}",
        "administer the clusters",
        "Delete the key of the service account",
        "https://www.cockroachlabs.com/docs/cockroachcloud/managing-access",
    ),
    by_name(
        "CONFLUENT",
        "Confluent secret",
        "confluent|kafka_?(?:api_?)?secret",
        "[0-9A-Za-z+/]{64}",
        "read and write topics",
        "Delete the API key in Confluent Cloud",
        "https://docs.confluent.io/cloud/current/security/authenticate/",
    ),
    by_name(
        "INFLUXDB",
        "InfluxDB token",
        "influx",
        "[0-9A-Za-z_-]{86}==",
        "read and write the database",
        "Delete the token (Load data, API tokens)",
        "https://docs.influxdata.com/",
    ),
    by_name(
        "FAUNA",
        "Fauna secret",
        "fauna",
        "fn[0-9A-Za-z_-]{38}",
        "read and write the database",
        "Revoke the key in the dashboard",
        "https://docs.fauna.com/",
    ),
    token(
        "NEON-ROLE",
        "Password of a Neon role",
        r"npg_[0-9A-Za-z]{12}[0-9A-Za-z]{0,8}",
        "read and write the database",
        "Reset the role's password in the Neon console",
        "https://neon.com/docs/manage/roles",
        checks=Checks.FORMAT_OF_LETTERS,
    ),
    token(
        "XATA",
        "Xata API key",
        r"xau_[0-9A-Za-z]{32}[0-9A-Za-z]{0,32}",
        "read and write the databases",
        "Delete the key in Xata (Account settings)",
        "https://xata.io/docs",
    ),
    token(
        "ASTRA",
        "DataStax Astra token",
        r"AstraCS:[0-9A-Za-z]{24}:[0-9a-f]{64}",
        "read and write the databases",
        "Delete the token in Astra (Settings, Tokens)",
        "https://docs.datastax.com/",
    ),
    token(
        "TINYBIRD",
        "Tinybird token",
        r"p\.eyJ1Ijog[0-9A-Za-z_-]{40,300}\.[0-9A-Za-z_-]{40}[0-9A-Za-z_-]{0,10}",
        "read, and perhaps write, the workspace's data",
        "Refresh the token in Tinybird (Tokens)",
        "https://www.tinybird.co/docs/",
        least=(r"p\.eyJ1Ijog[0-9A-Za-z_-]{40}",),
    ),
    token(
        "CONVEX",
        "Convex deploy key",
        r"(?:prod|preview|dev|project):[0-9a-z:-]{3,60}\|eyJ[0-9A-Za-z+/_-]{40}[0-9A-Za-z+/=_.-]{0,400}",
        "deploy functions, and read and write the data",
        "Delete the key in the dashboard (Settings, Deploy keys)",
        "https://docs.convex.dev/cli/deploy-key-types",
        edges=False,
    ),
)
