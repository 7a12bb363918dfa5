"""Hex: packages of Erlang and Elixir."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls, UpdateCommands, both

ECOSYSTEM = Ecosystem(
    name="Hex",
    version_order="semver",
    canonical_name=str.lower,
    advisory_ids=("EEF-CVE-",),
    package_urls=PackageUrls(type="hex"),
    update=UpdateCommands(
        by_file={
            "mix.lock": both("mix deps.update {name}"),
            "rebar.lock": both("rebar3 upgrade {name}"),
        },
    ),
)
