#!/usr/bin/env bash
# Runs the gate with the action's inputs (INPUT_…) and turns its exit status into outputs and a step summary.
set -eEuo pipefail
trap 'echo "::error::There is no verdict: line $LINENO of judge.sh failed."; exit 3' ERR # 1 would be a failed policy

gate=${INPUT_GATE:-gate}
reports=${INPUT_REPORTS:-$RUNNER_TEMP/gate-reports}
most_summary=1000000 # bytes; GitHub drops a summary of more than 1 MiB
options=()

# Adds OPTION=LINE for every line that is not empty.
add() {
    local line
    while IFS= read -r line; do
        [ -z "$line" ] || options+=("$1=$line")
    done <<<"$2"
}

# `=` joins a value to its option and `--` ends them: a value that starts with a dash stays a value.
collect_options() {
    add --image "$INPUT_IMAGES"
    add --stage "$INPUT_STAGES"
    add --config "$INPUT_CONFIG"
    add --policy "$INPUT_POLICY"
    add --since "$INPUT_SINCE"
    add --trust "${INPUT_TRUST:-}"
    add --advisories "$INPUT_ADVISORIES"
    [ "$INPUT_OFFLINE" != true ] || options+=(--offline)
    options+=(
        "--report=json=$reports/gate.json" "--report=junit=$reports/junit.xml"
        "--report=sarif=$reports/gate.sarif" "--report=markdown=$reports/gate.md"
        "--report=html=$reports/gate.html" "--report=github=$reports/annotations"
    )
    options+=(--)
    local target
    while IFS= read -r target; do
        [ -z "$target" ] || options+=("$target")
    done <<<"$INPUT_TARGETS"
}

# A status without a report is no verdict: the gate did not come so far.
# verdict_of STATUS
verdict_of() {
    case $([ ! -e "$reports/gate.json" ] || echo "$1") in
        0) echo pass ;;
        1) echo fail ;;
        3) echo incomplete ;;
        *) echo error ;;
    esac
}

# Jobs of a matrix, and uses of the action in one job, may not share an artifact's name: it ends with the page's digest.
artifact_name() {
    local digest
    digest=$(sha256sum <"$reports/gate.html")
    echo "gate-report-${GITHUB_JOB:-job}-${digest:0:12}"
}

# write_outputs STATUS VERDICT
write_outputs() {
    {
        echo "verdict=$2"
        echo "exit-status=$1"
        echo "json=$reports/gate.json"
        echo "junit=$reports/junit.xml"
        echo "sarif=$reports/gate.sarif"
        echo "html=$reports/gate.html"
        [ ! -e "$reports/gate.html" ] || echo "artifact=$(artifact_name)"
        [ ! -e "$reports/gate.json" ] || python3 -I "$GITHUB_ACTION_PATH/counts.py" "$reports/gate.json"
    } >>"$GITHUB_OUTPUT"
}

# write_summary STATUS VERDICT
write_summary() {
    if [ ! -e "$reports/gate.md" ]; then
        echo "**Security gate: $2** (exit status $1; no report was written, see the log)"
    elif [ "$(wc -c <"$reports/gate.md")" -gt "$most_summary" ]; then
        echo "**Security gate: $2** (the report is too long for a summary; see gate.md in the reports)"
    else
        cat "$reports/gate.md"
    fi >>"$GITHUB_STEP_SUMMARY"
}

mkdir -p "$reports"
rm -f "$reports"/{gate.json,junit.xml,gate.sarif,gate.md,gate.html,annotations}
collect_options
status=0
"$gate" run "${options[@]}" || status=$?
verdict=$(verdict_of "$status")
if [ "$verdict" = error ] && [ "$status" -lt 2 ]; then
    echo "::error::The gate ended without a report (status $status)."
    status=3
fi
write_outputs "$status" "$verdict"
write_summary "$status" "$verdict"
# Last, so that the terminal's report is not torn apart; GitHub turns these lines into annotations.
[ "$INPUT_ANNOTATIONS" = false ] || cat "$reports/annotations" 2>/dev/null || true
if [ "$verdict" = fail ] && [ "$INPUT_FAIL_ON_FINDINGS" = false ]; then
    echo "::notice::The policy fails this, but fail-on-findings is off."
    exit 0
fi
exit "$status"
