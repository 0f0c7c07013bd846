"""Twilio's errors: the codes this sandbox gives, with Twilio's status and wording.

A code marked undocumented is a choice made here, where Twilio's pages don't say which one comes.
"""

from __future__ import annotations

from starlette.responses import JSONResponse

DOCS = "https://www.twilio.com/docs/errors/"
"""Where each code is explained; the `more_info` of an error."""

REFUSALS: dict[int, tuple[int, str]] = {
    20001: (400, "Unknown parameters: {detail}"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20404: (404, "The requested resource {detail} was not found"),
    20413: (413, "Request entity too large"),  # undocumented: Twilio's pattern of 20000 plus the HTTP status
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    21211: (400, "Invalid 'To' Phone Number: {detail}"),
    21212: (400, "Invalid From Number (caller ID): {detail}"),
    21266: (400, "'To' and 'From' number cannot be the same: {detail}"),
    21408: (400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (
        400,
        "The 'From' phone number provided ({detail}) is not a valid message-capable Twilio phone number "
        "for this destination.",
    ),
    21609: (400, "The 'StatusCallback' URL {detail} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "The 'To' phone number is not currently reachable using the 'From' phone number"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21620: (400, "Invalid media URL(s)"),
    21623: (400, "Number of media files exceeds allowed limit"),
    21654: (400, "ContentSid Required"),
    21655: (400, "The ContentSid is Invalid"),
    21656: (400, "The ContentVariables Parameter is invalid"),
    21658: (400, "Parameter exceeded character limit: {detail}"),
    21701: (400, "The Messaging Service does not exist"),
    21703: (400, "The Messaging Service does not have a phone number available to send a message"),
    21910: (400, "Invalid From and To pair. From and To should be of the same channel"),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
}
"""Code to HTTP status and message, for requests that are refused."""

FAILURES: dict[int, str] = {
    11200: "HTTP retrieval failure",
    11751: "Media Message - Media exceeds messaging provider size limit",
    12300: "Invalid Content-Type",
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    63003: "Channel could not find To address",
    63016: "Failed to send freeform message because you are outside the allowed window. "
    "If you are using WhatsApp, please use a Message Template.",
    63019: "Media failed to download",
    63021: "Channel invalid content error",
    63024: "Invalid message recipient",
    63040: "Template Rejected",
    63041: "Template Paused",
    63042: "Template Disabled",
}
"""Code to message, for messages that were accepted and failed afterwards."""


class TwilioError(Exception):
    """A request refused the way Twilio refuses it."""

    def __init__(self, code: int, detail: str = "", *, retry_after: float | None = None) -> None:
        """Make the error of a code in REFUSALS. `detail` fills the message's blank; `retry_after` is in seconds."""
        super().__init__(code)
        self.code = code
        self.status, wording = REFUSALS[code]
        self.message = wording.format(detail=detail)
        self.retry_after = retry_after

    def response(self) -> JSONResponse:
        """Return the error as JSON, in Twilio's words."""
        headers: dict[str, str] = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(max(1, round(self.retry_after)))
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        document = {
            "code": self.code,
            "message": self.message,
            "more_info": f"{DOCS}{self.code}",
            "status": self.status,
        }
        return JSONResponse(document, self.status, headers)
