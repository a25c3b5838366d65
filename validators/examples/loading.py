"""Reading the example files: a rule's examples, each whole, from what it changes in a faultless dossier."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError, field_validator

from dossier.errors import ConfigurationError
from dossier.model import Severity, Verdict, places
from validators.examples.dossier import DossierSpec
from validators.examples.papers import Spec

FOLDER = Path(__file__).parent
DOSSIERS = FOLDER / "dossiers"
VERDICTS: Mapping[str, Verdict] = {
    "Đạt": "PASS",
    "Không đạt": "FAIL",
    "Chưa xác định": "UNKNOWN",
    "Không áp dụng": "NOT_APPLICABLE",
}
"""The four verdicts as the receipts call them."""
_PAPERS, _FIELDS, _VALUE = "giấy", "trường", "giá trị"
_BASE, _CHANGE = "hồ sơ mẫu", "thay đổi"
_WITHOUT_PAPERS, _WITHOUT_FIELDS = "bỏ giấy", "bỏ trường"
_OF_A_VALUE = ("nguồn", "in là", "tin cậy")
"""What was said of an old value does not hold of a new one."""


class Example(Spec):
    """One example. story: one Vietnamese sentence. dossier: whole, with the change made.

    severity: of the finding that decides, where it is not the rule's own. also: other BLOCK rules that this dossier
    fails, with why it cannot be otherwise.
    """

    verdict: Verdict = Field(alias="kết luận")
    story: str = Field(alias="tình huống", min_length=20)
    dossier: DossierSpec = Field(alias="hồ sơ")
    severity: Severity | None = Field(default=None, alias="mức")
    also: dict[str, str] = Field(default={}, alias="kéo theo")

    @field_validator("verdict", mode="before")
    @classmethod
    def _in_english(cls, told: object) -> object:
        if told not in VERDICTS:
            raise ValueError(f"one of {', '.join(VERDICTS)}")
        return VERDICTS[str(told)]


class RuleExamples(Spec):
    """All examples of a rule. cannot: verdicts that it never gives, each with why."""

    rule: str = Field(alias="quy tắc")
    examples: tuple[Example, ...] = Field(alias="ví dụ")
    cannot: dict[Verdict, str] = Field(default={}, alias="không xảy ra")

    @field_validator("cannot", mode="before")
    @classmethod
    def _in_english(cls, told: object) -> object:
        return {VERDICTS.get(str(k), k): v for k, v in told.items()} if isinstance(told, dict) else told


def examples_of(rule: str, folder: Path = FOLDER) -> RuleExamples | None:
    """The examples of a rule, None if it has none. Raises ConfigurationError naming file and key."""
    path = folder / f"{rule}.yaml"
    return read_examples(path) if path.is_file() else None


def read_examples(path: Path, dossiers: Path = DOSSIERS) -> RuleExamples:
    """The examples in a file. Raises ConfigurationError naming file and key."""
    raw = _yaml(path)
    try:
        whole = {**raw, "ví dụ": [_whole(entry, dossiers) for entry in _list(raw.get("ví dụ"))]}
        found = RuleExamples.model_validate(whole)
    except ValidationError as error:
        raise ConfigurationError("examples-invalid", f"{path.name}: {places(error)}") from None
    except ValueError as error:
        raise ConfigurationError("examples-invalid", f"{path.name}: {error}") from None
    if found.rule != path.stem:
        raise ConfigurationError(
            "examples-invalid", f"{path.name}: rule {found.rule!r} is not the file's name"
        )
    return found


def base_dossiers(folder: Path = DOSSIERS) -> dict[str, DossierSpec]:
    """The faultless dossiers by name. Raises ConfigurationError naming file and key."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            found[path.stem] = DossierSpec.model_validate(_yaml(path))
        except ValidationError as error:
            raise ConfigurationError("examples-invalid", f"{path.name}: {places(error)}") from None
    return found


def _whole(entry: Any, dossiers: Path) -> dict[str, Any]:
    """The example with its dossier in full in the place of the dossier's name and the change. Raises ValueError."""
    told = {key: value for key, value in _mapping(entry).items() if key not in (_BASE, _CHANGE)}
    bases = {path.stem: path for path in dossiers.glob("*.yaml")}
    name = entry.get(_BASE, "khai-sinh")
    if not isinstance(name, str) or name not in bases:
        raise ValueError(f"no faultless dossier is called {name!r}")
    return {**told, "hồ sơ": _changed(_yaml(bases[name]), _mapping(entry.get(_CHANGE)))}


def _changed(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """The dossier with papers and their fields changed one by one, every other key replaced; an empty one left out."""
    papers = _without(_mapping(base.get(_PAPERS)), change.get(_WITHOUT_PAPERS))
    for id, told in _mapping(change.get(_PAPERS)).items():
        papers[id] = _paper(_mapping(papers.get(id)), _mapping(told))
    rest = {key: value for key, value in change.items() if key not in (_PAPERS, _WITHOUT_PAPERS)}
    whole = {**base, **rest, _PAPERS: papers}
    return {key: value for key, value in whole.items() if value != ""}


def _paper(old: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    fields = _without(_mapping(old.get(_FIELDS)), told.get(_WITHOUT_FIELDS))
    for name, value in _mapping(told.get(_FIELDS)).items():
        fields[name] = _field(fields.get(name), value)
    rest = {key: value for key, value in told.items() if key not in (_FIELDS, _WITHOUT_FIELDS)}
    return {**old, **rest, _FIELDS: fields}


def _field(old: Any, told: Any) -> Any:
    if not isinstance(told, dict) or old is None:
        return told
    before = old if isinstance(old, dict) else {_VALUE: old}
    if _VALUE in told:
        before = {key: value for key, value in before.items() if key not in _OF_A_VALUE}
    return {**before, **told}


def _without(entries: dict[str, Any], names: Any) -> dict[str, Any]:
    for name in _list(names):
        if not isinstance(name, str) or name not in entries:
            raise ValueError(f"there is no {name!r} to leave out")
    return {name: entry for name, entry in entries.items() if name not in _list(names)}


def _mapping(told: Any) -> dict[str, Any]:
    if told is None or told == "":
        return {}
    if not isinstance(told, dict):
        raise ValueError(f"{str(told)[:40]!r} is not a mapping")
    return told


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [] if told is None else [told]


def _yaml(path: Path) -> dict[str, Any]:
    """A file's mapping with every scalar as text, so that dates, numbers and IDs stay as they were written."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError("examples-invalid", f"{path.name}: {error}") from None
    if not isinstance(raw, dict):
        raise ConfigurationError("examples-invalid", f"{path.name}: not a mapping")
    return raw
