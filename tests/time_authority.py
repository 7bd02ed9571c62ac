"""A time authority as one stands on the internet: RFC 3161 over real HTTP, here on this machine's loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import tsp

from licensing.adapters import authorities


class Server(ThreadingHTTPServer):
    """Answers timestamp queries with the test authority's key; `broken` says how it fails, if it does."""

    def __init__(self, keys: Path, at: datetime, broken: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.stamper, self.broken, self.asked = authorities.test_authority(keys, at).stamper, broken, 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/tsa"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.server.asked += 1
        query = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.broken == "error":
            self.send_error(503)
            return
        if self.server.broken == "other protocol":
            self.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")
            self.close_connection = True
            return
        if self.server.broken == "other nonce":
            query["nonce"] = query["nonce"].native ^ 1
        body = self.server.stamper.request_tsa_response(query).dump()
        if self.server.broken == "rejects":  # a status alone, without a token
            status = tsp.PKIStatusInfo({"status": "rejection"}).dump()
            body = bytes((0x30, len(status))) + status
        if self.server.broken == "garbage":
            body = b"<html>"
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:-9] if self.server.broken == "cut off" else body)
        self.close_connection = True

    def log_message(self, *_args: object) -> None:
        return None


@contextmanager
def running(keys: Path, at: datetime, broken: str = "") -> Iterator[Server]:
    """The authority, while a test speaks to it."""
    server = Server(keys, at, broken)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
