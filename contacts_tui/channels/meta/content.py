"""What an agent reads of a Messenger message: its text, its files, and a named placeholder for anything else."""

import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from contacts_tui.channels.untrusted import LONGEST_WORD, is_blank, number_of, objects_of, spoken, text_of, word_of
from contacts_tui.domain.media import NO_TEXT
from contacts_tui.domain.message import Media

Json = Mapping[str, Any]
"""A JSON object from outside: nothing about its values is certain."""

_FILES = {"image": "image/*", "video": "video/*", "audio": "audio/*", "file": "application/octet-stream"}
"""Kinds of attachments that are files, and what the kind alone says of their content type."""

_PRICES = ("price", "unit_price", "item_price")
_NAMES = ("name", "retailer_id", "product_retailer_id", "product_id", "id")
"""Fields by which a card or product without a title is named."""
_TEMPLATE_WORDS = ("text", "intro_message", "title", "subtitle", "coupon_code")
"""Fields with the words of a template that are not on a card."""
_STICKER, _TEMPLATE = "sticker", "template"
_ABOUT = frozenset(
    {"app_id", "attachments", "is_echo", "is_unsupported", "metadata", "mid", "nlp", "quick_reply", "reply_to", "tags"}
)
"""Fields that say something about a message, and aren't its content."""


def id_of(value: object) -> str:
    """Return the `id` in an object from outside, as text; empty when there is none."""
    found = value.get("id") if isinstance(value, dict) else None
    return str(found) if type(found) is int else text_of(found).strip()


def content(message: Json) -> tuple[str, tuple[Media, ...]]:
    """Return the text and the files of a message. Name what can't be shown, so that no message looks empty."""
    attachments = _attachments(message)
    media = tuple(_media(attachments))
    said = (spoken(message.get("text")), *_lines(attachments), *_forms(message), referral(message))
    lines = [text for text in said if not is_blank(text)]
    if not lines and not media and not attachments and "text" in message:
        lines.append(NO_TEXT)
    elif not lines and not media:
        kinds = ", ".join(sorted(set(map(_kind, attachments))) or _fields(message)) or "unknown"
        lines.append(f"A message of the type {kinds}, which can't be shown here")
    return "\n".join(lines), media


def _fields(message: Json) -> list[str]:
    """Return the names of a message's fields, shortened, without those that only say something about it."""
    return [text_of(name)[:LONGEST_WORD] for name in message if name not in _ABOUT]


def _attachments(message: Json) -> Sequence[Json]:
    """Return the attachments, without the picture that comes with a sticker of the same id."""
    found = message.get("attachments")
    found = [found] if isinstance(found, dict) else found
    attachments = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    stickers = [_payload(each).get("sticker_id") for each in attachments if _kind(each) == _STICKER]
    return [
        each for each in attachments if _kind(each) != "image" or _payload(each).get("sticker_id", each) not in stickers
    ]


def _media(attachments: Sequence[Json]) -> Iterator[Media]:
    for attachment in attachments:
        kind, url = _kind(attachment), text_of(_payload(attachment).get("url"))
        if (kind in _FILES or kind == _STICKER) and _is_web(url):
            name = _file_name(url)
            yield Media(url, _content_type("image" if kind == _STICKER else kind, name), name)


def _lines(attachments: Sequence[Json]) -> Iterator[str]:
    """Yield a line for each attachment that isn't a file which can be downloaded."""
    for attachment in attachments:
        kind, payload = _kind(attachment), _payload(attachment)
        title = (text_of(attachment.get("title")) or text_of(payload.get("title"))).strip()
        # A shared link may have its address beside the payload instead of in it.
        url = text_of(payload.get("url")) or text_of(attachment.get("url"))
        where = payload.get("coordinates")
        if kind == "location" and isinstance(where, dict):
            place = f"{number_of(where.get('lat'))}, {number_of(where.get('long'))}"
            yield f"Location: {title} ({place})" if title else f"Location: {place}"
        elif kind == _STICKER or kind in _FILES:
            if not _is_web(url):
                yield f"[{kind.capitalize()}]"
        elif kind == _TEMPLATE:
            yield _template(title, payload)
        elif _is_web(url):
            yield f"{title} {url}".strip()
        elif title:
            yield f"[{kind.capitalize()}: {title}]"


def _template(title: str, payload: Json) -> str:
    """Return the words of a template: its texts, cards, products, receipt and buttons. Its address leads nowhere."""
    # Products and some cards are one level deeper, under the name of their kind.
    parts = [payload, *(part for part in payload.values() if isinstance(part, dict))]
    lines = [spoken(part.get(name)) for part in parts for name in _TEMPLATE_WORDS]
    lines += [_card(card) for part in parts for card in objects_of(part.get("elements"))]
    lines += _receipt(payload)
    lines += [f"[{label}]" for part in parts for label in _buttons(part)]
    said = "\n".join(line for line in lines if not is_blank(line))
    return said or (f"[Template: {title}]" if title else "[Template]")


def _card(card: Json) -> str:
    """Return a card of a template, or a product, on one line: title, subtitle, quantity, price and buttons."""
    title, about = spoken(card.get("title")).strip(), spoken(card.get("subtitle")).strip()
    price = next((part for name in _PRICES if (part := _amount(card.get(name)))), "")
    price = " ".join(part for part in (price, word_of(card.get("currency"))) if part and price)
    quantity = word_of(card.get("quantity"))
    said = [title or next((word for name in _NAMES if (word := word_of(card.get(name)))), ""), about]
    said += [f"{quantity} ×" if quantity else "", price]
    labels = [f"[{label}]" for label in _buttons(card)]
    return " ".join((", ".join(part for part in said if part), *labels)).strip() or text_of(card.get("url"))


def _receipt(payload: Json) -> Iterator[str]:
    number, summary = word_of(payload.get("order_number")), payload.get("summary")
    if number:
        yield f"Receipt for order {number}"
    total = summary.get("total_cost") if isinstance(summary, dict) else None
    if total is not None:
        yield f"Total: {_amount(total)} {text_of(payload.get('currency'))}".strip()


def _buttons(part: Json) -> Iterator[str]:
    return (label for button in objects_of(part.get("buttons")) if (label := spoken(button.get("title")).strip()))


def _amount(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else word_of(value)


def _forms(message: Json) -> Iterator[str]:
    """Yield the order of a message that has one: its products, else its note."""
    order = message.get("order")
    if isinstance(order, dict):
        products = [_card(each) for each in objects_of(order.get("products"))]
        yield "Order: " + ("; ".join(filter(None, products)) or spoken(order.get("note")) or "no products named")


def referral(message: Json) -> str:
    """Return a line for the ad, product or link that led to a message; empty without one."""
    found = message.get("referral")
    if not isinstance(found, dict):
        return ""
    context, product = found.get("ads_context_data"), found.get("product")
    title = spoken(context.get("ad_title")) if isinstance(context, dict) else ""
    if title.strip():
        return f"From an ad: {title.strip()}"
    if isinstance(product, dict) and (ident := word_of(product.get("id"))):
        return f"About the product {ident}"
    if word_of(found.get("ad_id")):
        return "From an ad"
    reference = spoken(found.get("ref")).strip()
    return f"From a link: {reference}" if reference else ""


def _kind(attachment: Json) -> str:
    return text_of(attachment.get("type")).strip()[:LONGEST_WORD].lower() or "unknown"


def _payload(attachment: Json) -> Json:
    payload = attachment.get("payload")
    return payload if isinstance(payload, dict) else {}


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _file_name(url: str) -> str:
    """Return the last part of an address, where Meta puts a file's name; empty when it can't be read."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return text_of(unquote(path.rpartition("/")[2]))


def _content_type(kind: str, name: str) -> str:
    guessed = mimetypes.guess_type(name)[0] or ""
    fits = guessed.partition("/")[0] == kind or kind == "file"
    return guessed if guessed and fits else _FILES[kind]
