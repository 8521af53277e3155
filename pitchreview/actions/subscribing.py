"""Who wants mail, and the link in each letter that ends it without signing in."""

from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from pitchreview.errors import NotFound
from pitchreview.models import User

# What a link ends: every letter, or the weekly one.
ALL, DIGEST = "no-more-mail", "no-more-digest"


def token_of(user: User, secret_key: str, what: str = ALL) -> str:
    """It says who, and that we said so; it opens nothing else and does not grow old, as letters do."""
    return _serializer(secret_key, what).dumps(user.id.hex)


def person_of(session: Session, token: str, secret_key: str, what: str = ALL) -> User:
    try:
        user = session.get(User, UUID(str(_serializer(secret_key, what).loads(token))))
    except (BadSignature, ValueError):
        user = None
    if user is None:
        raise NotFound("This link is not whole. Copy it from the letter again, or sign in to change it.")
    return user


def _serializer(secret_key: str, what: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=what)
