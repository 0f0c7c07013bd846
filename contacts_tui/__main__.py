"""`python -m contacts_tui` is `contacts-tui`."""

import sys

from contacts_tui.cli.main import main

sys.exit(main())
