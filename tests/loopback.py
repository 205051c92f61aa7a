"""A web server on this machine that breaks off, lies and refuses as it is told."""

import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """What a server has, how it misbehaves, and what it was asked."""

    files: dict = field(default_factory=dict)
    break_after: int | None = None  # bytes of one answer
    ranges: bool = True  # whether it knows what a range is
    lengths: bool = True  # whether it says how long an answer is
    status: int | None = None
    wrong_span: bool = False
    asked: list = field(default_factory=list)  # (path, Range or None)
    url: str = ""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        site = self.server.site
        site.asked.append((self.path, self.headers.get("Range")))
        body = site.files.get(self.path)
        if site.status or body is None:
            self.send_error(site.status or 404)
            return
        start = 0
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if found and site.ranges:
            start = int(found[1])
            if start >= len(body):
                self.send_error(416)
                return
            first = start + site.wrong_span
            self.send_response(206)
            self.send_header(
                "Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}"
            )
        else:
            self.send_response(200)
        if site.lengths:
            self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        stop = None if site.break_after is None else start + site.break_after
        self.wfile.write(body[start:stop])

    def log_message(self, *_):
        """Stay quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A client that hangs up is no news."""


@contextmanager
def serve(**files):
    """Serve files {path: bytes} on a free port of 127.0.0.1 until the block ends."""
    site = Site(files)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.site = site
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
