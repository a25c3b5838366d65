"""Every field reader: importing this registers them. A new reader is one module and its line here."""

from ocr.readers import card, decree30, label, numbering, places  # noqa: F401
