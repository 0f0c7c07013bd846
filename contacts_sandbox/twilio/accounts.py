"""The account itself and its phone numbers: what a client looks at to check its settings."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from contacts_sandbox.core.forms import Form
from contacts_sandbox.twilio.addresses import channel_prefix
from contacts_sandbox.twilio.api import Sandbox, rfc2822
from contacts_sandbox.twilio.errors import TwilioError
from contacts_sandbox.twilio.records import API_VERSION, Account, Sender

ISO = "%Y-%m-%dT%H:%M:%SZ"
"""Times as the Messaging API writes them."""


async def fetch(request: Request, sandbox: Sandbox, account: Account) -> Response:
    """GET Accounts/{sid}.json: return the account."""
    uri = f"/{API_VERSION}/Accounts/{account.sid}"
    names = {"messages": "Messages", "incoming_phone_numbers": "IncomingPhoneNumbers"}
    document = {
        "sid": account.sid,
        "owner_account_sid": account.sid,
        "friendly_name": "Sandbox",
        "status": "active",
        "type": "Full",
        # Twilio's answer holds the token. Here it is left out: a client needed it to ask at all.
        "auth_token": "",
        "date_created": rfc2822(account.created_at),
        "date_updated": rfc2822(account.created_at),
        "uri": f"{uri}.json",
        "subresource_uris": {key: f"{uri}/{name}.json" for key, name in names.items()},
    }
    return JSONResponse(document)


async def numbers(request: Request, sandbox: Sandbox, account: Account) -> Response:
    """GET Accounts/{sid}/IncomingPhoneNumbers.json: return all numbers on one page, without WhatsApp senders."""
    wanted = Form(request.scope["query_string"]).first("PhoneNumber")
    found = [
        sender
        for sender in sandbox.state.senders.values()
        if sender.account_sid == account.sid and not channel_prefix(sender.address) and wanted in ("", sender.address)
    ]
    uri = request.scope["path"]
    document = {
        "incoming_phone_numbers": [_number(sender) for sender in found],
        "page": 0,
        "page_size": 50,
        "start": 0,
        "end": max(len(found) - 1, 0),
        "uri": uri,
        "first_page_uri": uri,
        "next_page_uri": None,
        "previous_page_uri": None,
    }
    return JSONResponse(document)


async def service_numbers(request: Request, sandbox: Sandbox, account: Account) -> Response:
    """GET /v1/Services/{sid}/PhoneNumbers of the Messaging API: return all numbers of a service on one page."""
    service = request.path_params["service"]
    members = sandbox.state.service_senders(account.sid, service)
    if not members:
        raise TwilioError(20404, request.scope["path"])
    url = f"{sandbox.state.base_url}{request.scope['path']}"
    document = {
        "phone_numbers": [
            {
                "sid": sender.sid,
                "account_sid": account.sid,
                "service_sid": service,
                "phone_number": sender.address,
                "capabilities": ["SMS", "MMS"],
                "country_code": "",
                "date_created": sender.created_at.strftime(ISO),
                "date_updated": sender.created_at.strftime(ISO),
                "url": f"{url}/{sender.sid}",
            }
            for sender in members
            if not channel_prefix(sender.address)
        ],
        "meta": {
            "page": 0,
            "page_size": 50,
            "first_page_url": url,
            "previous_page_url": None,
            "next_page_url": None,
            "url": url,
            "key": "phone_numbers",
        },
    }
    return JSONResponse(document)


def _number(sender: Sender) -> dict[str, Any]:
    uri = f"/{API_VERSION}/Accounts/{sender.account_sid}/IncomingPhoneNumbers/{sender.sid}.json"
    return {
        "sid": sender.sid,
        "account_sid": sender.account_sid,
        "phone_number": sender.address,
        "friendly_name": sender.address,
        "api_version": API_VERSION,
        "capabilities": {"sms": sender.sms_capable, "mms": sender.sms_capable, "voice": True, "fax": False},
        "sms_url": sender.inbound_url or "",
        "sms_method": "POST",
        "status": "in-use",
        "origin": "twilio",
        "date_created": rfc2822(sender.created_at),
        "date_updated": rfc2822(sender.created_at),
        "uri": uri,
    }
