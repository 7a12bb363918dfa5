"""The table of packages that take requests is sound."""

from pathlib import Path

import gate.core.network_facing as table
from gate.ecosystems import ECOSYSTEMS, described


def test_every_row_is_a_package_url_of_an_ecosystem_once() -> None:
    rows = Path(table.__file__).with_name("network_facing.txt").read_text(encoding="utf-8").splitlines()
    rows = [row for row in rows if not row.startswith("#")]
    types = {urls.type for name in ECOSYSTEMS if (urls := described(name).package_urls)}
    assert len(rows) == len(set(rows)) > 100
    for row in rows:
        scheme, _, rest = row.partition(":")
        assert scheme == "pkg", row
        assert rest.split("/")[0] in types, row
        assert "@" not in row, row
        assert row == row.lower(), row
