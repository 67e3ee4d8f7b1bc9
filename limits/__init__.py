"""Limits: how often something may be done, by one person, to one mailbox, from one place and in all."""
