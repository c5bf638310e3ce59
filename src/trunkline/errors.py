"""Errors that a person can act on: the command line prints their text, never a traceback."""


class TrunklineError(Exception):
    """Something outside the request is missing or broken."""

    exit_code = 1


class NotBuiltError(TrunklineError):
    """An artefact or the database is not there yet."""


class RequestError(TrunklineError):
    """The request names something that does not exist or is not allowed."""

    exit_code = 2
