#!/usr/bin/env python3
"""An agent in Python, with nothing but the standard library: polls for tasks over HTTP.

    ranker.py [URL]        default: $HOLDFAST_SERVER, else http://127.0.0.1:8080
"""
import http.client
import json
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request

SERVER = (sys.argv[1:] or [os.environ.get("HOLDFAST_SERVER", "http://127.0.0.1:8080")])[0]
WORKER = f"python-{socket.gethostname()}-{os.getpid()}"
CONCURRENCY = 4
# The node restarts, in the middle of an answer perhaps; what it knew it still knows.
AWAY = (OSError, http.client.HTTPException, ValueError)


class BadInput(Exception):
    """No further attempt would help."""


def rank(task):
    """The agent's work: the input comes as a dict, the output is anything JSON can write."""
    counts = task["input"].get("counts")
    if not isinstance(counts, dict):
        raise BadInput("counts must be an object")
    best = sorted(counts, key=lambda word: (-counts[word], word))
    return {"words": best[: task["input"].get("top", 3)]}


def call(path, body):
    request = urllib.request.Request(
        SERVER + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.status != 204 and json.loads(response.read())


def report(task, verb, body):
    """Tells the result until the node has it. Saying it twice is harmless."""
    while True:
        try:
            return call(f"/v1/tasks/{task['token']}/{verb}", body)
        except urllib.error.HTTPError as error:
            if error.code == 409:  # the attempt was taken back: nobody wants the result
                return print("stale:", task["execution"], task["task"])
            if error.code not in (429, 503):
                raise
        except AWAY:
            pass
        time.sleep(0.5)


def beat(task, done):
    """Says that the work goes on, three times as often as the task asks for."""
    while not done.wait(task["heartbeatMs"] / 3000):
        try:
            call(f"/v1/tasks/{task['token']}/heartbeat", {})
        except AWAY:
            pass  # the next one may get through


def handle(task, places):
    done = threading.Event()
    if task.get("heartbeatMs"):
        threading.Thread(target=beat, args=(task, done), daemon=True).start()
    try:
        output = rank(task)
        report(task, "complete", {"output": output})
        print("completed", task["execution"], task["task"], flush=True)
    except BadInput as error:
        report(task, "fail", {"error": {"type": "bad-input", "message": str(error)}})
    except Exception as error:
        report(task, "fail", {"error": {"type": type(error).__name__, "message": str(error)}})
    finally:
        done.set()
        places.release()


def main():
    places = threading.Semaphore(CONCURRENCY)
    print("agent", WORKER, "is ready, it ends with Ctrl-C", flush=True)
    while True:
        places.acquire()
        try:
            body = {"worker": WORKER, "agents": ["word-ranker"], "max": 1, "wait": "30s"}
            tasks = call("/v1/tasks/poll", body)["tasks"]
        except AWAY:
            time.sleep(0.5)
            tasks = []
        for task in tasks:
            threading.Thread(target=handle, args=(task, places)).start()
        if not tasks:
            places.release()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
