import base64
import hashlib
import hmac
import time


def is_genuine(secret, headers, body):
    """Whether a request came from the calendar, within these five minutes."""
    name, seconds = headers["webhook-id"], headers["webhook-timestamp"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = hmac.new(key, f"{name}.{seconds}.".encode() + body, hashlib.sha256)
    wanted = "v1," + base64.b64encode(said.digest()).decode()
    offered = headers["webhook-signature"].split()
    return abs(time.time() - int(seconds)) < 300 and any(hmac.compare_digest(wanted, one) for one in offered)
