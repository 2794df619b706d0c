"""Load for a running server: batches as fast as they are taken, or single facts at a steady rate
with the time until the event of their warning arrives. Standard library only.

    load.py URL NAME PASSWORD throughput --batch 500 --connections 2 --seconds 10
    load.py URL NAME PASSWORD latency --rate 500 --connections 8 --seconds 10

Prints one JSON object. Facts are told by nobody of households that are there already: losses of
money in batches; the minutes to fetch water one by one, so that every fact changes a warning."""

import argparse
import http.client
import json
import random
import threading
import time
import urllib.parse
import uuid


class Client:
    def __init__(self, url, cookie=None):
        self.host = urllib.parse.urlparse(url).netloc
        self.connection = http.client.HTTPConnection(self.host)
        if cookie:
            self.cookie = cookie

    def sign_in(self, name, password):
        body = json.dumps({"name": name, "password": password})
        answer = self.request("POST", "/api/v1/sign-in", body)
        answer.read()
        return answer.getheader("set-cookie").split(";")[0]

    def headers(self):
        headers = {"content-type": "application/json", "x-holdfast": "1"}
        if hasattr(self, "cookie"):
            headers["cookie"] = self.cookie
        return headers

    def request(self, method, path, body=None):
        self.connection.request(method, path, body, self.headers())
        return self.connection.getresponse()

    def get(self, path):
        return json.loads(self.request("GET", path).read())

    def facts(self, facts):
        answer = self.request("POST", "/api/v1/facts", json.dumps({"facts": facts}))
        taken = json.loads(answer.read())
        if answer.status != 200 or taken["accepted"] != len(facts):
            raise SystemExit(f"the server refused: {answer.status} {str(taken)[:300]}")
        return taken


def households(client, path):
    found, cursor = [], ""
    while True:
        page = client.get(f"{path}?limit=1000" + (f"&cursor={cursor}" if cursor else ""))
        found += [it["household_id"] for it in page["items"]]
        cursor = page["next"]
        if not cursor:
            return found


def new_id():
    # Ordered by time, as UUIDs of version 7 are.
    return f"{time.time_ns():020d}-{uuid.uuid4().hex[:12]}"


def fact(household, day, code="disaster.loss", below=90_000):
    value = str(random.randrange(below))
    return {"fact_id": new_id(), "household_id": household, "fact": code,
            "value": value, "valid_from": day}


def share(values, part):
    values = sorted(values)
    return round(values[min(len(values) - 1, int(len(values) * part))] * 1000, 2) if values else None


def throughput(arguments, day):
    ids = households(arguments.clients[0], "/api/v1/households")
    sent, waits = [0] * len(arguments.clients), []
    end = time.perf_counter() + arguments.seconds

    def work(position, client):
        while time.perf_counter() < end:
            chosen = random.sample(ids, min(arguments.batch, len(ids)))
            started = time.perf_counter()
            client.facts([fact(it, day) for it in chosen])
            waits.append(time.perf_counter() - started)
            sent[position] += len(chosen)

    started = time.perf_counter()
    run(work, arguments.clients)
    seconds = time.perf_counter() - started
    return {"facts": sum(sent), "facts_per_s": round(sum(sent) / seconds),
            "request_ms_p50": share(waits, 0.5), "request_ms_p95": share(waits, 0.95)}


def latency(arguments, day):
    ids = sorted(set(households(arguments.clients[0], "/api/v1/warnings")))
    sent_at, arrived, waits, lock = {}, [], [], threading.Lock()
    begin = time.perf_counter() + 0.5
    end = begin + arguments.seconds

    def follow():
        connection = http.client.HTTPConnection(arguments.clients[0].host, timeout=2)
        connection.request("GET", "/api/v1/events", headers=arguments.clients[0].headers())
        answer = connection.getresponse()
        while True:
            try:
                line = answer.fp.readline()
            except TimeoutError:
                return
            if not line.startswith(b"data: "):
                continue
            household = json.loads(line[6:])["household_id"]
            now = time.perf_counter()
            with lock:
                started = sent_at.pop(household, None)
            if started:
                arrived.append(now - started)

    follower = threading.Thread(target=follow, daemon=True)
    follower.start()
    time.sleep(0.3)
    step = len(arguments.clients) / arguments.rate

    def work(position, client):
        next_at = begin + position * arguments.rate ** -1
        own = ids[position::len(arguments.clients)]
        number = 0
        while next_at < end:
            wait = next_at - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            household = own[number % len(own)]
            number += 1
            # A fact counts from when it was due, also where its connection was still busy.
            with lock:
                sent_at[household] = next_at
            client.facts([fact(household, day, "water.fetch_minutes", 300)])
            waits.append(time.perf_counter() - next_at)
            next_at += step

    run(work, arguments.clients)
    seconds = time.perf_counter() - begin
    time.sleep(1)
    return {"facts": len(waits), "facts_per_s": round(len(waits) / seconds), "events": len(arrived),
            "fact_to_event_ms_p50": share(arrived, 0.5), "fact_to_event_ms_p95": share(arrived, 0.95),
            "request_ms_p50": share(waits, 0.5), "request_ms_p95": share(waits, 0.95)}


def run(work, clients):
    threads = [threading.Thread(target=work, args=it) for it in enumerate(clients)]
    [it.start() for it in threads]
    [it.join() for it in threads]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("name")
    parser.add_argument("password")
    parser.add_argument("mode", choices=["throughput", "latency"])
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--connections", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=10)
    arguments = parser.parse_args()
    random.seed(7)
    cookie = Client(arguments.url).sign_in(arguments.name, arguments.password)
    arguments.clients = [Client(arguments.url, cookie) for _ in range(arguments.connections)]
    day = arguments.clients[0].get("/api/v1/period")["period"] + "-10"
    result = {"throughput": throughput, "latency": latency}[arguments.mode](arguments, day)
    print(json.dumps({"mode": arguments.mode, "batch": arguments.batch if arguments.mode == "throughput" else 1,
                      "connections": arguments.connections, **result}))


if __name__ == "__main__":
    main()
