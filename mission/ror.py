"""ROR ids: the Research Organization Registry's names of organisations, with their check digits. Pure.

`https://ror.org/02jbv0t02` is a 0, six digits of Crockford's base 32 (no i, l, o, u) and two check digits by
ISO/IEC 7064, MOD 97-10. Source: ror.readme.io, "ROR identifier pattern".
"""

import re

from django.utils.translation import gettext as _

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
SHAPE = re.compile(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}")
ADDRESS = re.compile(r"^(https?://)?(www\.)?ror\.org/", re.IGNORECASE)


def address(ror_id: str) -> str:
    """Where anyone can look the organisation up."""
    return f"https://ror.org/{ror_id}"


def check_digits(six: str) -> str:
    """The two digits after the six characters that follow the leading zero."""
    number = 0
    for letter in six:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return f"{98 - number * 100 % 97:02d}"


def read_ror_id(said: str) -> str:
    """Nine characters, from the id or its address. Raises ValueError with a sentence for a person."""
    text = ADDRESS.sub("", said.strip()).lower()
    if not SHAPE.fullmatch(text):
        raise ValueError(
            _("“%(said)s” is no ROR id: it has nine characters and looks like 02jbv0t02.")
            % {"said": said[:100]}
        )
    if check_digits(text[1:7]) != text[7:]:
        raise ValueError(
            _("“%(said)s” is mistyped: the last two digits of a ROR id check the rest, and do not fit.")
            % {"said": said[:100]}
        )
    return text
