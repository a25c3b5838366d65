"""Who may read Delta tables: one identity for each target of that kind. It reads these tables and nothing else.

A table's log tells the smallest and largest value of each column in each file, so who reads it sees a little of every
office in it. For people of one office only, declare a target with just that office.
"""

from __future__ import annotations

from typing import Any

from dossier.settings import Settings
from storage.buckets import ANALYTICS


def analyst(target: str) -> str:
    """The name of the identity that reads this target's tables."""
    return f"analyst-{target}"


def analyst_policies(settings: Settings) -> dict[str, dict[str, Any]]:
    """By identity, for every target of the kind `delta`."""
    return {
        analyst(name): analyst_policy(settings.store.prefix, name)
        for name, target in settings.targets.items()
        if target.kind == "delta"
    }


def analyst_policy(prefix: str, target: str) -> dict[str, Any]:
    """What a reader of these tables may do: list and read them. As IAM policy for other stores too."""
    bucket = f"arn:aws:s3:::{prefix}{ANALYTICS}"
    within = {"StringLike": {"s3:prefix": [f"{target}/*"]}}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [f"{bucket}/{target}/*"]},
            {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [bucket], "Condition": within},
        ],
    }
