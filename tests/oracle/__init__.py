"""A second computation of every metric, in plain Python over the raw rows.

Nothing here reads or imports the project's SQL: the modules follow docs/semantics.md, the raw
contract (the YAML of models/raw) and the reference seeds. `replay` and `compare` then set the
project's compiled SQL against it.
"""
