"""Control documents of Messenger. What reads one raises ControlError when it is wrong."""

from __future__ import annotations

from functools import partial
from typing import Any

from contacts_sandbox.core.fields import ControlError, Fields
from contacts_sandbox.core.scripts import talk
from contacts_sandbox.graph import shapes
from contacts_sandbox.graph.records import FIELDS, App, GraphPerson, GraphState, Page
from contacts_sandbox.graph.sending import KINDS
from contacts_sandbox.graph.shapes import Content
from contacts_sandbox.twilio.documents import media
from contacts_sandbox.twilio.records import Media


def app(document: object) -> App:
    """Read an app."""
    fields = Fields(document, "an app")
    made = App(fields.digits("id"), fields.text("secret"), fields.flag("require_proof", False))
    fields.done()
    return made


def page(state: GraphState, document: object) -> Page:
    """Read a page. Its app must exist, and its access token must be ASCII and no other page's."""
    fields = Fields(document, "a page")
    app_id = fields.digits("app_id")
    if app_id not in state.apps:
        raise ControlError(f"There is no app {app_id}. Create it first.")
    subscribed = fields.each("fields", _field) if fields.given("fields") else FIELDS
    number = fields.digits("id")
    made = Page(
        id=number,
        app_id=app_id,
        token=fields.text("access_token"),
        name=fields.optional_text("name") or f"Page {number}",
        webhook_url=fields.optional_url("webhook_url"),
        verify_token=fields.optional_text("verify_token") or "",
        human_agent=fields.flag("human_agent", False),
        token_expired=fields.flag("token_expired", False),
        fields=frozenset(subscribed),
    )
    fields.done()
    if not made.token.isascii():
        raise ControlError("'access_token' of a page must be ASCII.")
    other = state.page_of(made.token)
    if other and other.id != made.id:
        raise ControlError(f"Page {other.id} has that access token already.")
    return made


def _field(value: object) -> str:
    if not isinstance(value, str) or value not in FIELDS:
        raise ControlError(f"'fields' of a page must be some of {', '.join(sorted(FIELDS))}.")
    return value


def known_page(state: GraphState, fields: Fields) -> Page:
    """Read `page`, and return the page with that id."""
    number = fields.digits("page")
    found = state.pages.get(number)
    if found is None:
        raise ControlError(f"There is no page {number}. Create it first.")
    return found


def person(state: GraphState, document: object) -> GraphPerson:
    """Read a person at a page."""
    fields = Fields(document, "a person")
    script, unprompted = talk(fields, numbered=False)
    made = GraphPerson(
        page_id=known_page(state, fields).id,
        psid=fields.digits("psid"),
        first_name=fields.optional_text("first_name") or "Somebody",
        last_name=fields.optional_text("last_name") or "",
        reads=fields.flag("reads", False),
        unavailable=fields.flag("unavailable", False),
        script=script,
        unprompted=unprompted,
    )
    fields.done()
    return made


def known_person(state: GraphState, fields: Fields) -> tuple[Page, GraphPerson]:
    """Read `page` and `psid`, and return the page and its person."""
    found = known_page(state, fields)
    psid = fields.digits("psid")
    someone = state.people.get((found.id, psid))
    if someone is None:
        raise ControlError(f"There is no person {psid} at page {found.id}. Create them first.")
    return found, someone


def content(state: GraphState, base_url: str, fields: Fields) -> Content:
    """Read the text, attachments, quick reply and `reply_to` of a message; `extra` goes into its object as it is."""
    text = fields.optional_text("text") or ""
    found = fields.each("attachments", partial(_attachment, state, base_url))
    more: dict[str, Any] = {}
    if fields.given("quick_reply"):
        more["quick_reply"] = {"payload": fields.text("quick_reply")}
    if fields.given("reply_to"):
        more["reply_to"] = {"mid": fields.text("reply_to")}
    more |= fields.json_object("extra")
    if not (text or found or more):
        raise ControlError("A message has a text, attachments, or 'extra'.")
    attachments = tuple(one for one, _ in found)
    return Content(text, attachments, tuple(file for _, file in found if file), tuple(more.items()))


def _attachment(state: GraphState, base_url: str, document: object) -> tuple[dict[str, Any], Media | None]:
    fields = Fields(document, "an attachment")
    kind = fields.text("type")
    if kind == "location":
        latitude, longitude = fields.optional_number("latitude"), fields.optional_number("longitude")
        title = fields.optional_text("title") or "Pinned location"
        fields.done()
        if latitude is None or longitude is None:
            raise ControlError("A location needs 'latitude' and 'longitude'.")
        return shapes.location(latitude, longitude, title), None
    if kind == "fallback":
        made = shapes.fallback(fields.optional_text("title") or "", fields.optional_url("url") or "")
        fields.done()
        return made, None
    if kind not in KINDS:
        raise ControlError(f"'type' of an attachment must be one of {', '.join(sorted(KINDS))}, fallback, location.")
    read = media(fields.rest())
    file = state.keep(read.content_type, read.filename or kind, read.data)
    return shapes.attachment(kind, shapes.file_url(base_url, file)), file
