from feeds.models.delivery import Announcement, DigestRun, Mail, Turn
from feeds.models.newsletter import NewsletterIntroduction
from feeds.models.subscribers import MAX_QUERY, Subscriber, Subscription

__all__ = [
    "MAX_QUERY",
    "Announcement",
    "DigestRun",
    "Mail",
    "NewsletterIntroduction",
    "Subscriber",
    "Subscription",
    "Turn",
]
