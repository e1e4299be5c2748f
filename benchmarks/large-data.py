#!/usr/bin/env python3
"""Passes one large output between two agents over HTTP, and says what it cost the node.

    HOLDFAST_JAVA_OPTS='-Xms64m -Xmn32m -Xmx96m' ./holdfast server --data /tmp/large &
    benchmarks/large-data.py --mib 100 --pid NODE

Prints one JSON object: seconds, the node's heap (jvm_memory_used_bytes) and resident set (/proc) before and at most.
"""
import argparse
import hashlib
import http.client
import json
import re
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("--host", default="127.0.0.1:8080")
parser.add_argument("--mib", type=int, default=100)
parser.add_argument("--pid", type=int, help="of the node, for its resident set")
parser.add_argument("--rounds", type=int, default=3)
options = parser.parse_args()

DEFINITION = """
name: large-figure
tasks:
  make: { agent: large-maker }
  use: { agent: large-user, needs: [make], input: { report: "${tasks.make.output}" } }
"""


def call(method, path, body=None, media="application/json"):
    connection = http.client.HTTPConnection(options.host, timeout=120)
    connection.request(method, path, body, {"Content-Type": media})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status < 300, (method, path, answer.status, text)
    return json.loads(text) if text else None


def take(agent):
    while True:
        tasks = call("POST", "/v1/tasks/poll", json.dumps({"worker": agent, "agents": [agent], "wait": "10s"}))["tasks"]
        if tasks:
            return tasks[0]


def heap_bytes():
    connection = http.client.HTTPConnection(options.host, timeout=30)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    return sum(float(v) for v in re.findall(r'^jvm_memory_used_bytes\{area="heap".*\} (\S+)$', text, re.M))


def rss_kib():
    if options.pid is None:
        return 0
    with open(f"/proc/{options.pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))


class Watch(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.heap = self.rss = 0
        self.over = False

    def run(self):
        while not self.over:
            self.heap = max(self.heap, heap_bytes())
            self.rss = max(self.rss, rss_kib())
            time.sleep(0.05)


# One string of so many bytes: what a parser would hold as a whole.
PIECE = b"0123456789abcdef" * 4096
PIECES = options.mib * (1 << 20) // len(PIECE)


def output():
    yield b'{"output":{"text":"'
    for _ in range(PIECES):
        yield PIECE
    yield b'"}}'


def value_hash():
    digest = hashlib.sha256(b'{"text":"')
    for _ in range(PIECES):
        digest.update(PIECE)
    digest.update(b'"}')
    return digest.hexdigest()


def one_round(expected):
    call("POST", "/v1/executions", json.dumps({"definition": "large-figure"}))
    begun = time.time()
    token = take("large-maker")["token"]
    connection = http.client.HTTPConnection(options.host, timeout=300)
    connection.request(
        "POST", f"/v1/tasks/{token}/complete", output(),
        {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}, encode_chunked=True)
    answer = connection.getresponse()
    assert answer.status == 204, answer.read()
    made = time.time()
    task = take("large-user")
    reference = task["input"]["report"]
    assert reference["$ref"] == "sha256:" + expected, reference
    connection = http.client.HTTPConnection(options.host, timeout=300)
    connection.request("GET", "/v1/blobs/" + expected)
    answer = connection.getresponse()
    digest, size = hashlib.sha256(), 0
    while piece := answer.read(1 << 16):
        digest.update(piece)
        size += len(piece)
    assert digest.hexdigest() == expected and size == reference["bytes"]
    used = time.time()
    call("POST", f"/v1/tasks/{task['token']}/complete", json.dumps({"output": size}))
    return made - begun, used - made


call("PUT", "/v1/definitions/large-figure", DEFINITION, "application/yaml")
sha256 = value_hash()
before = {"heapMiB": round(heap_bytes() / 2**20, 1), "rssMiB": rss_kib() // 1024}
watch = Watch()
watch.start()
times = [one_round(sha256) for _ in range(options.rounds)]
watch.over = True
watch.join()
print(json.dumps({
    "mib": options.mib,
    "rounds": options.rounds,
    "completeSeconds": [round(t[0], 2) for t in times],
    "getSeconds": [round(t[1], 2) for t in times],
    "before": before,
    "most": {"heapMiB": round(watch.heap / 2**20, 1), "rssMiB": watch.rss // 1024},
}))
