"""What gunicorn serves in tests of its worker: the method and how long the body was."""


def application(environ, start_response):
    answer = f"{environ['REQUEST_METHOD']} {len(environ['wsgi.input'].read())}".encode()
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
