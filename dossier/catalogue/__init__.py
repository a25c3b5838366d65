"""The catalogue as data: document types and procedures, each a YAML file beside this module."""
