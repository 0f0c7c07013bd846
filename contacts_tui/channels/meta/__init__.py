"""Meta: Facebook Messenger over the Graph API."""
