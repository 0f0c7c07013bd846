"""Control documents: JSON into the sandbox's own objects. What reads one raises ControlError when it is wrong."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Any

from contacts_sandbox.core.faults import KINDS, Fault
from contacts_sandbox.core.fields import ControlError, Fields
from contacts_sandbox.core.scripts import talk
from contacts_sandbox.core.state import State
from contacts_sandbox.twilio.addresses import RCS, WHATSAPP, channel_prefix, is_user_id
from contacts_sandbox.twilio.inbound import OPT_OUT_TYPES, Button, Choice, Letter, Place, Referral
from contacts_sandbox.twilio.people import Person, Traits
from contacts_sandbox.twilio.records import Account, Approval, Media, Sender, Template, new_sid


def account(state: State, document: object) -> Account:
    """Read an account: `sid` and `auth_token`."""
    fields = Fields(document, "an account")
    made = Account(fields.sid("sid", "AC"), fields.text("auth_token"), state.clock())
    fields.done()
    return made


def known_account(state: State, fields: Fields) -> str:
    """Read and return the `account_sid` of an account, which must exist."""
    sid = fields.text("account_sid")
    if sid not in state.accounts:
        raise ControlError(f"There is no account {sid}. Create it first.")
    return sid


def sender(state: State, document: object) -> Sender:
    """Read a sender. One at an address that is known keeps its identifier and its time of creation."""
    fields = Fields(document, "a sender")
    account_sid = known_account(state, fields)
    address = fields.address("address")
    before = state.senders.get(address)
    service = fields.sid("messaging_service_sid", "MG") if fields.given("messaging_service_sid") else None
    made = Sender(
        account_sid=account_sid,
        address=address,
        inbound_url=fields.optional_url("inbound_url"),
        messaging_service_sid=service,
        sms_capable=fields.flag("sms_capable", True),
        sid=before.sid if before else new_sid("PN"),
        created_at=before.created_at if before else state.clock(),
    )
    fields.done()
    return made


def approval(document: object, name: str) -> Approval:
    """Read an approval, named `name` unless it has a name of its own."""
    fields = Fields(document, "an approval")
    made = Approval(
        name=fields.optional_text("name") or name,
        category=fields.optional_text("category") or "UTILITY",
        status=fields.text("status"),
        rejection_reason=fields.optional_text("rejection_reason") or "",
    )
    fields.done()
    return made


def template(state: State, document: object) -> Template:
    """Read a template; without `sid` it gets a fresh one, without `approval` it is unsubmitted."""
    fields = Fields(document, "a template")
    account_sid = known_account(state, fields)
    name = fields.text("friendly_name")
    sid = fields.sid("sid", "HX") if fields.given("sid") else new_sid("HX")
    before = state.templates.get(sid)
    types = fields.one("types", _types)
    if not types:
        raise ControlError("A template needs 'types', an object of at least one content type.")
    given = fields.one("approval", lambda entry: approval(entry, name))
    made = Template(
        account_sid=account_sid,
        sid=sid,
        friendly_name=name,
        language=fields.optional_text("language") or "en",
        types=types,
        variables=fields.one("variables", _variables) or {},
        approval=given or Approval(name, "UTILITY", "unsubmitted", ""),
        created_at=before.created_at if before else state.clock(),
        updated_at=state.clock(),
    )
    fields.done()
    return made


def _types(document: object) -> dict[str, dict[str, Any]]:
    if not isinstance(document, dict) or not all(isinstance(entry, dict) for entry in document.values()):
        raise ControlError("'types' of a template must be an object of objects.")
    return document


def _variables(document: object) -> dict[str, str]:
    if not isinstance(document, dict) or not all(isinstance(entry, str) for entry in document.values()):
        raise ControlError("'variables' of a template must be an object of sample texts.")
    return document


def person(document: object) -> Person:
    """Read a person with traits, script and unprompted lines."""
    fields = Fields(document, "a person")
    script, unprompted = talk(fields, numbered=True)
    made = Person(
        address=fields.address("address"),
        profile_name=fields.optional_text("profile_name"),
        reads=fields.flag("reads", False),
        traits=fields.one("traits", _traits) or Traits(),
        script=script,
        unprompted=unprompted,
    )
    fields.done()
    return made


def _traits(document: object) -> Traits:
    fields = Fields(document, "traits")
    made = Traits(**{name: fields.flag(name, False) for name in Traits.__dataclass_fields__})
    fields.done()
    return made


_ONLY_BY = {
    "button": (WHATSAPP, RCS),
    "list_reply": (WHATSAPP, RCS),
    "location": (WHATSAPP, RCS),
    "referral": (WHATSAPP,),
    "user_id": (WHATSAPP,),
    "parent_user_id": (WHATSAPP,),
}
"""Fields of a message that exist on some channels only, to the prefixes of these."""


def letter(state: State, document: object) -> tuple[Sender, Letter]:
    """Read a message from a person. Return the sender that it goes to, and the message."""
    fields = Fields(document, "an inbound message")
    from_, to = fields.address("from"), fields.address("to")
    prefix = channel_prefix(from_)
    for name, prefixes in _ONLY_BY.items():
        if fields.given(name) and prefix not in prefixes:
            raise ControlError(f"{name!r} of an inbound message needs a 'from' with {' or '.join(prefixes)}.")
    made = Letter(
        from_=from_,
        body=fields.optional_text("body") or "",
        profile_name=fields.optional_text("profile_name"),
        media=fields.each("media", media),
        button=fields.one("button", _button),
        place=fields.one("location", _place),
        choice=fields.one("list_reply", _choice),
        referral=fields.one("referral", _referral),
        user_id=_user_id(fields, "user_id"),
        parent_user_id=_user_id(fields, "parent_user_id"),
        opt_out_type=_opt_out_type(fields),
        at=fields.time("at"),
    )
    fields.done()
    if made.button and made.choice:
        raise ControlError("An inbound message has either 'button' or 'list_reply'.")
    target = state.senders.get(to)
    if target is None:
        raise ControlError(f"There is no sender {to}.")
    return target, made


def media(document: object) -> Media:
    """Read a file, from its base64 or its text."""
    fields = Fields(document, "media")
    content_type = fields.text("content_type")
    encoded, text = fields.optional_text("base64"), fields.optional_text("text")
    filename = fields.optional_text("filename")
    fields.done()
    if (encoded is None) == (text is None):
        raise ControlError("Media needs either 'base64' or 'text'.")
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+(; ?[\w=-]+)?", content_type, re.ASCII):
        raise ControlError("'content_type' of media must be a MIME type.")
    try:
        data = b64decode(encoded, validate=True) if encoded is not None else (text or "").encode()
    except ValueError as error:
        raise ControlError("'base64' of media is not base64.") from error
    return Media(new_sid("ME"), content_type, filename, data)


def _button(document: object) -> Button:
    fields = Fields(document, "a button")
    text = fields.text("text")
    made = Button(text, fields.optional_text("payload") or text)
    fields.done()
    return made


def _choice(document: object) -> Choice:
    fields = Fields(document, "a list reply")
    made = Choice(fields.text("id"), fields.text("title"), fields.optional_text("description") or "")
    fields.done()
    return made


def _referral(document: object) -> Referral:
    fields = Fields(document, "a referral")
    url = fields.optional_url("source_url")
    if not url:
        raise ControlError("A referral needs 'source_url', a web address.")
    kind = fields.optional_text("source_type") or "ad"
    if kind not in ("ad", "post"):
        raise ControlError("'source_type' of a referral must be ad or post.")
    headline, body = fields.optional_text("headline") or "", fields.optional_text("body") or ""
    fields.done()
    return Referral(url, headline, body, kind)


def _user_id(fields: Fields, name: str) -> str | None:
    text = fields.optional_text(name)
    if text is not None and not is_user_id(text):
        raise ControlError(f"{name!r} of an inbound message must be a WhatsApp user id, such as US.aB12.")
    return text


def _opt_out_type(fields: Fields) -> str | None:
    word = fields.optional_text("opt_out_type")
    if word is not None and word not in OPT_OUT_TYPES:
        raise ControlError(f"'opt_out_type' of an inbound message must be one of {', '.join(OPT_OUT_TYPES)}.")
    return word


def _place(document: object) -> Place:
    fields = Fields(document, "a location")
    latitude, longitude = fields.optional_number("latitude"), fields.optional_number("longitude")
    if latitude is None or longitude is None:
        raise ControlError("A location needs 'latitude' and 'longitude'.")
    label, address = fields.optional_text("label") or "", fields.optional_text("address") or ""
    fields.done()
    return Place(latitude, longitude, label, address)


def fault(state: State, document: object) -> Fault:
    """Read a fault, plan it and return it."""
    fields = Fields(document, "a fault")
    when, kind = fields.text("when"), fields.text("kind")
    if when not in KINDS:
        raise ControlError(f"'when' of a fault must be one of {', '.join(KINDS)}.")
    if kind not in KINDS[when]:
        raise ControlError(f"'kind' of a fault on {when} must be one of {', '.join(sorted(KINDS[when]))}.")
    times = fields.count("count", 1)
    seconds = fields.number("seconds", 0.0) if fields.given("seconds") else None
    skip = fields.count("skip", 0, least=0) or 0
    to, from_ = fields.one("match", _match) or (None, None)
    fields.done()
    return state.faults.add(when, kind, times=times, seconds=seconds, to=to, from_=from_, skip=skip)


def _match(document: object) -> tuple[str | None, str | None]:
    fields = Fields(document, "a match")
    to, from_ = fields.optional_text("to"), fields.optional_text("from")
    fields.done()
    return to, from_
