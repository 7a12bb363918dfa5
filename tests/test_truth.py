"""The corpus of truth: its data has no more than it may, and its figures count what they say."""

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.one_python

labels = pytest.importorskip("benchmarks.truth.labels")
held_out = pytest.importorskip("benchmarks.truth.held_out")
left_out = pytest.importorskip("benchmarks.truth.left_out")
plot = pytest.importorskip("benchmarks.truth.plot")
runs = pytest.importorskip("benchmarks.truth.runs")
trade_off = pytest.importorskip("benchmarks.truth.trade_off")
score = pytest.importorskip("benchmarks.truth.score")

SHOP = labels.Repository(repository="ada/shop", commit="0" * 40, half="first", kind="application", language="Go")


def label(verdict: str, fingerprint: str = "f1", **changes: Any) -> Any:
    said = {"repository": "ada/shop", "commit": "0" * 40, "stage": "secrets", "rule": "SECRET-KEYWORD", "path": "a.env"}
    said |= {"line": 1, "fingerprint": fingerprint, "label": verdict, "why": "fixture", "reader": "a", "blocking": True}
    return labels.Label(**(said | changes))


def finding(fingerprint: str = "f1", **changes: Any) -> Any:
    said = {"repository": "ada/shop", "stage": "secrets", "rule": "SECRET-KEYWORD", "path": "a.env", "line": 1}
    said |= {"fingerprint": fingerprint, "severity": "high", "confidence": "high", "blocking": True}
    return runs.Found(**(said | changes))


def test_a_label_is_found_by_the_fingerprint_wherever_the_line_went() -> None:
    judged = score.join([finding(line=9)], [label("wrong")])
    assert score.figures(judged) == score.Figures(findings=1, worth=0, right=0, wrong=1)


def test_a_label_is_found_by_rule_and_place_after_fingerprints_changed() -> None:
    assert score.join([finding("f2")], [label("worth")])[0].label
    assert not score.join([finding("f2", rule="SECRET-JWT")], [label("worth")])[0].label


def test_shares_are_of_what_was_read() -> None:
    found = [finding(f"f{number}", line=number) for number in range(5)]
    read = [label("worth", "f0", line=0), label("right", "f1", line=1), label("wrong", "f2", line=2)]
    figures = score.figures(score.join(found, read))
    assert (figures.findings, figures.labelled) == (5, 3)
    assert (figures.precision, figures.worthy) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert score.figures(score.join(found, [])).precision is None


def test_a_repository_with_many_findings_counts_as_one() -> None:
    found = [finding(f"f{number}", line=number) for number in range(9)]
    found.append(finding("g", repository="eve/tool"))
    read = [label("wrong", f"f{number}", line=number) for number in range(9)]
    read.append(label("worth", "g", repository="eve/tool"))
    assert score.evenly(score.join(found, read)) == (2, 0.5, 0.5)


def test_the_calibration_has_a_row_for_each_confidence_the_highest_first() -> None:
    found = [finding("f1", confidence="low"), finding("f2", line=2), finding("f3", line=3, confidence="medium")]
    read = [label("wrong", "f1"), label("worth", "f2", line=2)]
    picture = plot.calibration(score.join(found, read))
    assert picture.index("secrets, high") < picture.index("secrets, low")
    assert "secrets, medium" not in picture
    assert [f">{share}%</text>" in picture for share in (0, 50, 100)] == [True, False, True]


def test_reasons_are_counted_with_their_repositories() -> None:
    found = [finding("f1"), finding("f2", line=2), finding("f3", line=3)]
    read = [label("right", "f1"), label("right", "f2", line=2), label("wrong", "f3", line=3, why="nonce")]
    counted = score.reasons(score.join(found, read))
    assert counted == {("right", "fixture"): ["ada/shop"] * 2, ("wrong", "nonce"): ["ada/shop"]}


def secrets_of(*repositories: str, verdict: str = "right", reason: str = "it is a sample") -> Any:
    """Return one secret of low worth, and what a reader said of it, in each of some repositories."""
    low = {"worth": "low", "evidence": (reason,), "blocking": False}
    found = [finding(name, repository=name, **low) for name in repositories]
    return score.join(found, [label(verdict, name, repository=name) for name in repositories])


def test_a_reason_counts_in_a_repository_if_two_others_bear_it_out() -> None:
    assert left_out.stopped_unread(secrets_of("a/a", "b/b", "c/c")) == []
    assert len(left_out.stopped_unread(secrets_of("a/a", "b/b"))) == 2


def test_a_reason_with_a_worthy_secret_elsewhere_stops_nothing_from_stopping() -> None:
    judged = secrets_of("a/a", "b/b", "c/c") + secrets_of("d/d", verdict="worth")
    assert {one.found.repository for one in left_out.stopped_unread(judged)} == {"a/a", "b/b", "c/c"}
    said = left_out.by_reason(judged)["it is a sample"]
    assert (said.repositories, said.worthy_repositories, said.figures.worth) == (4, 1, 1)


def test_the_day_on_which_tokens_expired_makes_no_reason_of_its_own() -> None:
    judged = secrets_of("a/a", reason="it says that it expired on 2020-05-12")
    judged += secrets_of("b/b", reason="it says that it expired on 2018-10-15")
    assert list(left_out.by_reason(judged)) == ["it says that it expired"]


def test_only_secrets_that_are_sure_and_were_read_are_asked() -> None:
    found = [finding("f1", confidence="low"), finding("f2", line=2), finding("f3", stage="dockerfile", line=3)]
    assert left_out.sure_secrets(score.join(found, [])) == []
    read = [label("right", "f1"), label("right", "f2", line=2), label("right", "f3", line=3, stage="dockerfile")]
    assert [one.found.fingerprint for one in left_out.sure_secrets(score.join(found, read))] == ["f2"]


def test_a_worthy_finding_is_lost_unless_something_blocks_at_its_place() -> None:
    read = [label("worth"), label("worth", "f2", line=2), label("worth", "f3", line=3), label("right", "f4", line=4)]
    other_rule = finding("new", rule="SECRET-JWT", path="b.env", places=(("a.env", 1),))
    lost = score.lost([other_rule, finding("f2", line=2, blocking=False)], read)
    assert [one.fingerprint for one in lost.silent] == ["f2"]
    assert [one.fingerprint for one in lost.gone] == ["f3"]


def test_what_never_blocked_is_not_lost() -> None:
    assert score.lost([], [label("worth", blocking=False)]) == score.Lost([], [])


def test_what_changed_is_counted_in_both_directions() -> None:
    now = [finding("f1"), finding("f2", line=2), finding("new", line=4)]
    before = [finding("f2", line=2), finding("f3", line=3), finding("old", line=4)]
    more, less = score.changed(score.join(now, []), before)
    assert [one.found.fingerprint for one in more] == ["f1"]
    assert [one.fingerprint for one in less] == ["f3"]


def test_a_second_reading_measures_agreement_and_judges_nothing() -> None:
    read = [label("worth"), label("right", reading=2, reader="b")]
    assert [(one.label, other.label) for one, other in score.agreement(read)] == [("worth", "right")]
    assert score.join([finding()], read)[0].label == read[0]


def test_a_file_that_could_not_be_read_stops_a_run_once() -> None:
    error = {"title": "cannot be parsed", "message": "mend it", "path": "go.mod", "target": "shop"}
    report = {"findings": [], "stages": [{"name": "dependencies", "errors": [error, error]}]}
    (found,) = runs.found_in(report, SHOP)
    assert (found.rule, found.path, found.blocking) == (labels.UNREADABLE, "go.mod", True)
    said = label("wrong", "", stage="dependencies", rule=labels.UNREADABLE, path="go.mod", line=0)
    assert score.join([found], [said])[0].label == said


def test_a_report_is_made_at_the_commit_of_the_corpus_alone(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="not at commit 000"):
        runs.report_of(tmp_path, SHOP, tmp_path, None)
    (tmp_path / "ada+shop.json").write_text(json.dumps({"findings": [], "stages": []}))
    assert runs.report_of(tmp_path, SHOP, tmp_path, None) == {"findings": [], "stages": []}


def test_every_label_is_of_the_corpus_at_its_commit() -> None:
    corpus = {one.repository: one.commit for one in labels.read_repositories().values()}
    assert {one.repository for one in labels.read_labels() if corpus.get(one.repository) != one.commit} == set()


def test_a_finding_has_one_label_of_each_reading() -> None:
    keys = [(one.key, one.reading) for one in labels.read_labels()]
    assert len(keys) == len(set(keys))


def test_labels_are_words_and_hold_no_text_of_others() -> None:
    longest = max(labels.read_labels(), key=lambda one: len(one.why))
    assert len(longest.why) <= 24
    assert all(one.why.replace("-", "").isalpha() for one in labels.read_labels())


def test_the_corpus_is_split_in_halves() -> None:
    halves = [one.half for one in labels.read_repositories().values()]
    assert halves.count("first") == halves.count("second") == 69
    assert halves.count("third") == 40


def judged_in(repository: str, *verdicts: str, rule: str = "SECRET-KEYWORD") -> Any:
    """Return a finding of one rule for each verdict, in one repository."""
    names = [f"{repository} {rule} {number}" for number in range(len(verdicts))]
    found = [finding(name, repository=repository, rule=rule, line=n) for n, name in enumerate(names)]
    read = [label(one, name, repository=repository, rule=rule) for one, name in zip(verdicts, names, strict=True)]
    return score.join(found, read)


def test_a_rule_that_is_mostly_worth_nothing_elsewhere_warns_in_the_set_that_is_held_out() -> None:
    noisy, sharp = {"rule": "SECRET-NAMED-KEY"}, {"rule": "SECRET-AWS"}
    others = [*judged_in("a/a", "right", "wrong", **noisy), *judged_in("b/b", "right", "worth", **noisy)]
    others += [*judged_in("a/a", "worth", **sharp), *judged_in("b/b", "worth", "right", **sharp)]
    own = [*judged_in("c/c", "right", "worth", **noisy), *judged_in("c/c", "worth", **sharp)]
    sets = {"a/a": "first", "b/b": "first", "c/c": "second"}
    first, second = held_out.held_out([*others, *own], sets, held_out.WAYS["rule"])
    assert (second.before.findings, second.after.findings, len(second.lost)) == (3, 1, 1)
    assert second.after.worthy == 1.0
    assert first.after == first.before, "one repository is too few to learn from"


def test_the_trade_off_says_what_a_demand_gains_and_loses_in_sets_it_was_not_learnt_from() -> None:
    noisy, sharp = {"rule": "SECRET-NAMED-KEY"}, {"rule": "SECRET-AWS"}
    others = [*judged_in("a/a", "right", "wrong", **noisy), *judged_in("b/b", "right", "worth", **noisy)]
    own = [*judged_in("c/c", "right", "worth", **noisy), *judged_in("c/c", "worth", **sharp)]
    sets = {"a/a": "first", "b/b": "first", "c/c": "second"}
    points = trade_off.trade_off([*others, *own], sets, held_out.WAYS["rule"])
    assert points[0] == (0.0, 7, 3 / 7, 1.0), "without a demand all of it stops"
    assert (points[5].findings, points[5].worthy, points[5].kept) == (5, 2 / 5, 2 / 3)
    drawn = trade_off.plot({"rule": points})
    assert drawn.count("<circle") == len(points)
    assert "by rule" in drawn


def test_a_place_is_known_by_the_names_of_files() -> None:
    paths = ("src/Shop.java", "deploy/shop.yaml", "conf/.env.prod", "certs/shop.pem", "views/shop.html", "LICENSE")
    kinds = ["program", "what deploys", "settings", "key file", "page", "other"]
    assert [held_out.place_of(path) for path in paths] == kinds
