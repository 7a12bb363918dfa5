"""What each secret type, detect-secrets' or ours, is to us: rule id, title, severity, confidence, what to do."""

from collections.abc import Iterable
from typing import Any

from gate.model import Confidence, Severity
from gate.secrets.kinds import TOKENS
from gate.secrets.kinds.life_cycle import mend
from gate.secrets.kinds.token import Token
from gate.secrets.kinds.traits import Checks, KindTraits
from gate.secrets.triage.placeholders import is_placeholder


class SecretKind(KindTraits, frozen=True, kw_only=True):
    """A kind of secrets, whether detect-secrets or a row of ours finds it: its rule, and what to do about it."""

    rule: str
    title: str
    severity: Severity = Severity.HIGH
    confidence: Confidence = Confidence.HIGH
    why: str
    mend: str
    help_uri: str | None = None

    @property
    def is_issued(self) -> bool:
        """True for what a service issues in a form of its own; people make up passwords, and keys for their tests."""
        is_made = self.is_made_anywhere or self.is_key_block or self.is_hash
        is_made = is_made or self.is_of_accounts or self.is_of_credential_file
        return self.confidence is Confidence.HIGH and self.checks is not Checks.PLACE and not is_made


_HARD_CODED = "https://owasp.org/www-community/vulnerabilities/Use_of_hard-coded_password"
"""Where a kind has no page of its own."""


def _why(opens: str) -> str:
    return f"Anyone who can read the repository, or a clone, fork or image of it, can use it to {opens}."


def _kind(rule: str, title: str, opens: str, revoke: str, uri: str, confidence: Confidence, **more: Any) -> SecretKind:
    return SecretKind(
        rule=rule,
        title=title,
        confidence=confidence,
        why=_why(opens),
        mend=mend(rule, revoke),
        help_uri=uri or _HARD_CODED,
        **more,
    )


def _is_encrypted_word(value: str) -> bool:
    """True for Artifactory's encrypted-password form without a digit: `APACHELICENSE` fits it."""
    return not value.strip(" \t=\"':").startswith("AKC") and not any("0" <= one <= "9" for one in value)


_HIGH, _MEDIUM, _LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW

KEYWORD = "Secret Keyword"
"""The type of values that are known by the name that they are given to."""

_BUILT_IN: dict[str, SecretKind] = {
    "AWS Access Key": _kind(
        "SECRET-AWS",
        "AWS access key",
        "act in the AWS account with all rights of its user",
        "Deactivate the key in IAM (Users, Security credentials), check its use in CloudTrail, and create a new one",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
        _HIGH,
    ),
    "Artifactory Credentials": _kind(
        "SECRET-ARTIFACTORY",
        "Artifactory credentials",
        "read, and often publish, the organisation's packages",
        "Revoke the API key or change the encrypted password in the Artifactory user profile",
        "https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens",
        _HIGH,
        checks=Checks.FORMAT_OF_LETTERS,
        is_doubtful=_is_encrypted_word,
    ),
    "Azure Storage Account access key": _kind(
        "SECRET-AZURE-STORAGE",
        "Azure Storage account key",
        "read and write everything in the storage account",
        "Rotate the key in the storage account (Security + networking, Access keys), one of the two at a time",
        "https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage",
        _HIGH,
    ),
    "Basic Auth Credentials": _kind(
        "SECRET-BASIC-AUTH",
        "Password in a URL",
        "log in to the service that the URL names",
        "Change the password at that service",
        "",
        _MEDIUM,
        checks=Checks.ADDRESS,
        vagueness=60,
        counts_in_formats=True,
        is_doubtful=is_placeholder,
    ),
    "Cloudant Credentials": _kind(
        "SECRET-CLOUDANT",
        "Cloudant credentials",
        "read and write the Cloudant databases",
        "Delete the API key in the Cloudant dashboard (Permissions) and create a new one",
        "https://cloud.ibm.com/docs/Cloudant?topic=Cloudant-managing-access-for-cloudant",
        _MEDIUM,
    ),
    "Discord Bot Token": _kind(
        "SECRET-DISCORD",
        "Discord bot token",
        "act as the bot in every server that the bot joined",
        "Reset the token in the Discord developer portal (Applications, Bot)",
        "https://discord.com/developers/docs/reference",
        _HIGH,
    ),
    "GitHub Token": _kind(
        "SECRET-GITHUB",
        "GitHub token",
        "act on repositories, packages and workflows with its owner's rights",
        "Delete the token in GitHub (Developer settings), check the audit log for its use, and create a new one",
        "https://docs.github.com/authentication/keeping-your-account-and-data-secure/token-expiration-and-revocation",
        _HIGH,
        whole=r"gh[pousr]_[A-Za-z0-9_]{36}",
    ),
    "GitLab Token": _kind(
        "SECRET-GITLAB",
        "GitLab token",
        "act on projects, registries or runners with its owner's rights",
        "Revoke the token where it was made (user, project, group or runner settings) and create a new one",
        "https://docs.gitlab.com/security/tokens/",
        _HIGH,
        whole=r"(?:glpat|gldt|glft|glsoat|glrt|glcbt)-[0-9A-Za-z_-]{20,300}(?:\.[0-9a-z]{2,9}){0,2}",
    ),
    "IBM Cloud IAM Key": _kind(
        "SECRET-IBM-IAM",
        "IBM Cloud API key",
        "act in the IBM Cloud account with its owner's rights",
        "Delete the key in IBM Cloud (Manage, Access (IAM), API keys) and create a new one",
        "https://cloud.ibm.com/docs/account?topic=account-userapikey",
        _MEDIUM,
        checks=Checks.FORMAT_OF_LETTERS,
    ),
    "IBM COS HMAC Credentials": _kind(
        "SECRET-IBM-COS",
        "IBM Cloud Object Storage HMAC key",
        "read and write the storage buckets",
        "Delete the service credential of the Object Storage instance and create a new one",
        "https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-uhc-hmac-credentials-main",
        _HIGH,
    ),
    "JSON Web Token": _kind(
        "SECRET-JWT",
        "JSON Web Token",
        "act as its owner until it expires",
        "End the session or change the key that signed it, if the token has not expired",
        "https://www.rfc-editor.org/rfc/rfc8725",
        _MEDIUM,
        checks=Checks.WEB_TOKEN,
    ),
    "Mailchimp Access Key": _kind(
        "SECRET-MAILCHIMP",
        "Mailchimp API key",
        "read the audience and send mail in the organisation's name",
        "Disable the key in Mailchimp (Account, Extras, API keys) and create a new one",
        "https://mailchimp.com/help/about-api-keys/",
        _HIGH,
    ),
    "NPM tokens": _kind(
        "SECRET-NPM",
        "npm access token",
        "publish packages in its owner's name",
        "Revoke it (npm token revoke), check the versions published in the meantime, and create one with fewer rights",
        "https://docs.npmjs.com/revoking-access-tokens",
        _HIGH,
    ),
    "OpenAI Token": _kind(
        "SECRET-OPENAI",
        "OpenAI API key",
        "spend the account's money and read the project's stored data",
        "Delete the key in the project's settings (API keys) and create a new one",
        "https://help.openai.com/en/articles/5112595-best-practices-for-api-key-safety",
        _HIGH,
    ),
    "Private Key": _kind(
        "SECRET-PRIVATE-KEY",
        "Private key",
        "sign, decrypt and log in as its owner",
        "Remove the public key from every place that trusts it, revoke its certificates and create a new pair",
        "https://csrc.nist.gov/pubs/sp/800/57/pt1/r5/final",
        _HIGH,
        checks=Checks.KEY_BLOCK,
        is_key_block=True,
        is_private_key=True,
    ),
    "PyPI Token": _kind(
        "SECRET-PYPI",
        "Python package index token",
        "publish packages in its owner's name",
        "Remove the token in the account settings, check the releases made since the leak, and use trusted publishing",
        "https://packaging.python.org/en/latest/guides/publishing-package-distribution-releases-using-github-actions-ci-cd-workflows/",
        _HIGH,
    ),
    "SendGrid API Key": _kind(
        "SECRET-SENDGRID",
        "SendGrid API key",
        "send mail in the organisation's name",
        "Delete the key in SendGrid (Settings, API keys) and create a new one with fewer rights",
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
        _HIGH,
    ),
    "Slack Token": _kind(
        "SECRET-SLACK",
        "Slack token or webhook",
        "read or write messages in the workspace",
        "Revoke the token (auth.revoke) or remove the webhook in the app's settings and create a new one",
        "https://api.slack.com/authentication/best-practices",
        _HIGH,
    ),
    "SoftLayer Credentials": _kind(
        "SECRET-SOFTLAYER",
        "SoftLayer API key",
        "order and access servers in the account",
        "Delete the classic infrastructure API key and create a new one",
        "https://cloud.ibm.com/docs/account?topic=account-classic_keys",
        _MEDIUM,
    ),
    "Square OAuth Secret": _kind(
        "SECRET-SQUARE",
        "Square OAuth secret",
        "get access tokens of every merchant that authorised the application",
        "Replace the application secret in the Square developer dashboard (OAuth)",
        "https://developer.squareup.com/docs/oauth-api/best-practices",
        _HIGH,
    ),
    "Stripe Access Key": _kind(
        "SECRET-STRIPE",
        "Stripe live key",
        "move money and read customers' data",
        "Roll the key in the Stripe dashboard (Developers, API keys), and check recent payments",
        "https://docs.stripe.com/keys-best-practices",
        _HIGH,
    ),
    "Telegram Bot Token": _kind(
        "SECRET-TELEGRAM",
        "Telegram bot token",
        "read and send the bot's messages",
        "Revoke the token with BotFather's /revoke",
        "https://core.telegram.org/bots/features#botfather",
        _HIGH,
        checks=Checks.BOT_TOKEN,
    ),
    "Twilio API Key": _kind(
        "SECRET-TWILIO",
        "Twilio key",
        "make calls and send messages at the account's cost",
        "Delete the API key (or rotate the auth token) in the Twilio console and create a new one",
        "https://www.twilio.com/docs/iam/api-keys",
        _HIGH,
        checks=Checks.ACCOUNT_KEY,
    ),
    KEYWORD: _kind(
        "SECRET-KEYWORD",
        "Password or key in the code",
        "log in to, or call, the service that accepts it",
        "Change it at the service that accepts it",
        "https://owasp.org/www-community/vulnerabilities/Use_of_hard-coded_password",
        _MEDIUM,
        vagueness=20,
        is_catch_all=True,
        is_known_by_name=True,
        is_doubtful=is_placeholder,
    ),
    "Base64 High Entropy String": SecretKind(
        rule="SECRET-ENTROPY-BASE64",
        title="Random-looking base64 string",
        severity=Severity.MEDIUM,
        confidence=_LOW,
        why="Its characters are distributed like those of a key, but it may also be a hash or an identifier.",
        mend="If it is a secret, revoke it and read the new one from a secret store. "
        "If it is not, mark the line with `pragma: allowlist secret`, or add it to the baseline.",
        checks=Checks.RANDOM,
        vagueness=70,
        is_catch_all=True,
    ),
    "Hex High Entropy String": SecretKind(
        rule="SECRET-ENTROPY-HEX",
        title="Random-looking hexadecimal string",
        severity=Severity.MEDIUM,
        confidence=_LOW,
        why="Its digits are distributed like those of a key, but it may also be a checksum or an identifier.",
        mend="If it is a secret, revoke it and read the new one from a secret store. "
        "If it is not, mark the line with `pragma: allowlist secret`, or add it to the baseline.",
        checks=Checks.RANDOM,
        vagueness=80,
        is_catch_all=True,
    ),
    "Public IP (ipv4)": SecretKind(
        rule="SECRET-PUBLIC-IP",
        title="Public IP address",
        severity=Severity.LOW,
        confidence=_LOW,
        why="An address of one of the organisation's machines shows an attacker where to look.",
        mend="Use a host name, or read the address from the environment's configuration.",
        checks=Checks.NONE,
    ),
}


def _kind_of(token: Token) -> SecretKind:
    """Return the rule of one of our own detectors; each field by its name, which is quickest at start-up."""
    return SecretKind(
        rule=token.rule,
        title=token.type,
        severity=token.severity,
        confidence=token.confidence,
        why=_why(token.opens),
        mend=mend(token.rule, token.revoke),
        help_uri=token.uri or _HARD_CODED,
        checks=token.checks,
        vagueness=token.vagueness,
        is_catch_all=token.is_catch_all,
        counts_in_formats=token.counts_in_formats,
        is_known_by_name=token.is_known_by_name,
        is_hash=token.is_hash,
        is_of_credential_file=token.is_of_credential_file,
        is_of_accounts=token.is_of_accounts,
        is_often_public=token.is_often_public,
        is_made_anywhere=token.is_made_anywhere,
        is_known_by_little=token.is_known_by_little,
        is_key_block=token.is_key_block,
        is_private_key=token.is_private_key,
        whole=token.whole,
        is_doubtful=token.is_doubtful,
    )


CUSTOM = SecretKind(
    rule="SECRET-CUSTOM",
    title="Secret that the project's own plugin finds",
    why="The project's detect-secrets baseline names a custom plugin, which identified the value as a secret.",
    mend="Ask the plugin's author how to revoke it. Then read the new one from a secret store or a CI variable.",
    help_uri=_HARD_CODED,
)
"""Of types that only a plugin from a baseline's own file finds."""


KINDS: dict[str, SecretKind] = _BUILT_IN | {token.type: _kind_of(token) for token in TOKENS}
"""By detect-secrets' secret type. One of detect-secrets or ours that is missing here is a test failure."""
CATCH_ALL = tuple(name for name, kind in KINDS.items() if kind.is_catch_all)
"""Types under which a detect-secrets baseline may list any value, whichever detector of ours finds it."""
_ADDED: dict[str, SecretKind] = {}


def kind_of(secret_type: str) -> SecretKind:
    """Return what a secret type is to us."""
    return KINDS.get(secret_type) or _ADDED.get(secret_type, CUSTOM)


def add_kinds(tokens: Iterable[Token]) -> tuple[SecretKind, ...]:
    """Return the kinds of other packages' rows; from then on `kind_of` knows them."""
    added = {token.type: _kind_of(token) for token in tokens}
    _ADDED.update(added)
    return tuple(added.values())
