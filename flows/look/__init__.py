"""`sohoa look`: files read with all that the readers saw."""
