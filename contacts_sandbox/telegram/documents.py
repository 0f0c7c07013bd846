"""Control documents of Telegram. What reads one raises ControlError when it is wrong."""

from __future__ import annotations

from functools import partial
from typing import Any

from contacts_sandbox.core.fields import ControlError, Fields
from contacts_sandbox.core.scripts import talk
from contacts_sandbox.telegram import shapes
from contacts_sandbox.telegram.endpoints import TOKEN
from contacts_sandbox.telegram.records import Bot, TelegramPerson, TelegramState
from contacts_sandbox.telegram.shapes import FOLDERS, Content
from contacts_sandbox.twilio.documents import media

LARGEST_ID = 1 << 52
"""Chat ids have at most 52 significant bits."""


def bot(state: TelegramState, document: object) -> Bot:
    """Read and store a bot. One with the same id keeps its updates and files, but takes the new token and names."""
    fields = Fields(document, "a bot")
    token, username = fields.text("token"), fields.text("username").removeprefix("@")
    name = fields.optional_text("name") or username
    fields.done()
    form = TOKEN.fullmatch(token)
    if form is None:
        raise ControlError("'token' of a bot must be its id, a colon and at least three letters, digits, - or _.")
    other = state.bot(username)
    if other and other.id != int(form["id"]):
        raise ControlError(f"There is another bot called {username}.")
    made = state.bots.setdefault(int(form["id"]), Bot(int(form["id"]), token, username, name))
    made.token, made.username, made.name = token, username, name
    return made


def known_bot(state: TelegramState, fields: Fields) -> Bot:
    """Read `bot`, and return the bot with that username."""
    username = fields.text("bot").removeprefix("@")
    found = state.bot(username)
    if found is None:
        raise ControlError(f"There is no bot {username}. Create it first.")
    return found


def chat_id(fields: Fields) -> int:
    """Read the `chat_id` of a person."""
    number = fields.whole("chat_id")
    if not 0 < number < LARGEST_ID:
        raise ControlError("A 'chat_id' of a person is positive and has at most 52 bits.")
    return number


def person(state: TelegramState, document: object) -> TelegramPerson:
    """Read a person, the bots that they started, and those that they blocked."""
    fields = Fields(document, "a person")

    def ids(name: str) -> set[int]:
        entries = fields.each(name, lambda entry: Fields({"bot": entry}, f"an entry of {name!r}"))
        return {known_bot(state, entry).id for entry in entries}

    number = chat_id(fields)
    script, unprompted = talk(fields, numbered=False)
    made = TelegramPerson(
        chat_id=number,
        first_name=fields.optional_text("first_name") or "Somebody",
        last_name=fields.optional_text("last_name"),
        username=fields.optional_text("username"),
        deactivated=fields.flag("deactivated", False),
        started=ids("started"),
        blocked=ids("blocked"),
        script=script,
        unprompted=unprompted,
    )
    fields.done()
    # Only a person who started a bot can have blocked it.
    made.started |= made.blocked
    return made


def known_person(state: TelegramState, fields: Fields) -> TelegramPerson:
    """Read `chat_id`, and return the person."""
    number = chat_id(fields)
    found = state.people.get(number)
    if found is None:
        raise ControlError(f"There is no person {number}. Create them first.")
    return found


def group(fields: Fields) -> dict[str, Any] | None:
    """Read the group in which a message is written; None: a private chat."""

    def read(document: object) -> dict[str, Any]:
        inner = Fields(document, "a group")
        number, title = inner.whole("id"), inner.text("title")
        inner.done()
        if number >= 0:
            raise ControlError("The 'id' of a group is negative.")
        return {"id": number, "title": title, "type": "group"}

    return fields.one("group", read)


def content(made_for: Bot, fields: Fields) -> Content:
    """Read what is written: one of the kinds, `extra`, which is put into the message as it is, or both."""
    caption = fields.optional_text("caption") or ""
    extra = fields.json_object("extra")
    found: list[Content] = []
    if fields.given("text"):
        found.append(shapes.text(fields.text("text")))
    for kind in FOLDERS:
        made = fields.one(kind, partial(_attachment, made_for, kind, caption))
        if made:
            found.append(made)
    for name, read in (("location", _place), ("venue", _venue), ("contact", _contact)):
        made = fields.one(name, read)
        if made:
            found.append(made)
    if len(found) > 1 or not (found or extra):
        kinds = ", ".join(["text", *FOLDERS, "location", "venue", "contact"])
        raise ControlError(f"A message has one of {kinds}; or else 'extra'.")
    base = found[0] if found else Content({}, "")
    return Content(base.fields | extra, base.text, base.files)


def _attachment(made_for: Bot, kind: str, caption: str, document: object) -> Content:
    emoji = ""
    if kind == "sticker":
        fields = Fields(document, "a sticker")
        emoji = fields.optional_text("emoji") or ""
        document = fields.rest()
    read = media(document)
    file = made_for.keep(FOLDERS[kind], read.data, read.content_type, read.filename or kind)
    return shapes.attachment(kind, file, caption, emoji)


def _coordinates(fields: Fields) -> tuple[float, float]:
    latitude, longitude = fields.optional_number("latitude"), fields.optional_number("longitude")
    if latitude is None or longitude is None:
        raise ControlError("A place needs 'latitude' and 'longitude'.")
    return latitude, longitude


def _place(document: object) -> Content:
    fields = Fields(document, "a location")
    made = shapes.place(*_coordinates(fields))
    fields.done()
    return made


def _venue(document: object) -> Content:
    fields = Fields(document, "a venue")
    made = shapes.venue(*_coordinates(fields), fields.text("title"), fields.text("address"))
    fields.done()
    return made


def _contact(document: object) -> Content:
    fields = Fields(document, "a contact")
    made = shapes.contact(
        fields.text("phone_number"), fields.text("first_name"), fields.optional_text("last_name") or ""
    )
    fields.done()
    return made


def edited(made_for: Bot, chat: int, fields: Fields) -> dict[str, Any] | None:
    """Read `edit`, and return the earlier message that it names; None when nothing is edited."""
    if not fields.has("edit"):
        return None
    number = fields.whole("edit")
    found = made_for.documents.get((chat, number))
    if found is None:
        raise ControlError(f"There is no message {number} of theirs to edit.")
    return found
