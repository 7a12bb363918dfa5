"""Is what blocks right, and worth stopping a person for? The gate's verdict on public repositories, beside readers'.

    python -m benchmarks.truth FOLDER … --reports KEPT [--advisories BUCKET] [--since KEPT] [--plot FILE] [--rules]

FOLDER is a checkout of a repository of `repositories.jsonl` at its commit, called OWNER+NAME; nothing is fetched.
Without `--advisories` the dependencies stage is left out. Reports are written to KEPT, and those that lie there are not
made again: give each version of the gate a folder of its own. `--since` is such a folder of another version, and what
blocks now and did not there, or the other way round, is printed. `--plot` writes the calibration as an SVG.
`--held-out` prints which rules, places and reasons block without being worth it, by the labels of the other sets;
`--trade-off` writes as an SVG, and prints, what demanding more of reasons would gain and lose.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

from benchmarks.truth.held_out import WAYS, HeldOut, held_out, not_borne_out
from benchmarks.truth.labels import UNREADABLE, Label, Repository, read_labels, read_repositories
from benchmarks.truth.left_out import by_reason, stopped_unread, sure_secrets
from benchmarks.truth.plot import calibration
from benchmarks.truth.runs import STAGES, Found, found_in, report_of
from benchmarks.truth.score import Figures, Judged, agreement, by, changed, evenly, figures, join, lost, reasons
from benchmarks.truth.trade_off import plot, trade_off

_HEADER = "findings | read | worth stopping | right, not worth it | wrong | right, % | worth, %"


def main() -> None:
    options = _options()
    corpus = read_repositories()
    options.reports.mkdir(parents=True, exist_ok=True)
    roots = {root: _repository(root, corpus) for root in options.folders}
    found = _found(roots, options.reports, options.advisories)
    names = {repository.repository for repository in roots.values()}
    labels = [label for label in read_labels() if label.repository in names]
    judged = join(found, labels)
    _print_figures(judged, options.rules)
    _print_unreadable(judged)
    _print_lost(found, labels)
    _print_agreement(labels)
    if options.held_out:
        _print_held_out(judged, {one.repository: one.half for one in roots.values()})
    if options.trade_off:
        options.trade_off.write_text(_trade_off(judged, {one.repository: one.half for one in roots.values()}))
    if options.plot:
        options.plot.write_text(calibration(judged))
    if options.since:
        _print_changes(judged, _found(roots, options.since, options.advisories), labels)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--reports", type=Path, required=True, metavar="KEPT")
    parser.add_argument("--advisories", type=Path, metavar="BUCKET")
    parser.add_argument("--since", type=Path, metavar="KEPT")
    parser.add_argument("--plot", type=Path, metavar="FILE")
    parser.add_argument("--trade-off", type=Path, metavar="FILE")
    parser.add_argument("--rules", action="store_true", help="the figures of each rule and reason too")
    parser.add_argument("--held-out", action="store_true", help="what blocks for nothing, by the labels of other sets")
    return parser.parse_args()


def _repository(root: Path, corpus: dict[str, Repository]) -> Repository:
    repository = corpus.get(root.resolve().name)
    if not repository:
        raise SystemExit(f"{root} is none of the corpus's repositories")
    return repository


def _found(roots: dict[Path, Repository], reports: Path, advisories: Path | None) -> list[Found]:
    found: list[Found] = []
    for root, repository in roots.items():
        found += found_in(report_of(root, repository, reports, advisories), repository)
    return found


def _print_figures(judged: list[Judged], rules: bool) -> None:
    blocking = [one for one in judged if one.found.blocking]
    warning = [one for one in judged if not one.found.blocking]
    repositories = {one.found.repository for one in blocking}
    print(f"{len(blocking)} findings stop {len(repositories)} repositories; {len(warning)} are reported and pass.\n")
    _print_table("what stops, by stage", by(blocking, lambda one: (one.stage,)) | {("all",): figures(blocking)})
    _print_evenly(blocking)
    _print_table("what passes, by stage", by(warning, lambda one: (one.stage,)))
    _print_table("confidence of what stops", by(blocking, lambda one: (one.stage, one.confidence)))
    if rules:
        _print_table("what stops, by rule", by(_other_than_advisories(blocking), lambda one: (one.stage, one.rule)))
        _print_reasons(blocking)
        _print_low_worth(sure_secrets(judged))


def _print_held_out(judged: list[Judged], set_of: dict[str, str]) -> None:
    blocking = [one for one in judged if one.found.blocking and one.label]
    for name, way in WAYS.items():
        _print_table(f"what stops, by {name}", by(blocking, way))
        listed = sorted(", ".join(group) for group in not_borne_out(blocking, way))
        print("Mostly for nothing, in two repositories or more:", *listed, sep="\n    ", end="\n\n")
        _print_sets(name, held_out(blocking, set_of, way))


def _trade_off(judged: list[Judged], set_of: dict[str, str]) -> str:
    """Print the points of each way to group what blocks, and return them as an SVG."""
    blocking = [one for one in judged if one.found.blocking and one.label]
    curves = {name: trade_off(blocking, set_of, way) for name, way in WAYS.items()}
    print("| warns if worth it in less than | grouped by | stop | worth, % | worthy kept, % |")
    print(f"|{' --- |' * 5}")
    for name, points in curves.items():
        for point in points:
            shares = f"{_percent(point.worthy)} | {_percent(point.kept)}"
            print(f"| {point.demand:.0%} | {name} | {point.findings} | {shares} |")
    print()
    return plot(curves)


def _print_sets(name: str, sets: list[HeldOut]) -> None:
    print(f"| by {name}, of the other sets | stop | worth, % | would stop | right, % | worth, % | worthy lost |")
    print(f"|{' --- |' * 7}")
    for one in sets:
        before, after = one.before, one.after
        counts = f"{before.findings} | {_percent(before.worthy)} | {after.findings} | {_percent(after.precision)}"
        print(f"| {one.name} | {counts} | {_percent(after.worthy)} | {len(one.lost)} |")
    print()


def _print_reasons(blocking: list[Judged]) -> None:
    print("| what stops: label | why | findings | repositories |\n| --- | --- | --- | --- |")
    for (label, why), repositories in reasons(blocking).items():
        print(f"| {label} | {why} | {len(repositories)} | {len(set(repositories))} |")
    print()


def _print_low_worth(secrets: list[Judged]) -> None:
    print("| why a secret is of low worth | findings | repositories | worth stopping | right, not worth it | wrong |")
    print("| --- | --- | --- | --- | --- | --- |")
    for reason, said in by_reason(secrets).items():
        counts = said.figures
        print(
            f"| {reason} | {counts.findings} | {said.repositories} | {counts.worth} | {counts.right} | {counts.wrong} |"
        )
    print()
    unread = stopped_unread(secrets)
    _print_table("secrets, each repository by what the others bear out", {("all",): figures(unread)})
    print(f"{len({one.found.repository for one in unread})} repositories, each the same: {evenly(unread)}\n")


def _other_than_advisories(judged: list[Judged]) -> list[Judged]:
    return [one for one in judged if one.found.stage != "dependencies" or one.found.rule.startswith(("GP", UNREADABLE))]


def _print_table(title: str, rows: dict[tuple[str, ...], Figures]) -> None:
    print(f"| {title} | {_HEADER} |\n| --- |{' --- |' * 7}")
    for name, one in rows.items():
        counts = f"{one.findings} | {one.labelled} | {one.worth} | {one.right} | {one.wrong}"
        print(f"| {', '.join(name)} | {counts} | {_percent(one.precision)} | {_percent(one.worthy)} |")
    print()


def _print_evenly(blocking: list[Judged]) -> None:
    print("| each repository counts the same | repositories | right, % | worth, % |\n| --- | --- | --- | --- |")
    for stage in STAGES:
        count, precision, worthy = evenly(one for one in blocking if one.found.stage == stage)
        print(f"| {stage} | {count} | {_percent(precision)} | {_percent(worthy)} |")
    print()


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}".rstrip("%")


def _print_unreadable(judged: list[Judged]) -> None:
    _print_places(
        "cannot be read, which ends the run in exit status 3", (one.found for one in judged if _ends_in_3(one))
    )


def _ends_in_3(judged: Judged) -> bool:
    return judged.found.rule == UNREADABLE


def _print_lost(found: list[Found], labels: list[Label]) -> None:
    missing = lost(found, labels)
    _print_places("worthy, and no longer blocking", missing.silent)
    _print_places("worthy, and no longer reported", missing.gone)


def _print_places(title: str, findings: Iterable[Found | Label]) -> None:
    places = [f"    {one.repository} {one.path}:{one.line} {one.rule}" for one in findings]
    print(f"{len(places)} {title}", *places, sep="\n", end="\n\n")


def _print_agreement(labels: list[Label]) -> None:
    pairs = agreement(labels)
    same = sum(one.label == other.label for one, other in pairs)
    print(f"{len(pairs)} findings were read by two; of {same} they say the same.\n")


def _print_changes(judged: list[Judged], before: list[Found], labels: list[Label]) -> None:
    more, less = changed(judged, before)
    _print_table("blocks now, and did not", by(more, _rule_of))
    _print_table("blocked, and does not now", by(join(less, labels), _rule_of))


def _rule_of(found: Found) -> tuple[str, ...]:
    """Return stage and rule; all advisories are one, as each names a few findings at most."""
    return (found.stage,) if found.stage == "dependencies" else (found.stage, found.rule)


if __name__ == "__main__":
    main()
