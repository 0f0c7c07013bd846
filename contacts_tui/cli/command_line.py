"""Reads the command line: what `program` lists and each command declares, made into Click's commands."""

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
"""Cells of a line of help at most."""


@dataclass(frozen=True, slots=True)
class Call:
    """A command line that was understood: what to run, and with what."""

    function: Callable[..., Exit]
    values: dict[str, Any]
    """The function's parameters."""
    everywhere: dict[str, Any]
    """Those of EVERYWHERE that were given."""
    only_tells: bool
    """Whether it does nothing but tell something."""

    def run(self) -> Exit:
        """Run it, with the configuration where it asks for it. Raise ConfigError and whatever the command raises."""
        wanted = signature(self.function).parameters
        if "resolved" in wanted:
            return self.function(resolve(**self.everywhere), **self.values)
        if "config" not in wanted:
            return self.function(**self.values)
        return self.function(load(**self.everywhere), **self.values)


def parse(arguments: Sequence[str]) -> Call:
    """Understand a command line. Raise SystemExit when it only asks for help, or is wrong, which is told."""
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
    """Tell a shell what may stand next. `instruction` is such as `bash_complete`; the words are in the environment."""
    shell = get_completion_class(instruction.removesuffix("_complete"))
    if shell is None:
        return Exit.WRONG
    streams.write(shell(program(), {}, PROGRAM, COMPLETION_VARIABLE).complete() + "\n")
    return Exit.DONE


def completion_script(shell: str) -> str:
    """Return what a shell that Click knows, such as `bash`, reads to complete this program's commands."""
    found = get_completion_class(shell)
    assert found is not None
    return found(program(), {}, PROGRAM, COMPLETION_VARIABLE).source()


def program() -> "Group":
    """Return the whole command line. Each command's module is imported when it is named."""
    return Group("", DESCRIPTION)


def commands() -> "Iterator[Command]":
    """Return every command, imported."""
    return (Command(entry) for entry in COMMANDS.values() if entry.target)


def described(params: Sequence[click.Parameter]) -> Iterator[tuple[str, str, bool]]:
    """Return the spelling and the meaning of each parameter, and whether it is an option that has to be given."""
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
        """Write how a command is called."""
        super().write_usage(prog, args, "usage: ")

    def write_heading(self, heading: str) -> None:
        """Write what a section is about."""
        self.write(f"{self._styled(heading + ':', bold=True)}\n")

    def write_dl(self, rows: Any, col_max: int = 30, col_spacing: int = 2) -> None:
        """Write names, each with what it means."""
        super().write_dl([(self._styled(name, fg="cyan"), words) for name, words in rows], col_max, col_spacing)

    def _styled(self, text: str, **style: Any) -> str:
        return click.style(text, **style) if self._in_colour else text


class _Context(click.Context):
    """Has help laid out by Help."""

    formatter_class = Help


class Explained(click.Command):
    """What commands and groups have in common: their help, and the options that may stand everywhere."""

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
        """Those that are no option of every command."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what it is for, unindented."""
        formatter.write_paragraph()
        formatter.write_text(self.help or "")

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Leave it to format_options."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the arguments, the options of its own, and those that stand everywhere."""
        for heading, params in (
            ("arguments", [each for each in self.own_params if isinstance(each, click.Argument)]),
            ("options", [each for each in self.own_params if isinstance(each, click.Option)]),
            ("everywhere", [each for each in self.params if each not in self.own_params]),
        ):
            if rows := [row for each in params if (row := each.get_help_record(ctx))]:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples as they are."""
        if self.examples:
            with formatter.section("example"):
                formatter.write("".join(f"  {example}\n" for example in self.examples))


class Command(Explained):
    """A command that is declared in a module of its own."""

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
        """Return what is named by the next word, imported now."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        return Command(entry) if entry.target else Group(entry.name, entry.help)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant. Raise NoSuchCommand, which names those that look like it."""
        if args[0] not in self.entries and not ctx.resilient_parsing:
            raise click.NoSuchCommand(args[0], possibilities=self.entries, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what can follow, by what it is about."""
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
        """Return what can stand next, without importing it."""
        words = [
            CompletionItem(word, help=entry.help) for word, entry in self.entries.items() if word.startswith(incomplete)
        ]
        return [*words, *click.Command.shell_complete(self, ctx, incomplete)]


def _without_command() -> Call | None:
    """Understand the program's name alone as the interface; a word in front of commands needs one of them."""
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
    """Make Click's parameters of a function's, in their order."""
    hints = get_type_hints(function, include_extras=True)
    for name, given in signature(function).parameters.items():
        if name not in ("config", "resolved"):
            kind, declared = get_args(hints[name])
            yield _made(name, kind, given.default, declared)


def _made(
    name: str, kind: Any, default: Any, declared: Parameter, callback: Callable[..., Any] | None = None
) -> click.Parameter:
    """Make one of a parameter's type (an Annotated one's first argument), its default, and what is declared of it."""
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
    """Make an option that says something and leaves."""

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
    """Keep what was given of EVERYWHERE, whichever command it stands at; the last one counts."""
    if value is not None:
        ctx.meta[param.name] = value


def _everywhere(ctx: click.Context) -> dict[str, Any]:
    return {name: ctx.meta[name] for name in EVERYWHERE if name in ctx.meta}


def _path(kind: str, _: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    return [CompletionItem(incomplete, type=kind)]


def _value(choice: object) -> str:
    return str(choice.value if isinstance(choice, Enum) else choice)


class _Choice(click.Choice[Any]):
    """One of some values; those of an enum by what is stored, not by their names in Python."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        """Return what is typed for a choice."""
        return _value(choice)


class _Word(click.ParamType[Any]):
    """What a function makes of a word."""

    name = "text"

    def __init__(self, read: Callable[[str], object]) -> None:
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it, unless it is a default, which is none of the command line's words."""
        try:
            return self._read(value) if isinstance(value, str) else value
        except Unreadable as error:
            self.fail(str(error), param, ctx)
