"""Where the bundle starts."""

from __future__ import annotations

import sys

from gengdi_desktop.main import main

sys.exit(main())
