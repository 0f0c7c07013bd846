"""`contacts-tui sandbox`: the stand-in for the providers."""

import asyncio
from argparse import Namespace
from pathlib import Path

import contacts_sandbox
from contacts_tui.cli import shutdown
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.output import complain, say
from contacts_tui.cli.shutdown import stop_event
from contacts_tui.config import Config
from contacts_tui.services.errors import BadInput
from contacts_tui.text_files import UnreadableText, decoded


def run(args: Namespace, config: Config) -> Exit:
    """Serves until stopped; says where on a line of its own, once it is filled from the seed."""
    seed = None
    if args.seed:
        try:
            seed = decoded(Path(args.seed).read_bytes()).encode()
        except UnreadableText as error:
            raise BadInput(f"{args.seed}: {error.sentence}") from error
    return shutdown.run(_serve(args, seed))


async def _serve(args: Namespace, seed: bytes | None) -> Exit:
    stop = stop_event(with_stdin=args.exit_with_stdin)
    filling: asyncio.Future[Exit] = asyncio.get_running_loop().create_future()

    def ready(url: str) -> None:
        nonlocal filling
        filling = asyncio.ensure_future(_fill(url, seed, stop))

    try:
        await contacts_sandbox.serve(args.host, args.port, ready=ready, stop=stop)
    except OSError as error:
        complain(f"can't listen on {args.host}:{args.port}: {error.strerror}")
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
