"""The kinds of Telegram messages that are neither text nor one file, in words: polls, places, orders, lists, games."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contacts_tui.channels.untrusted import is_blank, is_set, number_of, objects_of, spoken, text_of, word_of

Json = Mapping[str, Any]
"""A JSON object from outside: nothing about its values is certain."""

DEEPEST = 20
"""The most levels of a rich message; what is nested deeper isn't read."""
_VCARD = frozenset({"ADR", "EMAIL", "NOTE", "ORG", "TEL", "TITLE", "URL"})
"""Properties of a vCard (RFC 6350) that say more than a name."""
_INLINE = ("text", "title", "caption", "header", "summary", "label", "name", "prize_description", "expression")
"""Fields with the words of an object, in the order in which they are read."""
NESTED = ("blocks", "items", "rows", "cells", "children", "content", "tasks", "options", "quote", "credit")
"""Fields with further objects, each on a line of its own."""
_WORDED = frozenset({*_INLINE, *NESTED, "location"})
"""Fields that are read in a way of their own."""
_OPEN_STREET_MAP = "https://www.openstreetmap.org/"


def line_of(message: Json) -> str:
    """Return a message of one of these kinds in words; empty for any other message."""
    for kind, tell in _KINDS.items():
        if kind in message:
            value = message[kind]
            return tell(value) if isinstance(value, dict) else f"{kind.capitalize()} {spoken(value)}".strip()
    return ""


def words_in(value: object) -> tuple[str, ...]:
    """Return every line of words in an object of any kind."""
    return tuple(line for line in _lines(value, 0) if not is_blank(line))


def _sticker(sticker: Json) -> str:
    return f"Sticker {text_of(sticker.get('emoji'))}".strip()


def _location(location: Json, place: str = "") -> str:
    latitude, longitude = number_of(location.get("latitude")), number_of(location.get("longitude"))
    where = f"{latitude}, {longitude}"
    what = "Live location" if location.get("live_period") is not None else "Location"
    lines = [f"{what}: {place} ({where})" if place else f"{what}: {where}"]
    if "?" not in where:
        lines.append(f"{_OPEN_STREET_MAP}?mlat={latitude}&mlon={longitude}")
    return "\n".join(lines)


def _venue(venue: Json) -> str:
    place = ", ".join(part for name in ("title", "address") if (part := spoken(venue.get(name)).strip()))
    location = venue.get("location")
    return _location(location if isinstance(location, dict) else {}, place)


def _contact(contact: Json) -> str:
    said = [_name(contact), word_of(contact.get("phone_number"))]
    for line in text_of(contact.get("vcard")).splitlines():
        name, _, value = line.partition(":")
        value = " ".join(part for part in value.replace("\\,", ",").split(";") if part.strip()).strip()
        if name.partition(";")[0].rpartition(".")[2].upper() in _VCARD and value and value not in said:
            said.append(value)
    return f"Contact: {', '.join(part for part in said if part)}"


def _poll(poll: Json) -> str:
    what = "Quiz" if poll.get("type") == "quiz" else "Poll"
    options = [f"- {said}" for each in objects_of(poll.get("options")) if (said := spoken(each.get("text")).strip())]
    about = [said for name in ("description", "explanation") if (said := spoken(poll.get(name)).strip())]
    return "\n".join([f"{what}: {spoken(poll.get('question')).strip()}", *options, *about])


def _dice(dice: Json) -> str:
    return f"{text_of(dice.get('emoji'))} {number_of(dice.get('value'))}".strip()


def _game(game: Json) -> str:
    return _about("Game", game.get("title"), game.get("description") or game.get("text"))


def _invoice(invoice: Json) -> str:
    return _about("Invoice", invoice.get("title"), invoice.get("description"), _amount(invoice))


def _paid(payment: Json) -> str:
    return _about("Payment received", _amount(payment), payment.get("invoice_payload"))


def _refunded(payment: Json) -> str:
    return _about("Payment refunded", _amount(payment), payment.get("invoice_payload"))


def _amount(payment: Json) -> str:
    """Return an amount as it came: in the currency's smallest unit, which for Telegram's stars (XTR) is a star."""
    total, currency = word_of(payment.get("total_amount")), text_of(payment.get("currency"))
    if not total:
        return ""
    return f"{total} {currency}" if currency == "XTR" else f"{total} {currency} in the smallest unit"


def _web_app(data: Json) -> str:
    return f"{spoken(data.get('button_text')).strip() or 'Web app'}: {spoken(data.get('data'))}"


def _story(story: Json) -> str:
    chat = story.get("chat")
    whose = _name(chat) or word_of(chat.get("title")) or word_of(chat.get("username")) if isinstance(chat, dict) else ""
    return _about("Story", whose)


def _giveaway(giveaway: Json) -> str:
    winners = number_of(giveaway.get("winner_count"))
    return _about("Giveaway", giveaway.get("prize_description"), f"{winners} winners" if winners != "?" else "")


def _checklist(checklist: Json) -> str:
    lines = [f"Checklist: {spoken(checklist.get('title')).strip()}"]
    for task in objects_of(checklist.get("tasks")):
        is_done = task.get("completion_date") or task.get("completed_by_user") or is_set(task.get("is_completed"))
        lines.append(f"[{'x' if is_done else ' '}] {spoken(task.get('text')).strip()}")
    return "\n".join(lines)


def _paid_media(paid: Json) -> str:
    stars = number_of(paid.get("star_count"))
    kinds = ", ".join(text_of(each.get("type")) for each in objects_of(paid.get("paid_media")) if each.get("type"))
    return _about("Paid media", f"{stars} stars" if stars != "?" else "", kinds)


def _users(shared: Json) -> str:
    users = [_user(each) for each in objects_of(shared.get("users"))]
    ids = shared.get("user_ids")
    users = users or [word_of(each) for each in ids if word_of(each)] if isinstance(ids, list) else users
    return _about("Users shared", *users)


def _chat(shared: Json) -> str:
    return _about("Chat shared", _user(shared))


def _user(user: Json) -> str:
    name = _name(user) or spoken(user.get("title")).strip()
    username = text_of(user.get("username"))
    ident = word_of(user.get("user_id")) or word_of(user.get("chat_id"))
    return " ".join(part for part in (name, f"@{username}" if username else "") if part) or ident


def _rich(message: Json) -> str:
    return "\n".join(words_in(message)) or "A formatted message without text"


def _name(user: Json) -> str:
    return " ".join(part for key in ("first_name", "last_name") if (part := word_of(user.get(key))))


def _about(what: str, *parts: object) -> str:
    said = ", ".join(part for value in parts if (part := spoken(value).strip()))
    return f"{what}: {said}" if said else what


def _lines(value: object, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        return
    if isinstance(value, str):
        yield text_of(value)
    elif isinstance(value, list):
        for each in value:
            yield from _lines(each, depth + 1)
    elif isinstance(value, dict):
        for name in _INLINE:
            yield _inline(value.get(name), depth + 1)
        if isinstance(place := value.get("location"), dict):
            yield _location(place)
        for name in NESTED:
            yield from _lines(value.get(name), depth + 1)
        for name, inner in value.items():
            if isinstance(inner, (dict, list)) and name not in _WORDED:
                yield from _lines(inner, depth + 1)


def _inline(value: object, depth: int) -> str:
    """Return the words of a text that consists of pieces, such as bold ones."""
    if depth > DEEPEST:
        return ""
    if isinstance(value, list):
        return "".join(_inline(each, depth + 1) for each in value)
    if isinstance(value, dict):
        return "".join(_inline(value.get(name), depth + 1) for name in ("text", "emoji", "expression"))
    return text_of(value)


_KINDS: dict[str, Callable[[Json], str]] = {
    "sticker": _sticker,
    # Before the location that comes beside it.
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "poll": _poll,
    "dice": _dice,
    "game": _game,
    "invoice": _invoice,
    "successful_payment": _paid,
    "refunded_payment": _refunded,
    "web_app_data": _web_app,
    "rich_message": _rich,
    "story": _story,
    "giveaway": _giveaway,
    "giveaway_winners": _giveaway,
    "checklist": _checklist,
    "paid_media": _paid_media,
    "users_shared": _users,
    "user_shared": _user,
    "chat_shared": _chat,
}
