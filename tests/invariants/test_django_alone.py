"""Whoever does not serve does not wait for Django: only the commands of the service read it in."""

import subprocess
import sys

_ASKED = """
import sys
from kept.cli import command, pages
command.parser()
import kept.web.people.policy, kept.web.people.roles, kept.web.contacts.safe, kept.web.sealing
print(sorted({name.partition('.')[0] for name in sys.modules} & {'django', 'jinja2', 'gunicorn', 'authlib'}))
"""


def test_the_command_and_the_policy_do_without_django() -> None:
    done = subprocess.run([sys.executable, "-c", _ASKED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
