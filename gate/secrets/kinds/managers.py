"""Secrets managers and the keys to them."""

# ruff: noqa: E501  (a pattern is read in one piece)

from gate.model import Confidence
from gate.secrets.kinds.token import by_name, token
from gate.secrets.kinds.traits import Checks
from gate.secrets.kinds.values import is_random, is_random_with_digit

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

TOKENS = (
    token(
        "VAULT",
        "Vault token",
        r"hv[sbr]\.[0-9A-Za-z_-]{24}[0-9A-Za-z_-]{0,300}",
        "read the secrets stored there",
        "Revoke it (vault token revoke), and check the audit log for its use",
        "https://developer.hashicorp.com/vault/docs/concepts/tokens",
    ),
    by_name(
        "VAULT-LEGACY",
        "Vault token (before 1.10)",
        "vault[0-9A-Za-z_.-]{0,12}token",
        r"s\.[0-9A-Za-z]{24}",
        "read the secrets stored there",
        "Revoke it (vault token revoke), and check the audit log for its use",
        "https://developer.hashicorp.com/vault/docs/concepts/tokens",
        checks=Checks.FORMAT,
    ),
    token(
        "VAULT-LOGIN",
        "Vault token (before 1.10) on a command line",
        r"vault[ ]login[ ](?:-[a-z-]{1,20}[ ]){0,2}(?:token=)?(s\.[0-9A-Za-z]{24})",
        "read the secrets stored there",
        "Revoke it (vault token revoke), and check the audit log for its use",
        "https://developer.hashicorp.com/vault/docs/concepts/tokens",
        accepts=is_random,
    ),
    token(
        "VAULT-SECRET-ID",
        "Secret id of a Vault AppRole",
        rf"(?i:(?:^|[^A-Za-z])(?:(?:vault|approle|app_role|role)_)?secret_?id)[\"']?\]?[ \t]{{0,4}}(?::=|=>|[:=])[ \t]{{0,4}}[\"']?({_UUID})",
        "log in to the vault, together with the role's id",
        "Destroy it (vault write auth/approle/role/NAME/secret-id/destroy), and issue a new one",
        "https://developer.hashicorp.com/vault/docs/auth/approle",
        accepts=is_random,
        edges=False,
        confidence=Confidence.MEDIUM,
        beside=r"(?i)approle|role_?id|vault",
        checks=Checks.PLACE,
    ),
    token(
        "VAULT-UNSEAL",
        "Vault unseal key",
        r"(?i:unseal[ _-]?key)[ ]?[0-9]{0,2}[\"']?[ ]?[:=][ ]?[\"']?([0-9A-Za-z+/]{43}=|[0-9A-Za-z+/]{44}|[0-9a-f]{66})",
        "unseal the vault, together with enough other keys",
        "Rekey the vault (vault operator rekey)",
        "https://developer.hashicorp.com/vault/docs/concepts/seal",
        accepts=is_random,
    ),
    token(
        "DOPPLER",
        "Doppler token",
        r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[0-9a-z_-]{2,35}\.)?[0-9A-Za-z]{40}[0-9A-Za-z]{0,4}",
        "read the secrets stored there",
        "Revoke the token in the dashboard",
        "https://docs.doppler.com/docs/service-tokens",
    ),
    token(
        "ONEPASSWORD",
        "1Password service account token",
        r"ops_eyJ[0-9A-Za-z+/_-]{100}[0-9A-Za-z+/=_-]{0,1000}",
        "read the secrets stored there",
        "Revoke the token of the service account",
        "https://developer.1password.com/docs/service-accounts/",
    ),
    token(
        "ONEPASSWORD-SECRET",
        "1Password secret key",
        r"A3-[0-9A-Z]{6}-(?:[0-9A-Z]{11}|[0-9A-Z]{6}-[0-9A-Z]{5})-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}",
        "read the secrets stored there",
        "Create a new secret key in the profile",
        "https://support.1password.com/secret-key/",
    ),
    token(
        "INFISICAL",
        "Infisical token",
        r"st\.[0-9a-f]{24}\.[0-9a-f]{32}\.[0-9a-f]{32}",
        "read the secrets stored there",
        "Delete the service token in the project",
        "https://infisical.com/docs",
    ),
    token(
        "BITWARDEN",
        "Bitwarden access token",
        rf"0\.{_UUID}\.[0-9A-Za-z]{{30}}:[0-9A-Za-z+/]{{22}}==",
        "read the secrets stored there",
        "Revoke the access token of the machine account",
        "https://bitwarden.com/help/access-tokens/",
        edges=False,
    ),
    by_name(
        "CONSUL",
        "Consul or Nomad token",
        "(?:consul|nomad)[0-9A-Za-z_.-]{0,8}token",
        _UUID,
        "read and change the cluster",
        "Delete the token (consul acl token delete)",
        "https://developer.hashicorp.com/consul/docs/security/acl/tokens",
    ),
    token(
        "KUBEADM",
        "Kubernetes bootstrap token",
        r"(?:(?i:(?:bootstrap|kubeadm|join)[0-9A-Za-z_.-]{0,8}token)[\"']?[ \t]{0,4}[:=,(][ \t]{0,4}|--token[ =]|token[ ]create[ ])[\"'`]?([0-9a-z]{6}\.[0-9a-z]{16})",
        "join nodes to the cluster",
        "Delete it (kubeadm token delete)",
        "https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/",
        accepts=is_random_with_digit,
        confidence=Confidence.MEDIUM,
    ),
)
