"""A person's name, from the Graph API. Imports httpx: import it late."""

import asyncio

from contacts_tui.channels.meta import errors
from contacts_tui.channels.meta.graph import Graph, of_answer, of_failure, trouble
from contacts_tui.channels.transport import BAD_REQUEST
from contacts_tui.channels.untrusted import text_of


async def name_of(graph: Graph, psid: str, seconds: float) -> str:
    """Return a person's first and last name; empty without a profile, or without a name in it. Raise ChannelError.

    https://developers.facebook.com/docs/messenger-platform/identity/user-profile
    """
    try:
        async with asyncio.timeout(seconds):
            found = await graph.get(psid, fields="first_name,last_name")
    except Exception as error:
        raise trouble(of_failure(error)) from error
    if found.status >= BAD_REQUEST or found.error:
        failure = trouble(of_answer(found))
        if failure.code == errors.NO_PROFILE:
            return ""
        raise failure
    return " ".join(part for name in ("first_name", "last_name") if (part := text_of(found.body.get(name)).strip()))
