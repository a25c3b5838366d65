"""Outside sources as files: what an office can connect today, and the simplest implementation of each port.

Each is a CSV file in UTF-8 (a byte-order mark does no harm) whose first line names the columns, parted by `,` or `;`.
Days are `2026-11-24` or `24/11/2026`. An empty cell says nothing. A file that is changed is read again when next asked.
"""
