"""What Pyodide's hashlib lacks, having no OpenSSL: scrypt and PBKDF2, which hash passwords."""

from __future__ import annotations

import hashlib
from collections.abc import Callable


def supply(scrypt: Callable[..., bytes], pbkdf2: Callable[..., bytes]) -> None:
    """Give `hashlib` the functions that it lacks, made of the page's.

    Args:
        scrypt: takes password, salt, n, r, p and the length wanted.
        pbkdf2: takes the hash's name, password, salt, iterations and the length wanted.
    """

    def hashlib_scrypt(password, *, salt, n, r, p, maxmem=0, dklen=64) -> bytes:
        return scrypt(bytes(password), bytes(salt), n, r, p, dklen)

    def hashlib_pbkdf2(hash_name, password, salt, iterations, dklen=None) -> bytes:
        length = dklen or hashlib.new(hash_name).digest_size
        return pbkdf2(hash_name, bytes(password), bytes(salt), iterations, length)

    if not hasattr(hashlib, "scrypt"):
        hashlib.scrypt = hashlib_scrypt
    if not hasattr(hashlib, "pbkdf2_hmac"):
        hashlib.pbkdf2_hmac = hashlib_pbkdf2
