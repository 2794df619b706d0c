"""What a running server answers while many people are in it. Standard library only.

    asks.py URL NAME PASSWORD search --rounds 300
    asks.py URL NAME PASSWORD trial --rounds 5
    asks.py URL NAME PASSWORD trial --rounds 5 --ahead

`search`: first pages of people by two characters of a name, by pinyin and by initials, taken from
people who are there. `trial`: another weight tried over all households, nothing saved: at once, or
with --ahead when the server has read for it in the background. Prints one JSON object."""

import argparse
import json
import random
import time
import urllib.parse
import urllib.request

from load import Client, share


def parts(people):
    """Two characters of each name, the first syllables of its pinyin, its initials."""
    names = [it["name"] for it in people if it["name"] and len(it["name"]) > 1]
    yield [it[-2:] for it in names]
    yield [it["pinyin"][:5] for it in people if it["pinyin"]]
    yield [it["initials"] for it in people if it["initials"] and len(it["initials"]) > 1]


def search(client, rounds):
    people, cursor = [], ""
    for _ in range(5):
        page = client.get("/api/v1/people?limit=1000" + (f"&cursor={cursor}" if cursor else ""))
        people += page["items"]
        cursor = page["next"]
        if not cursor:
            break
    waits, found = [], 0
    for words in parts(people):
        for word in random.sample(words, min(rounds // 3, len(words))):
            started = time.perf_counter()
            page = client.get("/api/v1/people?limit=50&q=" + urllib.parse.quote(word))
            waits.append(time.perf_counter() - started)
            found += len(page["items"])
    return {"searches": len(waits), "rows": found, "ms_p50": share(waits, 0.5),
            "ms_p95": share(waits, 0.95)}


def figure(url, name):
    with urllib.request.urlopen(url + "/metrics") as answer:
        lines = answer.read().decode().splitlines()
    return next(int(it.split()[1]) for it in lines if it.startswith(name + " "))


def read_ahead(url):
    """Waits until the server has read for trials; the seconds that it took, and what that keeps."""
    while not (micros := figure(url, "holdfast_trials_ahead_microseconds_total")):
        time.sleep(0.05)
    return {"ahead_s": round(micros / 1e6, 2), "read": figure(url, "holdfast_trials_kept_households"),
            "kept_mb": figure(url, "holdfast_trials_kept_bytes") >> 20}


def trial(client, rounds):
    def ask(weight):
        change = {"kind": "weight", "id": "self_pay_registered", "key": "indicator", "value": weight}
        answer = client.request("POST", "/api/v1/policy/trials", json.dumps({"changes": [change]}))
        said = json.loads(answer.read())
        if answer.status == 503:
            return None
        if answer.status != 200:
            raise SystemExit(f"the server refused: {answer.status} {str(said)[:300]}")
        return said

    first = time.perf_counter()
    said = None
    while said is None:
        said = ask(2)
    first = time.perf_counter() - first
    waits = []
    for number in range(rounds):
        started = time.perf_counter()
        said = ask(3 + number)
        waits.append(time.perf_counter() - started)
    return {"households": said["total"], "enter": said["enter"], "first_s": round(first, 2),
            "then_ms_p50": share(waits, 0.5), "then_ms_max": share(waits, 1)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("name")
    parser.add_argument("password")
    parser.add_argument("what", choices=["search", "trial"])
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--ahead", action="store_true")
    arguments = parser.parse_args()
    random.seed(7)
    cookie = Client(arguments.url).sign_in(arguments.name, arguments.password)
    client = Client(arguments.url, cookie)
    ahead = read_ahead(arguments.url) if arguments.ahead else {}
    said = {"search": search, "trial": trial}[arguments.what](client, arguments.rounds)
    print(json.dumps({"asked": arguments.what, **ahead, **said}))


if __name__ == "__main__":
    main()
