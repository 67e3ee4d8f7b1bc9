"""Every limit of the platform, and why it is as it is.

Written as django-allauth writes rates: how often / in which time / for whom, several joined by commas; the first that is
reached refuses. "origin" is where a request comes from (an IPv4 address, or a /64 of IPv6), "mailbox" an address without
what mail servers ignore, "all" everybody together. Whatever is counted for an origin is forgotten within an hour, all else
within a day. Fifty people behind one address of an office or a training room meet none of these, and what is counted for
all is out of reach for a single origin.
"""

from allauth.core.internal.ratelimit import Rate, parse_rates

RATES = {
    # Asking for a subscription, or for the link to one's own: a room of 25 people follows four topics each. Fifteen
    # origins would have to join to reach what a worker sends in a quarter of an hour.
    "subscribe": "100/h/origin,1500/h/all",
    # What comes of that in one mailbox, told to nobody, so that nobody learns who gets it.
    "subscription_mail": "3/d/mailbox",
    # Forgotten passwords: a course begins, and all have forgotten theirs. The mailbox holds five valid links by then. The
    # address counts as accounts have it: other spellings send nothing, and take nothing away from its owner.
    "password_reset": "5/h/address,10/d/address,60/h/origin,1000/h/all",
    # Invitations, first and again: who sets up an organisation invites thirty people in an hour.
    "invitation": "3/d/offer,5/d/mailbox,60/h/person,200/d/person,1000/d/all",
    # Links for partners: twenty may be open for a page; those sent by mail are seen by people who asked for none.
    "partner_link": "100/h/person",
    "partner_mail": "3/d/page,10/d/mailbox,60/h/person,200/d/person,1000/d/all",
    # What partners say with a link. A whole organisation may read behind one address, and one link.
    "remark": "20/h/link,100/h/origin",
    # The mail about it; what was said stands in the admin in any case, as do the steps of reviews.
    "remark_mail": "20/h/mailbox,100/d/mailbox",
    "review_mail": "6/d/page,200/d/mailbox",
    # "Your password was changed", of each sort: the first ones are what counts.
    "account_mail": "5/d/sort",
    "attempts_mail": "1/d/account",
    # Wrong passwords and codes from one origin, whichever account they are for: fifty people who mistype once.
    "wrong_guess": "60/10m/origin",
    # Secret links that do not exist. Nobody guesses 128 bits; this keeps floods from the database.
    "unknown_link": "100/10m/origin",
    # Passwords that several readers share for a page or a collection.
    "shared_password": "10/10m/origin",
}

# Wrong passwords for one account: so many are free from one origin, so many from all places where its owner has not signed in
# lately. Then each wrong one doubles a pause.
FREE_FROM_ONE_ORIGIN = 5
FREE_FROM_ALL = 10
FIRST_PAUSE_S = 60
LONGEST_PAUSE_S = 15 * 60


def rates_of(action: str) -> list[Rate]:
    """Return the rates for `action`, in the order in which they are asked."""
    return parse_rates(RATES[action])
