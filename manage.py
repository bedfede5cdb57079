#!/usr/bin/env python
"""Django's command line: `manage.py help` lists what there is."""

import os
import sys
from pathlib import Path

import environ
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mission.settings")
    if sys.argv[1:2] == ["up"]:  # a demo world, unless DEBUG says otherwise
        environ.Env.read_env(Path(__file__).parent / ".env")
        os.environ.setdefault("DEBUG", "1")
    execute_from_command_line(sys.argv)
