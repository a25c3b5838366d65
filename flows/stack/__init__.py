"""The embedded stack: object store, Prefect server, worker and intake in one terminal (`sohoa up`)."""
