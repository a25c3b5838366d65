"""Every field reader: importing this registers them. A new reader is one module and its line here."""

from ocr.readers import body, card, decree30, label, numbered, numbering, pattern, places, table  # noqa: F401
