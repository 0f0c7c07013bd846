"""`contacts-tui sandbox`: the stand-in for the providers."""

import asyncio
from typing import Annotated

import contacts_sandbox
from contacts_tui import paths
from contacts_tui.cli import shutdown
from contacts_tui.cli.declare import ExitWithStdin, Host, Option, Port, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.output import complain, say
from contacts_tui.cli.shutdown import stop_event
from contacts_tui.services.errors import BadInput
from contacts_tui.text_files import UnreadableText, decoded, standard_input


@command("contacts-tui sandbox --port 8081 --seed seed.json")
def run(
    host: Host = "127.0.0.1",
    port: Port = 8081,
    exit_with_stdin: ExitWithStdin = False,
    seed: Annotated[
        str,
        Option("a JSON document with accounts, senders, templates, people; - for stdin", "FILE", completes="file"),
    ] = "",
) -> Exit:
    """Serve until stopped. Print the URL on a line of its own, once the sandbox is filled from the seed."""
    if seed == "-" and exit_with_stdin:
        raise BadInput("the seed comes from stdin, which ends with it: leave --exit-with-stdin out")
    content = _content(seed) if seed else None
    return shutdown.run(_serve(host, port, content, exit_with_stdin=exit_with_stdin))


def _content(seed: str) -> bytes:
    try:
        return decoded(standard_input().read() if seed == "-" else paths.expanded(seed, "--seed").read_bytes()).encode()
    except UnreadableText as error:
        raise BadInput(f"{'standard input' if seed == '-' else seed}: {error.sentence}") from error


async def _serve(host: str, port: int, seed: bytes | None, *, exit_with_stdin: bool) -> Exit:
    stop = stop_event(with_stdin=exit_with_stdin)
    filling: asyncio.Future[Exit] = asyncio.get_running_loop().create_future()

    def ready(url: str) -> None:
        nonlocal filling
        filling = asyncio.ensure_future(_fill(url, seed, stop))

    try:
        await contacts_sandbox.serve(host, port, ready=ready, stop=stop)
    except OSError as error:
        complain(f"can't listen on {host}:{port}: {error.strerror}")
        return Exit.FAILED
    return await filling


async def _fill(url: str, seed: bytes | None, stop: asyncio.Event) -> Exit:
    if seed is not None:
        import httpx

        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(f"{url}/control/seed", content=seed)
        if answer.is_error:
            complain(f"the seed can't be used: {answer.text}")
            stop.set()
            return Exit.WRONG
    say(f"sandbox listening on {url}")
    return Exit.DONE
