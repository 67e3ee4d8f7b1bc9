"""Two processes with a few threads each: enough for two cores, and a slow reader of a video blocks nobody."""

import gc
import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "transferhub.patient_worker.PatientWorker"
preload_app = False
timeout = 30
graceful_timeout = 10
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
logger_class = "transferhub.server_logs.ServerLogger"
# An address that is too long gets a page of ours that says so, up to the 128 KB that the worker holds of a head; the proxy in
# front keeps what is absurd away (nginx: 8 KB).
limit_request_line = 0


def post_worker_init(worker):
    """The first search should not have to wait for the dictionaries, nor any other for Python looking them through."""
    from search.warm_up import warm_up

    warm_up()
    gc.collect()
    gc.freeze()
