"""Prints the numbers of a JSON report as outputs of a step: `python3 -I counts.py REPORT.json`."""

import json
import sys

SEVERITIES = ("critical", "high", "medium", "low", "info")

with open(sys.argv[1], encoding="utf-8") as file:
    findings = json.load(file)["findings"]
print(f"findings={len(findings)}")
print(f"blocking={sum(finding['blocking'] for finding in findings)}")
print(f"new={sum(finding['status'] == 'new' for finding in findings)}")
for severity in SEVERITIES:
    print(f"{severity}={sum(finding['severity'] == severity for finding in findings)}")
