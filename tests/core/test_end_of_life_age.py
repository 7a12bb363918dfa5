"""The table of end-of-life dates says of which day it is, and that it is old."""

from datetime import date, timedelta

import pytest

from gate.core.end_of_life import built_in
from gate.core.end_of_life_age import MAX_DAYS, age_of_table, is_old

AS_OF = built_in().as_of
DAY = date.fromisoformat(AS_OF)


@pytest.mark.parametrize(("days", "old"), [(-1, False), (0, False), (MAX_DAYS, False), (MAX_DAYS + 1, True)])
def test_a_table_of_more_than_a_year_ago_is_old(days: int, old: bool) -> None:
    assert is_old(AS_OF, DAY + timedelta(days=days)) is old


def test_its_day_is_said_and_a_warning_if_it_is_old() -> None:
    assert age_of_table(AS_OF, "built in", DAY) == f"{AS_OF}, built in"
    old = age_of_table(AS_OF, "built in", DAY + timedelta(days=400))
    assert old.startswith(f"{AS_OF}, built in, 400 days old: releases that came later")
