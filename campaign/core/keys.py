"""Private keys that operators keep in files (PEM), read in one place."""

import base64
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


def read(path: Path) -> PrivateKeyTypes:
    """The key in this file. Raises ValueError, whose text says what is wrong and nothing of the key."""
    try:
        return load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise ValueError(f"the file cannot be read ({error.strerror})") from error
    except TypeError as error:
        raise ValueError("the key is locked with a password") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError("the file holds no private key in PEM") from error


@lru_cache(4)
def public_point(path: str) -> str:
    """The public half of a key on P-256 as browsers want it (RFC 8292, 3.2), read once. Raises ValueError."""
    key = read(Path(path))
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise ValueError("it is another kind of key")  # noqa: TRY004 - The value of a setting is wrong.
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
