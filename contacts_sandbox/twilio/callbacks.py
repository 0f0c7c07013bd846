"""Status changes of a message, and the callbacks that report them."""

from __future__ import annotations

from contacts_sandbox.core.state import State
from contacts_sandbox.core.tasks import Tasks
from contacts_sandbox.twilio.errors import FAILURES
from contacts_sandbox.twilio.form_posts import FormPoster
from contacts_sandbox.twilio.records import API_VERSION, Message, StatusChange


class Lifecycle:
    """Moves messages from status to status."""

    def __init__(self, state: State, poster: FormPoster, tasks: Tasks) -> None:
        """Post callbacks through `poster`, in `tasks`, beside the request or timer that caused them."""
        self._state = state
        self._poster = poster
        self._tasks = tasks

    def move(self, message: Message, status: str, error_code: int | None = None) -> None:
        """Give a message a new status, and post it to its StatusCallback if it has one."""
        now = self._state.clock()
        message.status = status
        message.updated_at = now
        message.error_code = error_code
        message.history.append(StatusChange(status, now))
        if message.sent_at is None and status != "queued":
            message.sent_at = now
        if message.status_callback:
            fields = callback_fields(message)
            self._tasks.start(self._call(message, message.status_callback, fields))

    async def _call(self, message: Message, url: str, fields: dict[str, str]) -> None:
        await self._poster.post("callback", message, url, fields)


def callback_fields(message: Message) -> dict[str, str]:
    """Return the form of a status callback, as Twilio fills it for the message's channel."""
    fields = {
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "MessageStatus": message.status,
        "To": message.to,
        "MessageSid": message.sid,
        "AccountSid": message.account_sid,
        "From": message.from_,
        "ApiVersion": API_VERSION,
    }
    if message.messaging_service_sid:
        fields["MessagingServiceSid"] = message.messaging_service_sid
    if message.whatsapp:
        fields |= {"ChannelPrefix": "whatsapp", "ChannelToAddress": message.to, "StructuredMessage": "false"}
        if message.status in ("delivered", "read"):
            fields["EventType"] = message.status.upper()
    elif message.status in ("delivered", "undelivered"):
        fields["RawDlrDoneDate"] = message.updated_at.strftime("%y%m%d%H%M")
    if message.error_code is not None:
        wording = FAILURES.get(message.error_code, "")
        fields |= {"ErrorCode": str(message.error_code), "ErrorMessage": wording}
        if message.whatsapp:
            fields["ChannelStatusMessage"] = wording
    return fields
