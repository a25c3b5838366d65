"""The inbox: what offices drop."""
