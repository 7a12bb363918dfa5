"""What to do about a leaked credential, by provider: where its use shows, and what to have instead of the next one.

How to revoke it stands with each kind. Keys are the first word of a rule's id: `AWS` serves SECRET-AWS-SESSION too.
`docs/how-to/leaked-secret.md` shows the same table, and how to purge a history.
"""

import msgspec

from gate.core.path_patterns import is_documentation_path, is_test_path


class LifeCycle(msgspec.Struct, frozen=True):
    """After revoking: look, then replace by something that cannot leak so easily."""

    uses: str
    """Where its use shows, so that one knows what was done with it."""
    instead: str
    """What serves in place of a stored credential, or where to keep the new one."""


_STORE = "put the new one in a secret store or a CI variable, and read it from there"
_ANY = LifeCycle("the service's access log", _STORE)
_TRUSTED_PUBLISHING = "publish by trusted publishing (OpenID Connect), which stores no token"
_DATABASE = LifeCycle(
    "the server's connection log",
    "give the application short-lived logins (IAM, a vault), or mount the password as a file",
)
_SIGNING = LifeCycle(
    "what was signed or decrypted with it since the first commit that has it",
    "keep the new key on a hardware token or in a key management service",
)
_PASSWORD = LifeCycle("the account's logins", "log in with a key or a token with few rights, read from a secret store")

_BY_PROVIDERS: dict[str, LifeCycle] = {
    "AWS": LifeCycle(
        "CloudTrail, by the access key's id", "let CI assume a role (OpenID Connect), and machines an instance profile"
    ),
    "AZURE": LifeCycle("the sign-in and activity logs", "use managed identities, and federated credentials in CI"),
    "GOOGLE": LifeCycle("Cloud Audit Logs, by the principal", "use workload identity federation instead of keys"),
    "IBM": LifeCycle("Activity Tracker", "use trusted profiles instead of keys"),
    "ALIBABA TENCENT YANDEX DIGITALOCEAN HETZNER LINODE VULTR SCALEWAY HEROKU FLY RENDER VERCEL NETLIFY": LifeCycle(
        "the account's activity or audit log", _STORE
    ),
    "CLOUDFLARE": LifeCycle("the account's audit log", "create tokens with one zone, one permission and an end date"),
    "GITHUB": LifeCycle(
        "the user's security log and the organisation's audit log",
        "use the job's GITHUB_TOKEN or a GitHub App, whose tokens expire within an hour",
    ),
    "GITLAB": LifeCycle(
        "the audit events", "use the job's CI_JOB_TOKEN or id_tokens, or project tokens with an end date"
    ),
    "BITBUCKET ATLASSIAN GITEA": LifeCycle("the audit log", "use access tokens for one repository, with an end date"),
    "CIRCLECI TRAVIS JENKINS BUILDKITE DRONE HARNESS OCTOPUS TERRAFORM PULUMI": LifeCycle(
        "the pipelines that ran, and what they deployed", _STORE
    ),
    "NPM NPMRC": LifeCycle("the versions that were published in the meantime", _TRUSTED_PUBLISHING),
    "PYPI PYPIRC": LifeCycle("the releases that were made in the meantime", _TRUSTED_PUBLISHING),
    "RUBYGEMS GEM CRATES NUGET": LifeCycle("the versions that were published in the meantime", _TRUSTED_PUBLISHING),
    "ARTIFACTORY JFROG CLOUDSMITH MAVEN PACKAGIST CLOJARS ANACONDA": LifeCycle(
        "the packages that were published or read in the meantime",
        "let CI exchange its identity (OpenID Connect) for a token",
    ),
    "DOCKER": LifeCycle(
        "the images that were pushed in the meantime", "use a credential helper, and in CI a token that can only push"
    ),
    "KUBECONFIG KUBEADM": LifeCycle(
        "the API server's audit log", "use short-lived tokens (TokenRequest) or OpenID Connect"
    ),
    "VAULT CONSUL DOPPLER INFISICAL ONEPASSWORD BITWARDEN": LifeCycle(
        "the audit device or log (what it could read has leaked too)", "let workloads authenticate with their identity"
    ),
    "POSTGRES MYSQL MSSQL MONGODB REDIS JDBC ADO SQL PGPASS DATABASE COCKROACH PLANETSCALE NEON ELASTIC": _DATABASE,
    "STRIPE SQUARE BRAINTREE PAYPAL ADYEN RAZORPAY PLAID MOLLIE PADDLE": LifeCycle(
        "payments, payouts and the API log", "use restricted keys, and allow only your servers' addresses"
    ),
    "SLACK DISCORD TELEGRAM TEAMS MATTERMOST ROCKET WEBEX ZOOM": LifeCycle(
        "the messages and files that it read or wrote",
        "create one app for each purpose, with as few scopes as possible",
    ),
    "SENDGRID MAILGUN MAILCHIMP MAILJET POSTMARK BREVO SPARKPOST RESEND TWILIO VONAGE MESSAGEBIRD": LifeCycle(
        "what was sent in the meantime, and the bill", "use keys that can only send, and only from known addresses"
    ),
    "OPENAI ANTHROPIC MISTRAL COHERE GROQ HUGGINGFACE REPLICATE OPENROUTER XAI PERPLEXITY": LifeCycle(
        "usage and the bill", "use keys for one project, with a spending limit"
    ),
    "PRIVATE ENCRYPTED PUTTY JWK RSA AGE MINISIGN NKEY WIREGUARD TOR": _SIGNING,
    "BITCOIN BIP32 ETHEREUM STELLAR SUI": LifeCycle("the ledger", "keep keys in a wallet or on a hardware token"),
    "HTPASSWD HTDIGEST SHADOW CRYPT CISCO LDIF MOSQUITTO SCHEME": LifeCycle(
        "the logins of every account in the file", "keep hashes out of the repository, and use bcrypt, scrypt or argon2"
    ),
    "OTP OTPAUTH": LifeCycle("the account's logins", "enrol again, preferably with a security key"),
    "PASSWORD LOGIN CURL SSHPASS NETRC FTP FILEZILLA LDAP SMB NET SECURE PIPED CLIENT ACCOUNT CHPASSWD": _PASSWORD,
}
PROVIDERS: dict[str, LifeCycle] = {name: cycle for names, cycle in _BY_PROVIDERS.items() for name in names.split()}


def life_cycle_of(rule: str) -> LifeCycle:
    """Return what to do about a credential of a rule (`SECRET-…`), after it was revoked."""
    return PROVIDERS.get(rule.removeprefix("SECRET-").partition("-")[0], _ANY)


def mend(rule: str, revoke: str) -> str:
    """Say what to do now, in the order in which it helps."""
    cycle = life_cycle_of(rule)
    return (
        f"{revoke}. Then {cycle.instead}. To see whether it was used, check {cycle.uses}. "
        "Removing it from the code is not enough: it stays in the history."
    )


def purge(commit: str | None) -> str:
    """Say how the value leaves the history: before a push it is easy, after it revoking is what counts."""
    if commit is None:
        return ""
    return f" If commit {commit[:12]} is not pushed yet, remove it first: git rebase -i {commit[:12]}~1."


def if_made_up(path: str) -> str:
    """Say what to do with what nothing accepts: in a test and in documentation that is likely."""
    if is_test_path(path):
        return (
            " If it was made up for a test and nothing else accepts it, let the test generate it; or mark its line"
            " with `pragma: allowlist secret`, or record it with `gate baseline`."
        )
    if is_documentation_path(path):
        return (
            " If it was made up for an example, use an obvious placeholder (`<password>`), or mark its line with"
            " `pragma: allowlist secret`."
        )
    return ""
