"""A version of a procedure as a checklist in Vietnamese, for people at the counter."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.catalogue.procedures import Procedure, Requirement
from dossier.catalogue.vocabulary import Vocabulary, vocabulary

_LIMITS = {"working": "ngày làm việc", "calendar": "ngày", "same-day": "ngày, trả ngay trong ngày khi có thể"}
_RESULTS = {"original": "bản gốc", "copy": "bản sao", "extract": "trích lục", "notice": "thông báo"}


def checklist(procedure: Procedure) -> str:
    """Lines of plain text: what the procedure is, what it asks for and when, what it gives."""
    return "\n".join(_lines(procedure, vocabulary())) + "\n"


def _lines(procedure: Procedure, words: Vocabulary) -> Iterator[str]:
    until = f"đến {procedure.valid_until:%d/%m/%Y}" if procedure.valid_until else "đến nay"
    yield f"{procedure.id} {procedure.title}"
    yield f"Phiên bản {procedure.version}, hiệu lực từ {procedure.valid_from:%d/%m/%Y} {until}"
    yield f"Nơi giải quyết: {procedure.agency}"
    yield f"Căn cứ: {'; '.join(procedure.legal_basis)}"
    yield f"Thời hạn: {_time_limit(procedure)}"
    titles = ", ".join(words.paper_title(type) for type in procedure.results)
    yield f"Kết quả: {procedure.result_title or titles} ({_RESULTS[procedure.result_is]})"
    yield ""
    if procedure.cases:
        yield f"Phải khai một trường hợp (facts): {_cases(procedure.cases, words)}"
    if not procedure.requirements:
        yield "Thành phần hồ sơ: không có giấy tờ."
        yield f"Dữ liệu lấy từ: {_sources(procedure.data_from, words)}"
    for number, requirement in enumerate(procedure.requirements, 1):
        yield f"{number}. [ ] {requirement.title}"
        yield from (f"       {line}" for line in _details(requirement, words))
    if procedure.optional:
        yield f"Có thì nhận, không đòi: {', '.join(map(words.paper_title, procedure.optional))}"
    yield from (f"Lưu ý: {note}" for note in procedure.notes)
    yield from (f"Chưa chắc: {doubt}" for doubt in procedure.unsure)


def _time_limit(procedure: Procedure) -> str:
    if procedure.time_limit_days is None:
        return "chưa rõ"
    checking = procedure.time_limit_checking
    longer = f"; khi phải xác minh không quá {checking} ngày" if checking is not None else ""
    return f"{procedure.time_limit_days} {_LIMITS[procedure.time_limit_kind]}{longer}"


def _details(one: Requirement, words: Vocabulary) -> Iterator[str]:
    if one.when:
        yield f"chỉ khi: {_cases(one.when, words)}"
    if one.unless:
        yield f"trừ khi: {_cases(one.unless, words)}"
    if len(one.types) > 1:
        kinds = "; ".join(map(words.paper_title, one.types))
        yield f"{'một trong' if one.mode == 'ONE_OF' else 'tất cả'}: {kinds}"
    counts = [f"{n} {kind}" for n, kind in ((one.originals, "bản chính"), (one.copies, "bản sao")) if n]
    yield ", ".join(counts) + (
        " (chỉ xuất trình)" if one.presented else " (nộp bản gốc)" if one.surrendered else ""
    )
    if one.certified:
        but = f", trừ khi {_cases(one.certified_unless, words)}" if one.certified_unless else ""
        yield f"có công chứng hoặc chứng thực{but}"
    if one.holder:
        yield f"của: {one.holder}"
    if one.lookup:
        yield f"tra cứu thay được: {_sources(one.lookup, words)}"
    if one.severity != "BLOCK":
        yield f"thiếu thì: {'người xem' if one.severity == 'WARN' else 'chỉ ghi nhận'}"
    if one.unsure:
        yield f"chưa chắc: {one.unsure}"


def _cases(facts: tuple[str, ...], words: Vocabulary) -> str:
    return "; ".join(f"{words.facts[one].title} ({one})" if one in words.facts else one for one in facts)


def _sources(sources: tuple[str, ...], words: Vocabulary) -> str:
    return ", ".join(words.sources[one].title if one in words.sources else one for one in sources)
