"""Findings on an image as a whole: without a file, the same wherever the image was read from."""

from gate.model import Finding, Fix, Location, RuleDescription, fingerprint


def finding_on_image(about: RuleDescription, target: str, message: str) -> Finding:
    """Return the finding of a rule on the image that reports call `target`."""
    return Finding(
        stage=about.stage,
        rule=about.id,
        severity=about.severity,
        title=about.title,
        message=message,
        fingerprint=fingerprint(about.stage, about.id, None),
        fix=Fix(description=about.mend),
        location=Location(target=target),
    )
