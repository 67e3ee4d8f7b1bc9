#!/usr/bin/env python
"""Django's command line, on the development settings unless told otherwise."""

import os
import sys

from transferhub.private_files import UMASK


def main() -> None:
    os.umask(UMASK)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "transferhub.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
