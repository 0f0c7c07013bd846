"""The demo without a terminal: a script that does the main job once, with the same sandbox, receiver and outbox."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from contacts_tui.cli import shutdown
from contacts_tui.cli.channels import say_channels
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.interface import send_what_waits
from contacts_tui.cli.output import complain, local_time, say
from contacts_tui.demo.processes import DemoSession, Stage
from contacts_tui.domain import delivery
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Direction, NewMessage
from contacts_tui.domain.presence import sentences
from contacts_tui.domain.template import TemplateChoice, placeholders
from contacts_tui.domain.text import counted
from contacts_tui.domain.views import MessageView
from contacts_tui.screens.presence import BEAT
from contacts_tui.services import (
    contacts_import,
    messaging,
    people,
    presence,
    reachability,
    templates,
    threads,
    views,
)
from contacts_tui.services.people_csv import PeopleFile
from contacts_tui.store.store import Store

ANSWER_LIMIT = 20.0
"""Seconds in which a message has to be delivered and answered."""

TEAM_LIMIT = 90.0
"""Seconds in which the second agent has to open a person, write and answer."""

_NEWCOMER = "name,phone,email,company,note\nImani Carter,+1 415 555 0129,imani@carter.example,Carter Books,new here\n"

_TEXT = "Your order 4711 is here. Shall we keep it for you until Friday?"

_TEMPLATE = "order_ready"

_VALUES = {"first_name": "Imani", "order": "4711"}

_ANSWERS = (
    ("Leila Ben Amor", Channel.TELEGRAM, "Yes, one is left. I put it aside for you."),
    ("Camille Lefèvre", Channel.MESSENGER, "It is, in two and in three metres. Shall I keep one until Saturday?"),
)
"""The people who have written on the other channels, and what to answer each of them."""

_UNREACHED = "Farid Haddad"
"""A person who never wrote on these channels, to show why nothing can be sent there."""


_NO_PROGRAM = ""
"""The name of no process, so that the people whom any process has open are returned."""

_DELIVERED = (Delivery.DELIVERED, Delivery.READ)

_ARRIVED = {channel: _DELIVERED for channel in Channel} | {Channel.TELEGRAM: (Delivery.SENT,)}
"""Statuses after which the script waits no longer: Telegram reports nothing about a message that it has accepted."""


def play(stage: Stage, agent: str) -> Exit:
    """Run the script, and print every step."""
    return shutdown.run(_play(stage, DemoSession(stage, agent), agent))


async def _play(stage: Stage, session: DemoSession, agent: str) -> Exit:
    say("No terminal, so the demo runs by itself. Starting a sandbox and a receiver on this machine ...")
    try:
        await session.open()
        await stage.connect(session.store)
        sending = asyncio.ensure_future(send_what_waits(session.store, complain))
        try:
            await _scene(session.store, agent)
            if stage.second_agent:
                await beside(session.store, stage.second_agent, agent)
        except TimeoutError as error:
            complain(str(error))
            return Exit.FAILED
        finally:
            sending.cancel()
            await asyncio.wait({sending})
    finally:
        session.close()
    say("\nThat was the main job. In a terminal, `contacts-tui demo` shows it on the screen.")
    return Exit.DONE


async def _scene(store: Store, agent: str) -> None:
    everyone, unread = await store.read(views.counts, ("", "is:unread"), agent)
    say(f"The store holds {counted(everyone, 'person', 'people')}, {unread} with unread messages.")
    newcomer = PeopleFile(lambda: _NEWCOMER.splitlines(keepends=True), None)
    result = await store.run(contacts_import.take_all, newcomer)
    say(f"\nA CSV with a newcomer is imported: {result.added} added.")
    contact = await store.read(people.find, "Imani Carter")
    say(f"\n{contact.name}, {contact.company}: the channels")
    say_channels(await store.read(reachability.channels, contact.id))

    say(f"\nAn SMS to {contact.name}:")
    changes = store.follow()
    identity_id, inbox_id = await _route(store, contact, Channel.SMS, agent)
    new = NewMessage(messaging.new_uid(), _TEXT, author=agent)
    sms = await store.run(messaging.send, identity_id, inbox_id, new)
    told: dict[int, Delivery | None] = {}
    await _tell(store, changes, contact, told, lambda views: _answered(views, sms.id))

    say(f"\nOn WhatsApp {contact.name} never wrote, so the conversation begins with a template:")
    identity_id, inbox_id = await _route(store, contact, Channel.WHATSAPP, agent)
    template = next(
        each
        for each in await store.read(templates.listed, inbox_id)
        if each.name == _TEMPLATE and set(placeholders(each)) == set(_VALUES)
    )
    new, choice = NewMessage(messaging.new_uid(), author=agent), TemplateChoice(template.id, _VALUES)
    sent = await store.run(messaging.send, identity_id, inbox_id, new, template=choice)
    await _tell(store, changes, contact, told, lambda views: _answered(views, sent.id))
    say(f"\n{contact.name} has written on WhatsApp, which opens the window:")
    say_channels(await store.read(reachability.channels, contact.id))
    for name, channel, text in _ANSWERS:
        await _answer(store, agent, name, channel, text)
    stranger = await store.read(people.find, _UNREACHED)
    say(f"\n{stranger.name} never wrote on Telegram or Messenger, so nothing can be sent there:")
    say_channels(await store.read(reachability.channels, stranger.id))


async def beside(store: Store, name: str, agent: str, limit: float = TEAM_LIMIT) -> None:
    """Print whom the agent `name` opens and writes to, until they have answered a person.

    Raise TimeoutError after `limit` seconds.
    """
    say(f"\n{name} works on the same store:")
    contact: Contact | None = None
    told, before = "", 0
    async with _within(limit):
        while True:
            if contact is not None:
                last = await _last(store, contact)
                if last.message.author == name and last.message.id > before:
                    return _say_step(last, contact, {})
            here = [one for one in await store.read(presence.others, _NO_PROGRAM) if one.agent == name]
            if here and (contact is None or here[0].contact_id != contact.id):
                contact = await store.read(people.find, str(here[0].contact_id))
                before = (await _last(store, contact)).message.id
            if contact is not None and here and (sentence := sentences(here, agent, contact.name)) != told:
                told = sentence
                say(f"  {sentence}")
            await asyncio.sleep(BEAT)


@asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    """Allow the block so much time. Raise TimeoutError, which says how much, when it takes longer."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise TimeoutError(f"nothing more arrived within {seconds:g} s") from error


async def _last(store: Store, contact: Contact) -> MessageView:
    """Return the last message with a contact who has a conversation."""
    return (await store.read(threads.timeline, contact.id)).messages[-1]


async def _answer(store: Store, agent: str, name: str, channel: Channel, text: str) -> None:
    """Answer a person who has written on this channel, and print what follows until they reply. Raise TimeoutError."""
    contact = await store.read(people.find, name)
    past = (await store.read(threads.timeline, contact.id)).messages
    say(f"\n{contact.name} has written on {channel.label}:")
    _say_step(past[-1], contact, {})
    changes = store.follow()
    identity_id, inbox_id = await _route(store, contact, channel, agent)
    new = NewMessage(messaging.new_uid(), text, author=agent)
    sent = await store.run(messaging.send, identity_id, inbox_id, new)
    told = {view.message.id: view.message.status for view in past}
    await _tell(store, changes, contact, told, lambda views: _answered(views, sent.id))


async def _route(store: Store, contact: Contact, channel: Channel, agent: str) -> tuple[int, int]:
    routes = await store.read(messaging.routes_to, contact.id, channel, agent)
    route = routes.routes[routes.preselected]
    return route.identity.id, route.inbox.id


async def _tell(
    store: Store,
    changes: AsyncIterator[object],
    contact: Contact,
    told: dict[int, Delivery | None],
    enough: Callable[[tuple[MessageView, ...]], bool],
) -> None:
    """Print every message and status of a contact that isn't in `told`, until `enough` holds. Raise TimeoutError."""
    async with _within(ANSWER_LIMIT):
        while True:
            views = (await store.read(threads.timeline, contact.id)).messages
            for view in views:
                if told.get(view.message.id, "") != view.message.status:
                    _say_step(view, contact, told)
                    told[view.message.id] = view.message.status
            if enough(views):
                return
            await anext(changes)


def _say_step(view: MessageView, contact: Contact, told: Mapping[int, Delivery | None]) -> None:
    message = view.message
    when = local_time(message.status_at or message.at)
    who = contact.name if message.direction is Direction.IN else message.author
    where = f"{message.channel.label}, {view.inbox_name}"
    if message.id not in told:
        say(f"  {when}  {who} ({where})")
        for line in message.body.splitlines():
            say(f"      {line}")
    if message.status is not None:
        why = f": {view.failure.sentence}" if view.failure else ""
        say(f"  {when}  {delivery.mark(message.status):<2} {delivery.word(message.status)}{why}")


def _answered(views: tuple[MessageView, ...], message_id: int) -> bool:
    """Return whether our message arrived and the person wrote back after it."""
    arrived = any(
        view.message.id == message_id and view.message.status in _ARRIVED[view.message.channel] for view in views
    )
    return arrived and any(view.message.id > message_id and view.message.direction is Direction.IN for view in views)
