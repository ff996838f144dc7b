"""Findings of an input as words and as a document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from splitship.cli.console import counted, say, say_findings
from splitship.errors import Finding, InputError

_MORE = re.compile(r"\.\.\. and (\d+) more")


def count_findings(findings: Iterable[Finding], severity: str) -> int:
    """How many findings there were of a severity, those included that are only counted ("... and 5 more")."""
    total = 0
    for finding in findings:
        if finding.severity == severity:
            more = _MORE.fullmatch(finding.message)
            total += int(more[1]) if more else 1
    return total


def count_text(findings: Iterable[Finding]) -> str:
    """`2 faults, 1 warning`."""
    listed = list(findings)
    faults, warnings = (count_findings(listed, severity) for severity in ("error", "warning"))
    return counted(faults, "fault") + (f", {counted(warnings, 'warning')}" if warnings else "")


def findings_document(pack: str, findings: Iterable[Finding]) -> dict[str, Any]:
    """Schema `splitship.findings/1`. `faults` and `warnings` count all, `findings` lists at most twenty of a kind."""
    listed = list(findings)
    return {
        "schema": "splitship.findings/1",
        "pack": pack,
        "faults": count_findings(listed, "error"),
        "warnings": count_findings(listed, "warning"),
        "findings": [
            {
                "where": finding.where,
                "severity": finding.severity,
                "code": finding.code,
                "field": finding.field,
                "message": finding.message,
                "hint": finding.hint,
            }
            for finding in listed
        ],
    }


def say_input_error(error: InputError) -> None:
    """Everything that is wrong, then how much it is."""
    say_findings(error.findings)
    say(f"splitship: {count_text(error.findings)}; nothing was done")
