"""Twilio: messages, templates, numbers and signed webhooks."""
