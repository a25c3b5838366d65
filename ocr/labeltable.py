"""The table of a document type's printed labels: what each text may stand for.

Labels are matched on folded letters only. What many papers share (`dossier/catalogue/labels.yaml`) is known on every
paper, as the end of the value before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dossier.catalogue.documents import DocumentType, shared_labels
from dossier.reading import Word
from dossier.text.vietnamese import tone_key
from ocr.letters import letters, mixed_capitals

TELLING = 8
"""Letters of a label from which it may tell a part by itself; `Số` and `Tại` stand everywhere."""


@dataclass
class Label:
    """A label text: the fields it may stand for, the part it opens, whether it only ends a value or is a heading.

    telling: no other part and no other paper has such a label, so it tells the part that it stands in.
    foreign: a label of other papers. It ends a value, but only where a label is sure to stand.
    """

    key: str
    capitals: bool
    mixed: bool
    printed: set[str] = field(default_factory=set)
    fields: list[str] = field(default_factory=list)
    opens: str | None = None
    words_of: list[str] = field(default_factory=list)
    heading: bool = False
    foreign: bool = False
    telling: bool = False

    def as_printed(self, words: Iterable[Word]) -> bool:
        """With its marks: `SỞ` is no `Số`."""
        return tone_key(" ".join(word.text for word in words)) in self.printed


def label_table(document: DocumentType) -> dict[str, Label]:
    """Every label text that may stand on such a paper, by its letters."""
    table: dict[str, Label] = {}

    def entry(text: str) -> Label:
        key = letters(text)
        label = table.setdefault(key, Label(key, text == text.upper(), mixed_capitals(text.split())))
        label.printed.add(tone_key(text))
        return label

    for name, spec in document.fields.items():
        for text in spec.labels:
            label = entry(text)
            label.fields += [name] if name not in label.fields else []
        for text in spec.options.get("words", ()):
            entry(text).words_of.append(name)
    for section, texts in document.options.get("sections", {}).items():
        for text in texts:
            entry(text).opens = section
    shared = {letters(text) for texts in shared_labels().values() for text in texts}
    for text in document.options.get("stops", ()):
        known = letters(text) in table
        entry(text).foreign = not known and letters(text) in shared
    for text in document.titles:  # `TÌNH TRẠNG HÔN NHÂN` in a heading is no label
        if letters(text) not in table:
            entry(text).heading = True
    for label in table.values():
        parts = {document.fields[name].options.get("section") for name in label.fields}
        label.telling = len(parts) == 1 and len(label.key) >= TELLING and label.key not in shared
    for texts in shared_labels().values():
        for text in texts:
            if letters(text) not in table:
                entry(text).foreign = True
    return table
