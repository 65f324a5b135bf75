"""One-time codes: random, easy to type, and known to the database by their hash alone."""

import hashlib
import secrets
from typing import Final

# Crockford's base 32: no letter that is taken for a digit, no word by accident.
_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
# 26 signs of 5 bits are 130 random bits: nobody finds one by trying, so a fast hash hides it well enough.
LENGTH: Final = 26
_GROUP: Final = 5


def new_code() -> str:
    """Return a fresh code, in groups as people read them."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(LENGTH))
    return "-".join(signs[i : i + _GROUP] for i in range(0, LENGTH, _GROUP))


def hash_of(code: str, purpose: str) -> str:
    """Return what is stored of a code, however it was typed; another purpose has another hash."""
    signs = "".join(sign for sign in code.upper().translate(_LOOKALIKES) if sign.isalnum())
    return hashlib.sha256(f"bst code\n{purpose}\n{signs}".encode()).hexdigest()
