"""Sealed copies: searchable PDF/A-2b of a paper, its image as scanned under invisible text of our own words.

    files + placed words -> pieces of some pages each -> one PDF/A with metadata -> checked

Nothing here knows how words were found. Every function that opens a dropped file is meant for the reading processes:
a hostile file must not be parsed anywhere else.
"""
