"""What of a result counts in a comparison."""

import pytest

from gate.model import Package, PipelineParty, StageError, StageResult
from gate.pipeline.comparison import incomplete_bases, with_added_parties, without_needless_errors
from gate.policy.preexisting import EarlierResult

MISSING = StageError(title="the advisories are not on this machine", message="", path="npm/all.zip")
BROKEN = StageError(title="cannot be parsed", message="", path="yarn.lock")


def package(name: str, version: str = "1.0", path: str = "package-lock.json") -> Package:
    return Package(name=name, version=version, ecosystem="npm", purl=f"pkg:npm/{name}@{version}", path=path)


def result(*packages: Package, errors: tuple[StageError, ...] = (MISSING,)) -> StageResult:
    return StageResult(
        stage="dependencies", target="shop", packages=packages, errors=errors, needless_without_news=(MISSING,)
    )


def test_without_advisories_a_change_that_adds_no_package_is_judged() -> None:
    """For it has no vulnerability that its base has not; that no advisory was asked for is not silent."""
    base = EarlierResult("shop", result(package("a"), package("b")))
    kept, earlier, notices = without_needless_errors([result(package("a"))], [base])
    assert [one.errors for one in (*kept, *(one.result for one in earlier))] == [(), ()]
    (notice,) = notices
    assert notice.startswith("dependencies asked for no advisory, as shop has no new package")
    assert "npm/all.zip" in notice


@pytest.mark.parametrize(
    "changed",
    [
        package("b"),
        package("a", version="1.1"),
        package("a", path="web/package-lock.json"),
    ],
)
def test_a_new_package_version_or_place_needs_them(changed: Package) -> None:
    base = EarlierResult("shop", result(package("a")))
    kept, _, notices = without_needless_errors([result(package("a"), changed)], [base])
    assert (kept[0].errors, notices) == ((MISSING,), [])


def test_what_is_compared_with_nothing_or_with_another_target_needs_them() -> None:
    other = EarlierResult("cart", result(package("a")))
    for earlier in ([], [other]):
        kept, _, notices = without_needless_errors([result(package("a"))], earlier)
        assert (kept[0].errors, notices) == ((MISSING,), [])


def test_other_errors_stay() -> None:
    base = EarlierResult("shop", result(package("a")))
    kept, _, _ = without_needless_errors([result(package("a"), errors=(BROKEN, MISSING))], [base])
    assert kept[0].errors == (BROKEN,)


def test_a_base_that_is_incomplete_is_one_notice_with_its_first_error() -> None:
    whole = EarlierResult("cart", StageResult(stage="secrets", target="cart"))
    (notice,) = incomplete_bases([whole, EarlierResult("shop", result(errors=(BROKEN, MISSING)))])
    assert notice.startswith("The gate cannot tell what dependencies found before in shop: ")
    assert "cannot be parsed" in notice
    assert "advisories" not in notice


class TestThirdPartiesOfPipelines:
    def listed(self, *names: str) -> StageResult:
        parties = tuple(PipelineParty(kind="orb", name=name, path="config.yml", line=1) for name in names)
        return StageResult(stage="ci", target="shop", third_parties=parties)

    def added(self, now: StageResult, *earlier: EarlierResult) -> object:
        (kept,) = with_added_parties([now], earlier)
        return kept.facts.get("third_parties_added")

    def test_one_that_no_base_has_is_added(self) -> None:
        now = self.listed("a", "b")
        assert self.added(now, EarlierResult("shop", self.listed("a"))) == [now.third_parties[1].text]

    def test_one_that_any_base_has_is_not(self) -> None:
        bases = (EarlierResult("shop", self.listed("a")), EarlierResult("shop", self.listed("b")))
        assert self.added(self.listed("a", "b"), *bases) is None

    def test_without_a_comparison_nothing_is_added(self) -> None:
        assert self.added(self.listed("a"), EarlierResult("cart", self.listed())) is None
