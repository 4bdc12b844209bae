"""What was typed wrong, told in the language of whoever typed it.

The library that reads the command line tells it in English; its sentences are known by their form.
One that is new is told as it is.
"""

from __future__ import annotations

import re

import typer

from fiel.domain.language import N_, say

_SENTENCES = (
    (r"No such command '(?P<name>.+?)'\. Did you mean '(?P<near>.+?)'\?",
     N_("There is no command {name}. Did you mean {near}?")),
    (r"No such command '(?P<name>.+?)'\.", N_("There is no command {name}.")),
    (r"No such option: (?P<name>\S+)(?: .*)?", N_("There is no option {name}.")),
    (r"Missing argument '(?P<name>.+?)'\.", N_("{name} is missing.")),
    (r"Missing option '(?P<name>.+?)'\.", N_("{name} is missing.")),
    (r"Missing command\.", N_("A command is missing.")),
    (r"Option '(?P<name>.+?)' requires .*", N_("Something must follow {name}.")),
    (r"Got unexpected extra arguments?(?:\(s\))? \((?P<name>.+)\)",
     N_("Nothing more was expected than what stands before {name}.")),
    (r"Invalid value for '?(?P<name>.+?)'?: .*?(?:than or equal to|than) (?P<limit>-?\d+)",
     N_("{name} is out of range: its limit is {limit}.")),
    (r"Invalid value for '?(?P<name>.+?)'?: .*valid integer.*", N_("{name} must be a number.")),
    (r"Invalid value for '?(?P<name>.+?)'?: (?P<said>.+)", N_("{name} cannot be so: {said}")),
    (r"Invalid value: (?P<said>.+)", "{said}"),
)  # fmt: skip


def wrong_use_text(error: typer.TyperException, language: str) -> str:
    """One sentence about what was typed wrong."""
    told = getattr(error, "format_message", lambda: str(error))()
    for pattern, text in _SENTENCES:
        match = re.fullmatch(pattern, told, re.DOTALL)
        if match is not None:
            return say(language, text, **match.groupdict())
    return str(told)


def usage_text(error: typer.TyperException, language: str) -> str:
    """How the command is used, and where to read more."""
    context = getattr(error, "ctx", None)
    if context is None:
        return ""
    usage = str(context.get_usage()).removeprefix("Usage: ")
    more = say(language, N_("More: {command}"), command=f"{context.command_path} --help")
    return f"{say(language, N_('Usage'))}: {usage}\n{more}"
