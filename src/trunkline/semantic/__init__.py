"""The semantic layer in process: compile and answer metric queries with one warm engine."""
