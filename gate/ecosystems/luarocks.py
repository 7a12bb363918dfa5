"""LuaRocks: packages of Lua."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(
    name="LuaRocks",
    has_advisories=False,
    canonical_name=str.lower,
    package_urls=PackageUrls(type="luarocks"),
)
