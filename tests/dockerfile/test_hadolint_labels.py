"""What the values of labels can be asked to be."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.dockerfile.label_formats import is_of_format

GOOD = {
    "url": ["https://host.example/a?b#c", "mailto:a@host.example", "HTTP://HOST", "urn:a:b", "https://[::1]/%20"],
    "rfc3339": ["2024-02-29T23:59:60Z", "2024-01-02t03:04:05.678+01:00"],
    "semver": ["0.0.0", "1.2.3-rc.1+build.5", "1.0.0--x", "999999999999.0.0"],
    "hash": ["0123456", "0123456789", "0" * 40, "f" * 64],
    "spdx": ["MIT", "Apache-2.0 OR MIT", "GPL-2.0-only WITH Classpath-exception-2.0", "LicenseRef-own", "(MIT)"],
    "email": ["a@b", "a.b+c@host.example", '"a b"@host.example', "a@[127.0.0.1]"],
    "text": ["", "anything"],
}
BAD = {
    "url": ["", "host.example", "/a", "https://a b", "https://a/%zz", "1a:b"],
    "rfc3339": ["", "2024-01-02", "2024-02-30T00:00:00Z", "2024-01-02T24:00:01Z", "2024-01-02T03:04:05", "now"],
    "semver": ["", "1", "1.2", "v1.2.3", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3.4"],
    "hash": ["", "main", "012345", "0123456X", "A" * 40, "0" * 41],
    "spdx": ["", "Proprietary", "MIT OR", "(" * 1000 + "MIT" + ")" * 1000, "MIT)("],
    "email": ["", "a", "a@", "@b", "a..b@c", ".a@b", "A <a@b>", "a@b@c", "a@-b"],
}


@pytest.mark.parametrize(("format", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_is_of_the_format(format: str, value: str) -> None:
    assert is_of_format(value, format)


@pytest.mark.parametrize(("format", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_is_not_of_the_format(format: str, value: str) -> None:
    assert not is_of_format(value, format)


@settings(max_examples=100, deadline=None)
@given(st.datetimes(), st.integers(-14 * 60, 14 * 60))
def test_every_time_with_its_zone_is_one(time: datetime, minutes: int) -> None:
    zoned = time.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert is_of_format(zoned.isoformat(), "rfc3339")
    assert is_of_format(time.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z"), "rfc3339")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(GOOD)), st.text(max_size=60) | st.text("MIT()ORANDWITH@.:-+%0f ", max_size=80))
def test_any_text_is_answered(format: str, value: str) -> None:
    assert is_of_format(value, format) in (True, False)


@pytest.mark.parametrize("format", sorted(BAD))
@pytest.mark.parametrize("part", ["a.", "a@", "0-", "(", "https:", "MIT OR ", '"'])
def test_long_values_are_answered_at_once(format: str, part: str) -> None:
    assert not is_of_format(part * 100_000, format)
    is_of_format((part * 2000)[:2000], format)
