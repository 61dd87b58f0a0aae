"""Private keys that operators keep in files (PEM), read in one place."""

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key


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
