"""What gunicorn itself logs: requests it can not read, connections that broke off, and every request where operators ask so."""

from gunicorn.glogging import Logger

from transferhub.logs import WithoutSecrets


class ServerLogger(Logger):
    """Gunicorn's logger, without the secrets of links."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(WithoutSecrets(handler.formatter))
