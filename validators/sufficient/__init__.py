"""Đủ: nothing that the procedure or the type of paper asks for is missing."""
