#!/usr/bin/env python3
"""Measures how fast ccxlog reads a bucket whose every request takes a while, with different numbers of requests at once.

Usage: python3 bench/bucket.py --ccxlog PATH [--objects N] [--latency MS] [--at-once N ...]

A local server stands in for the bucket. Each of its objects has eleven gzipped events, and each response is delayed. A sequential
reader would take the sum of the delays.
"""

import argparse
import asyncio
import gzip
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

# What a file of the bucket holds of a small tenant.
EVENTS = 11
PAGE = 1000


class Bucket:
    """Answers requests for a list of equal objects, and counts them."""

    def __init__(self, objects: int, body: bytes, latency: float) -> None:
        self.objects, self.body, self.latency = objects, body, latency
        self.requests = 0

    def page(self, start: int) -> bytes:
        """Returns a page of the list of objects from one of them on."""
        end = min(start + PAGE, self.objects)
        contents = "".join(
            f"<Contents><Key>logs/{index:08}.jsonl.gz</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
            f'<ETag>"{index}"</ETag><Size>{len(self.body)}</Size><StorageClass>STANDARD</StorageClass></Contents>'
            for index in range(start, end)
        )
        more = f"<NextContinuationToken>{end}</NextContinuationToken>" if end < self.objects else ""
        return (
            '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<Name>bucket</Name><Prefix>logs/</Prefix><KeyCount>{end - start}</KeyCount><MaxKeys>{PAGE}</MaxKeys>"
            f"<IsTruncated>{str(bool(more)).lower()}</IsTruncated>{more}{contents}</ListBucketResult>"
        ).encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of a connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.requests += 1
                target = urlsplit(head.split(b" ", 2)[1].decode())
                query = parse_qs(target.query)
                etag = '"list"'
                if "list-type" in query:
                    body = self.page(int(query.get("continuation-token", ["0"])[0]))
                else:
                    body, etag = self.body, f'"{int(Path(target.path).name.split(".")[0])}"'
                await asyncio.sleep(self.latency)
                writer.write(
                    f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nETag: {etag}\r\n"
                    "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n".encode() + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def serve(bucket: Bucket) -> int:
    """Starts a server in the background, and returns its port."""
    started, port = threading.Event(), []

    async def run() -> None:
        server = await asyncio.start_server(bucket.serve, "127.0.0.1", 0)
        port.append(server.sockets[0].getsockname()[1])
        started.set()
        await server.serve_forever()

    threading.Thread(target=lambda: asyncio.run(run()), daemon=True).start()
    started.wait()
    return port[0]


def main() -> None:
    """Runs ccxlog over the bucket, and prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ccxlog", type=Path, required=True)
    parser.add_argument("--objects", type=int, default=20_000)
    parser.add_argument("--latency", type=float, default=20, help="milliseconds of each request")
    parser.add_argument("--at-once", type=int, nargs="+", default=[16, 32, 64])
    options = parser.parse_args()
    command = [options.ccxlog, "sample", "--events", str(EVENTS), "--seed", "1"]
    events = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    latency = options.latency / 1000
    bucket = Bucket(options.objects, gzip.compress(events), latency)
    environment = {
        **os.environ,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{serve(bucket)}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }
    sequential = options.objects * latency
    print(f"{options.objects:,} objects, {options.latency:g} ms of each request; one after the other: {sequential:.0f} s\n")
    print("| requests at once | wall s | CPU s | faster than one after the other |\n|---:|---:|---:|---:|")
    for count in options.at_once:
        words = [options.ccxlog, "validate", "--no-config", "--objects-at-once", str(count), "s3://bucket/logs/"]
        bucket.requests = 0
        start = time.monotonic()
        process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        log = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        if os.waitstatus_to_exitcode(status) != 0 or bucket.requests < options.objects:
            sys.exit(f"ccxlog failed, or did not ask for each object:\n{log.decode(errors='replace')}")
        print(f"| {count} | {wall:.2f} | {usage.ru_utime + usage.ru_stime:.2f} | {sequential / wall:.0f} × |", flush=True)


if __name__ == "__main__":
    main()
