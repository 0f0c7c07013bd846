"""The command line: Click's commands, made from what `program` lists and each command declares."""

import importlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from inspect import Parameter as FunctionParameter
from inspect import signature
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import click
from click.shell_completion import CompletionItem, get_completion_class

from contacts_tui.cli.declare import Argument, Declared, Option, Parameter, Unreadable, count
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.output import VERSION_OPTIONS, complain, version_line
from contacts_tui.cli.program import COMMANDS, DESCRIPTION, EVERYWHERE, EXAMPLE, SECTIONS, Entry, below
from contacts_tui.cli.streams import streams
from contacts_tui.config import Config, load, resolve
from contacts_tui.paths import COMPLETION_VARIABLE, PROGRAM

_WIDEST = 100
"""The most cells of a line of help."""


@dataclass(frozen=True, slots=True)
class Call:
    """A parsed command line: what to run, and with which arguments."""

    function: Callable[..., Exit]
    values: dict[str, Any]
    """The function's arguments by name, without the configuration."""
    everywhere: dict[str, Any]
    """The options of EVERYWHERE that were given, by name."""
    only_tells: bool
    """Whether it only prints something, and changes nothing."""

    def run(self) -> Exit:
        """Run the function, with the configuration if it takes one. Raise ConfigError and what the function raises."""
        wanted = signature(self.function).parameters
        if "resolved" in wanted:
            return self.function(resolve(**self.everywhere), **self.values)
        if "config" not in wanted:
            return self.function(**self.values)
        return self.function(load(**self.everywhere), **self.values)


def parse(arguments: Sequence[str]) -> Call:
    """Return the call that a command line means. Raise SystemExit after printing help, version, or what is wrong."""
    try:
        with program().make_context(PROGRAM, list(arguments)) as context:
            call: Call = context.command.invoke(context)
            return call
    except click.UsageError as error:
        if error.ctx is not None:
            streams.warn(error.ctx.get_usage() + "\n")
        complain(error.format_message())
        raise SystemExit(Exit.WRONG) from error


def complete(instruction: str) -> Exit:
    """Print what may follow the words in the environment, for a shell. `instruction` is such as `bash_complete`."""
    shell = get_completion_class(instruction.removesuffix("_complete"))
    if shell is None:
        return Exit.WRONG
    streams.write(shell(program(), {}, PROGRAM, COMPLETION_VARIABLE).complete() + "\n")
    return Exit.DONE


def completion_script(shell: str) -> str:
    """Return the script by which a shell that Click knows, such as `bash`, completes this program's commands."""
    found = get_completion_class(shell)
    assert found is not None
    return found(program(), {}, PROGRAM, COMPLETION_VARIABLE).source()


def program() -> "Group":
    """Return the whole command line. Each command's module is imported when it is named."""
    return Group("", DESCRIPTION)


def commands() -> "Iterator[Command]":
    """Return an iterator over all commands; each one's module is imported when it comes."""
    return (Command(entry) for entry in COMMANDS.values() if entry.target)


def described(params: Sequence[click.Parameter]) -> Iterator[tuple[str, str, bool]]:
    """Yield the spelling and the meaning of each parameter, and whether it is an option that has to be given."""
    ctx = click.Context(click.Command(None))
    for each in params:
        if isinstance(each, click.Option):
            yield each.get_help_spec(ctx), each.help or "", each.required
        else:
            yield each.make_metavar(ctx), each.help or "", False


class Help(click.HelpFormatter):
    """Help in colour where the terminal has it, unless NO_COLOR is set (no-color.org)."""

    def __init__(self, width: int | None = None, max_width: int | None = None) -> None:
        super().__init__(width=width, max_width=max_width)
        self._in_colour = streams.is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how to call a command."""
        super().write_usage(prog, args, "usage: ")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        self.write(f"{self._styled(heading + ':', bold=True)}\n")

    def write_dl(self, rows: Any, col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a list of names, each with its meaning."""
        super().write_dl([(self._styled(name, fg="cyan"), words) for name, words in rows], col_max, col_spacing)

    def _styled(self, text: str, **style: Any) -> str:
        return click.style(text, **style) if self._in_colour else text


class _Context(click.Context):
    """A context whose help is laid out by Help."""

    formatter_class = Help


class Explained(click.Command):
    """What commands and groups have in common: their help, and the options of EVERYWHERE."""

    context_class = _Context
    examples: tuple[str, ...] = ()

    def __init__(self, name: str, words: str, params: Sequence[click.Parameter], **more: Any) -> None:
        everywhere = [_made(name, str, "", option, _remember) for name, option in EVERYWHERE.items()]
        super().__init__(
            name,
            help=f"{words[0].upper()}{words[1:].removesuffix('.')}.",
            params=[*params, *everywhere, _telling(("-h", "--help"), "print this and exit", _help)],
            add_help_option=False,
            context_settings={"max_content_width": _WIDEST},
            **more,
        )
        self.own_params = tuple(params)
        """The parameters without the options that every command has."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the description without indentation."""
        formatter.write_paragraph()
        formatter.write_text(self.help or "")

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write nothing: `format_options` writes the arguments, too."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the arguments, the command's own options, and the options that every command has."""
        for heading, params in (
            ("arguments", [each for each in self.own_params if isinstance(each, click.Argument)]),
            ("options", [each for each in self.own_params if isinstance(each, click.Option)]),
            ("everywhere", [each for each in self.params if each not in self.own_params]),
        ):
            if rows := [row for each in params if (row := each.get_help_record(ctx))]:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples without wrapping their lines."""
        if self.examples:
            with formatter.section("example"):
                formatter.write("".join(f"  {example}\n" for example in self.examples))


class Command(Explained):
    """A command, declared in a module of `cli` that is imported here."""

    def __init__(self, entry: Entry) -> None:
        module, _, name = entry.target.partition(":")
        self.declared: Declared = getattr(importlib.import_module(f"contacts_tui.cli.{module}"), name)
        self.examples = self.declared.examples
        super().__init__(entry.name, entry.help, list(_parameters(self.declared.function)), callback=self._call)

    def _call(self, **values: Any) -> Call:
        tells = self.declared.only_tells or bool(values.get("dry_run"))
        return Call(self.declared.function, values, _everywhere(click.get_current_context()), tells)


class Group(Explained, click.Group):
    """The program, or a word in front of several commands."""

    def __init__(self, name: str, words: str) -> None:
        params: list[click.Parameter] = []
        if not name:
            params = [_telling(VERSION_OPTIONS, "print the version and exit", _version)]
            self.examples = (EXAMPLE,)
        super().__init__(
            name,
            words,
            params,
            subcommand_metavar="COMMAND ...",
            callback=_without_command,
            invoke_without_command=True,
            no_args_is_help=False,
        )
        self.entries = below(name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the words that can follow, in the order of the help."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command or group that the next word names, its module imported; None for an unknown word."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        return Command(entry) if entry.target else Group(entry.name, entry.help)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant, as Click does. Raise NoSuchCommand, which names similar ones."""
        if args[0] not in self.entries and not ctx.resilient_parsing:
            raise click.NoSuchCommand(args[0], possibilities=self.entries, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands that can follow, by section."""
        for section, entries in SECTIONS.items():
            names = {entry.name: entry for entry in entries}
            if rows := [(word, entry.help) for word, entry in self.entries.items() if entry.name in names]:
                with formatter.section(section if not self.name else "commands"):
                    formatter.write_dl(rows)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, and then the options."""
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Return the words that can follow, without importing their modules."""
        words = [
            CompletionItem(word, help=entry.help) for word, entry in self.entries.items() if word.startswith(incomplete)
        ]
        return [*words, *click.Command.shell_complete(self, ctx, incomplete)]


def _without_command() -> Call | None:
    """Return a call of the interface; None when a command follows. Raise UsageError for a group without a command."""
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is not None:
        return None
    if ctx.parent is not None:
        assert isinstance(ctx.command, Group)
        ctx.fail(f"say which command: {', '.join(ctx.command.entries)}")
    return Call(_interface, {}, _everywhere(ctx), only_tells=False)


def _interface(config: Config) -> Exit:
    from contacts_tui.cli.interface import run

    return run(config)


def _parameters(function: Callable[..., Exit]) -> Iterator[click.Parameter]:
    """Yield Click's parameters for those of a function, in their order; none for `config` and `resolved`."""
    hints = get_type_hints(function, include_extras=True)
    for name, given in signature(function).parameters.items():
        if name not in ("config", "resolved"):
            kind, declared = get_args(hints[name])
            yield _made(name, kind, given.default, declared)


def _made(
    name: str, kind: Any, default: Any, declared: Parameter, callback: Callable[..., Any] | None = None
) -> click.Parameter:
    """Return Click's parameter for one of this type (the first argument of Annotated), default and declaration."""
    several = get_origin(kind) is tuple
    of = get_args(kind)[0] if several else next((each for each in get_args(kind) if each is not NoneType), kind)
    choices = of if isinstance(of, type) and issubclass(of, Enum) else declared.choices
    more: dict[str, Any] = {
        "help": declared.help,
        "metavar": declared.metavar or None,
        "required": default is FunctionParameter.empty,
        "type": _Word(declared.read or (count if of is int else str)),
    }
    if choices:
        more |= {"type": _Choice(choices), "metavar": "|".join(_value(each) for each in choices)}
    if declared.completes:
        more["shell_complete"] = partial(_path, declared.completes)
    if default is not FunctionParameter.empty and default != ():
        more["default"] = default
    if isinstance(declared, Argument):
        return click.Argument([name], nargs=-1 if several else 1, **more)
    assert isinstance(declared, Option)
    if default not in (FunctionParameter.empty, None, "", False, ()):
        more["help"] += f" (default: {_value(default)})"
    if of is bool:
        more = {"help": declared.help, "is_flag": True}
    if callback is not None:
        more |= {"callback": callback, "expose_value": False, "default": None}
    return click.Option([declared.name or f"--{name.replace('_', '-')}", name], multiple=several, **more)


def _telling(names: Sequence[str], words: str, tell: Callable[[click.Context], str]) -> click.Option:
    """Return an option that prints what `tell` returns, and exits."""

    def told(ctx: click.Context, _: click.Parameter, is_given: bool) -> None:
        if is_given and not ctx.resilient_parsing:
            streams.write(tell(ctx) + "\n")
            raise SystemExit(Exit.DONE)

    return click.Option(names, is_flag=True, expose_value=False, is_eager=True, help=words, callback=told)


def _help(ctx: click.Context) -> str:
    return ctx.get_help()


def _version(_: click.Context) -> str:
    return version_line()


def _remember(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    """Keep the value of an option of EVERYWHERE, after whichever word it stands; the last one counts."""
    if value is not None:
        ctx.meta[param.name] = value


def _everywhere(ctx: click.Context) -> dict[str, Any]:
    return {name: ctx.meta[name] for name in EVERYWHERE if name in ctx.meta}


def _path(kind: str, _: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    return [CompletionItem(incomplete, type=kind)]


def _value(choice: object) -> str:
    return str(choice.value if isinstance(choice, Enum) else choice)


class _Choice(click.Choice[Any]):
    """A choice of values. The members of an enum are typed by their values, not by their names in Python."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        """Return what is typed for a choice."""
        return _value(choice)


class _Word(click.ParamType[Any]):
    """A parameter type whose values a function reads from words."""

    name = "text"

    def __init__(self, read: Callable[[str], object]) -> None:
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value of a word; a default that is no text stays as it is. Fail for an unreadable word."""
        try:
            return self._read(value) if isinstance(value, str) else value
        except Unreadable as error:
            self.fail(str(error), param, ctx)
