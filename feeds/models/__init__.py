from feeds.models.delivery import Announcement, DigestRun, Mail, Turn
from feeds.models.subscribers import Subscriber, Subscription

__all__ = ["Announcement", "DigestRun", "Mail", "Subscriber", "Subscription", "Turn"]
