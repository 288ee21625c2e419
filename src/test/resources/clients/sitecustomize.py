"""Loaded by Python itself before a client starts: gives every request the gateway's session cookie
and writes down what each answer was. The clients stay as the distribution ships them."""

import json
import os
import urllib.parse

import requests

send = requests.Session.send


def recorded(session, request, **settings):
    cookie = os.environ.get("CLIENT_COOKIE")
    if cookie:
        request.headers["Cookie"] = cookie
    answer = send(session, request, **settings)
    sent = answer.request
    line = {
        "authority": urllib.parse.urlsplit(sent.url).netloc,
        "method": sent.method,
        "path": sent.path_url,
        "status": answer.status_code,
        "headers": {name.lower(): value for name, value in answer.headers.items()},
        "body": answer.content.hex(),
    }
    with open(os.environ["CLIENT_RECORD"], "a", encoding="utf-8") as record:
        record.write(json.dumps(line) + "\n")
    return answer


requests.Session.send = recorded
