"""Every provider's world. A further provider adds its own, and has to pass the contract as it stands."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from tests.channels.contract import Editing, Reporting, Signed, World
from tests.channels.messenger_world import messenger_world
from tests.channels.telegram_world import polled_world, telegram_world
from tests.channels.twilio_world import sms_world, whatsapp_world
from tests.sandbox.driver import Driver

WORLDS: dict[str, Callable[[Driver], AbstractAsyncContextManager[World]]] = {
    "twilio-sms": sms_world,
    "twilio-whatsapp": whatsapp_world,
    "telegram-webhook": telegram_world,
    "telegram-polling": polled_world,
    "messenger": messenger_world,
}
"""Every provider's world, once for each channel and each way to receive."""

SIGNED: dict[str, Callable[[Driver], AbstractAsyncContextManager[Signed]]] = {
    "twilio-sms": sms_world,
    "twilio-whatsapp": whatsapp_world,
    "telegram-webhook": telegram_world,
    "messenger": messenger_world,
}
"""The worlds of providers that call a webhook, and prove their identity."""

REPORTING: dict[str, Callable[[Driver], AbstractAsyncContextManager[Reporting]]] = {
    "twilio-sms": sms_world,
    "twilio-whatsapp": whatsapp_world,
    "messenger": messenger_world,
}
"""The worlds of providers that give our reference back in their reports, and sign them."""

FINDING = ["twilio-sms", "twilio-whatsapp"]
"""The worlds of providers that can be asked for a message, and for templates."""

EDITING: dict[str, Callable[[Driver], AbstractAsyncContextManager[Editing]]] = {
    "telegram-webhook": telegram_world,
    "telegram-polling": polled_world,
    "messenger": messenger_world,
}
"""The worlds of providers whose people can change what they wrote."""
