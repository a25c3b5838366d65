"""Checks of what a version asks for: every name is known, every condition can come true, nothing contradicts itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from dossier.catalogue.checks import Catalogue, Problem, check
from dossier.catalogue.procedures import Procedure, Requirement
from dossier.catalogue.vocabulary import Vocabulary

RESERVED = frozenset({"result", "extra"})
"""Roles of papers that no requirement may be called."""


@check("unknown-type")
def _unknown_type(catalogue: Catalogue) -> Iterator[Problem]:
    for file, version, requirement in catalogue.requirements():
        for type in requirement.types:
            if not catalogue.words.knows(type):
                text = f"Không có loại giấy “{type}” trong documents/ hay papers.yaml."
                yield Problem("unknown-type", file, text, version.version, requirement.id)
    for file, version in catalogue.versions():
        for type in version.optional:
            if not catalogue.words.knows(type):
                text = f"optional: không có loại giấy “{type}” trong documents/ hay papers.yaml."
                yield Problem("unknown-type", file, text, version.version)


@check("type-told-twice")
def _type_told_twice(catalogue: Catalogue) -> Iterator[Problem]:
    for type in sorted(catalogue.words.types.keys() & catalogue.words.papers.keys()):
        text = f"“{type}” đã có mẫu đọc trong documents/: bỏ dòng của nó đi."
        yield Problem("type-told-twice", "papers.yaml", text)


@check("unknown-fact")
def _unknown_fact(catalogue: Catalogue) -> Iterator[Problem]:
    for file, version, requirement in catalogue.requirements():
        for fact in _facts(requirement):
            if fact not in catalogue.words.facts:
                text = f"Không có điều kiện “{fact}” trong facts.yaml."
                yield Problem("unknown-fact", file, text, version.version, requirement.id)
    for file, version in catalogue.versions():
        for fact in version.cases:
            if fact not in catalogue.words.facts:
                text = f"cases: không có điều kiện “{fact}” trong facts.yaml."
                yield Problem("unknown-fact", file, text, version.version)


def _facts(requirement: Requirement) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*requirement.when, *requirement.unless, *requirement.certified_unless)))


@check("unknown-source")
def _unknown_source(catalogue: Catalogue) -> Iterator[Problem]:
    for file, version in catalogue.versions():
        named = [(source, "") for source in version.data_from]
        named += [(source, one.id) for one in version.requirements for source in one.lookup]
        for source, requirement in named:
            if source not in catalogue.words.sources:
                text = f"Không có nguồn tra cứu “{source}” trong sources.yaml."
                yield Problem("unknown-source", file, text, version.version, requirement)


@check("result")
def _result(catalogue: Catalogue) -> Iterator[Problem]:
    """A result is of a known type, and of one that is read, unless the version says why it is not."""
    for file, version in catalogue.versions():
        unread = [type for type in version.results if type in catalogue.words.papers]
        for type in version.results:
            if not catalogue.words.knows(type):
                yield Problem("result", file, f"Không có loại kết quả “{type}”.", version.version)
        if unread and not version.result_unread:
            text = f"Kết quả “{unread[0]}” chưa có mẫu đọc: viết mẫu, hoặc nói lý do ở result_unread."
            yield Problem("result", file, text, version.version)
        if version.result_unread and not unread:
            text = "result_unread: mọi loại kết quả đều đã có mẫu đọc, bỏ khóa này."
            yield Problem("result", file, text, version.version)
        if not version.results and not version.result_title:
            yield Problem(
                "result", file, "Không có kết quả nào; ghi results hoặc result_title.", version.version
            )


@check("unreachable")
def _unreachable(catalogue: Catalogue) -> Iterator[Problem]:
    for file, version, requirement in catalogue.requirements():
        for text in _never(version, requirement, catalogue.words):
            yield Problem("unreachable", file, text, version.version, requirement.id)


def _never(version: Procedure, requirement: Requirement, words: Vocabulary) -> Iterator[str]:
    """Why the requirement can never apply."""
    for fact in requirement.when:
        if fact in requirement.unless:
            yield f"“{fact}” vừa là when vừa là unless: không bao giờ áp dụng."
        if fact in words.facts and not _can_be_told(fact, version, words):
            yield f"Không ai khai được “{fact}”: không giấy nào của thủ tục có trường đó."
    groups: dict[str, set[str]] = defaultdict(set)
    for fact in requirement.when:
        if (known := words.facts.get(fact)) and known.group:
            groups[known.group].add(fact)
    for facts in groups.values():
        if len(facts) > 1:
            yield f"{', '.join(sorted(facts))} loại trừ nhau: không bao giờ cùng đúng."


def _can_be_told(fact: str, version: Procedure, words: Vocabulary) -> bool:
    known = words.facts[fact]
    asked = {type for one in version.requirements for type in one.types} | set(version.optional)
    return known.told_by == "manifest" or any(
        clue.type in asked and clue.type in words.types and clue.field in words.types[clue.type].fields
        for clue in known.clues
    )


@check("fact")
def _fact(catalogue: Catalogue) -> Iterator[Problem]:
    """Each clue of facts.yaml points at a field that is read, and has what its test needs."""
    for id, fact in catalogue.words.facts.items():
        if (fact.told_by == "paper") != bool(fact.clues):
            yield Problem("fact", "facts.yaml", f"{id}: told_by paper thì cần clues, và ngược lại.")
        for clue in fact.clues:
            known = catalogue.words.types.get(clue.type)
            if known is None or clue.field not in known.fields:
                yield Problem("fact", "facts.yaml", f"{id}: không có trường {clue.type}.{clue.field}.")
            if (clue.test == "younger-than" and clue.value is None) or (
                clue.test == "only" and not clue.values
            ):
                yield Problem("fact", "facts.yaml", f"{id}: {clue.test} thiếu value hoặc values.")
    used = {fact for _, _, one in catalogue.requirements() for fact in _facts(one)}
    for _, version in catalogue.versions():
        if gone := set(version.cases) & set(catalogue.words.facts) - used:
            text = f"cases: không thành phần nào phụ thuộc {', '.join(sorted(gone))}."
            yield Problem("fact", f"{version.id}.yaml", text, version.version)


@check("duplicate")
def _duplicate(catalogue: Catalogue) -> Iterator[Problem]:
    for file, version in catalogue.versions():
        for id, times in Counter(one.id for one in version.requirements).items():
            if times > 1:
                yield Problem("duplicate", file, f"Có {times} thành phần cùng mã.", version.version, id)
        asked = {type for one in version.requirements for type in one.types if not one.when}
        for type in version.optional:
            if type in asked:
                text = f"optional: “{type}” đã là thành phần bắt buộc."
                yield Problem("duplicate", file, text, version.version)
        for requirement in version.requirements:
            if len(set(requirement.types)) < len(requirement.types):
                yield Problem(
                    "duplicate", file, "types ghi một loại hai lần.", version.version, requirement.id
                )
            if requirement.id in RESERVED:
                text = f"“{requirement.id}” là vai trò dành riêng, đặt mã khác."
                yield Problem("duplicate", file, text, version.version, requirement.id)


@check("choice")
def _choice(catalogue: Catalogue) -> Iterator[Problem]:
    """ONE_OF leaves a choice; what asks for no paper is met by a lookup; as many papers are asked for as make sense."""
    for file, version, one in catalogue.requirements():
        if one.mode == "ONE_OF" and len(one.types) < 2:
            text = f"ONE_OF chỉ có {len(one.types)} loại: không có gì để chọn."
            yield Problem("choice", file, text, version.version, one.id)
        elif not one.types and not one.lookup:
            text = "Không có types mà cũng không có lookup: không gì đáp ứng được."
            yield Problem("choice", file, text, version.version, one.id)
        if one.types and not one.wanted:
            yield Problem("choice", file, "originals và copies đều bằng 0.", version.version, one.id)
        if one.certified_unless and not one.certified:
            text = "certified_unless chỉ có nghĩa khi certified: true."
            yield Problem("choice", file, text, version.version, one.id)


@check("unsure-blocks")
def _unsure_blocks(catalogue: Catalogue) -> Iterator[Problem]:
    for file, version, one in catalogue.requirements():
        if one.unsure and one.severity == "BLOCK":
            text = "Dựa trên điều chưa chắc (unsure) thì không được chặn: đặt severity: WARN hoặc INFO."
            yield Problem("unsure-blocks", file, text, version.version, one.id)
