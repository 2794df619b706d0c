"""Keeps those who ask what they are, whatever a run does to them.

What is tried at random signs out, ends tokens, takes roles away and disables users: all of it is
allowed, and some of it hits whoever asks. So before each request it is seen who is signed in;
where that is not whom it should be, the command line, which asks nobody's leave, makes the user
again, and a new token is made. Nothing of the server is softened for it.
"""

import os
import subprocess
import time
import zlib

import requests
import schemathesis

SERVER = os.environ["HOLDFAST_URL"]
EXECUTABLE = os.environ["HOLDFAST_EXECUTABLE"]
# One word a line, as paths may have blanks.
DATABASE = os.environ["HOLDFAST_DATABASE_WORDS"].splitlines()
PASSWORD = "only for this soak"
# The server lets everybody sign in 30 times a minute, and those who guess use them up.
SIGN_IN_TRIES = 60
SIGN_IN_PAUSE_S = 2

http = requests.Session()


class User:
    """Somebody with one role, everywhere."""

    def __init__(self, role):
        self.role = role
        self.name = f"soak.{role}"
        self.token = None

    def is_well(self):
        """Whether the token opens all that the role may."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = http.get(f"{SERVER}/api/v1/me", headers=headers)
        if answer.status_code != 200:
            return False
        me = answer.json()
        return me["role"] == self.role and me["areas"] is None and not me["must_change_password"]

    def put(self):
        """Makes the user, or undoes what became of it."""
        words = ["user", "put", self.name, "--role", self.role, "--area", "*", "--keep-password"]
        command = [EXECUTABLE, *words, *DATABASE]
        subprocess.run(command, input=PASSWORD + "\n", text=True, check=True, capture_output=True)

    def sign_in(self):
        """A session of the user; its cookies must not get into any other request."""
        credentials = {"name": self.name, "password": PASSWORD}
        for _ in range(SIGN_IN_TRIES):
            answer = requests.post(f"{SERVER}/api/v1/sign-in", json=credentials)
            if answer.status_code != 429:
                break
            time.sleep(SIGN_IN_PAUSE_S)
        answer.raise_for_status()
        return answer.cookies


ADMINISTRATOR, SUPERVISOR = User("administrator"), User("supervisor")
# Operations that an administrator may not do: households are not his business.
offices = set()


def renewed(user):
    """A new token for a user, made by the administrator as anybody would."""
    user.put()
    if user is not ADMINISTRATOR:
        ADMINISTRATOR.put()
    made = requests.post(
        f"{SERVER}/api/v1/users/{user.name}/tokens",
        json={"label": "soak", "days": 1},
        cookies=ADMINISTRATOR.sign_in(),
        headers={"X-Holdfast": "1"},
    )
    made.raise_for_status()
    return made.json()["token"]


# Never kept by the runner: what was a good token a moment ago may be none now.
@schemathesis.auth(refresh_interval=None)
class Kept:
    """Who sends a request."""

    def get(self, case, context):
        user = SUPERVISOR if case.operation.label in offices else ADMINISTRATOR
        if user.token is None or not user.is_well():
            user.token = renewed(user)
        return user.token

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


# Lists that have ids, by where an id stands in addresses.
LISTS = {
    "/households/{id}": ("/households", "household_id"),
    "/people/{id}": ("/people", "person_id"),
    "/warnings/{id}": ("/warnings", "warning_id"),
    "/jobs/{id}": ("/jobs", "id"),
    "/imports/{id}": ("/jobs", "id"),
    "/imports/{job}": ("/jobs", "id"),
    "/duplicates/{id}": ("/duplicates", "id"),
    "/policy/activations/{number}": ("/policy/activations", "number"),
}
# Requests with ids of a list after which it is fetched again.
FETCH_EVERY = 25
known = {}


def ids_of(path):
    """Ids that there are, where an address wants one."""
    place = next((it for it in LISTS if it in path), None)
    if place is None:
        return []
    used, ids = known.get(place, (FETCH_EVERY, []))
    if used >= FETCH_EVERY:
        address, name = LISTS[place]
        headers = {"Authorization": f"Bearer {SUPERVISOR.token}"}
        answer = http.get(f"{SERVER}/api/v1{address}?limit=50", headers=headers)
        items = answer.json()["items"] if answer.status_code == 200 else []
        used, ids = 0, [it[name] for it in items]
    known[place] = (used + 1, ids)
    return ids


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Half of the ids made at random become some that there are: else nothing is ever found."""
    is_valid = case.meta is not None and case.meta.generation.mode.is_positive
    # Linked requests name what an answer before them named.
    is_free = is_valid and case.meta.phase.name != "stateful"
    if not is_free or not case.path_parameters or SUPERVISOR.token is None:
        return
    name, value = next(iter(case.path_parameters.items()))
    # By the id itself, so that the same seed sends the same requests.
    chosen = zlib.crc32(str(value).encode("utf-8", "surrogatepass"))
    ids = ids_of(case.operation.path) if chosen % 2 else []
    if ids:
        case.path_parameters[name] = ids[chosen % len(ids)]


@schemathesis.hook
def after_call(context, case, response):
    """What an administrator is refused is asked by a supervisor from then on."""
    sent = response.request.headers.get("Authorization")
    if response.status_code == 403 and sent == f"Bearer {ADMINISTRATOR.token}":
        offices.add(case.operation.label)


# What only the pack, the registry or the calendar of a database knows: no description can say it.
DOMAIN = {
    "R001": "a period with scores",
    "R006": "a target of a mapping, which the pack names",
    "T004": "an attribute of the pack",
    "V004": "the files of a pack, checked as a whole",
    "V006": "a day that no closed period holds",
    "V010": "an indicator, dimension or module of the pack, and the version to be changed",
    "I001": "a scheme of identity numbers, its length and check digit",
    "I002": "a household that is named, a day after another",
}


@schemathesis.check
def valid_data_is_understood(ctx, response, case):
    """What the description allows may be refused for what it says, never for how it is written."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if response.status_code in (400, 413, 415, 422):
        problem = response.json()
        if problem["code"] not in DOMAIN:
            raise AssertionError(f"{problem['code']}: {problem['detail']}")


@schemathesis.check
def what_is_no_fact_is_set_aside(ctx, response, case):
    """Facts are not refused for one among them, but that one is not taken."""
    is_wrong = case.meta is not None and case.meta.generation.mode.is_negative
    if is_wrong and case.operation.label == "POST /api/v1/facts" and response.status_code == 200:
        assert response.json()["rejected"], "everything was taken, and not all of it is as described"
