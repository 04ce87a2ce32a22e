"""localstripe, a Stripe that others wrote: its signed events are taken at our door. It knows payment intents and no hosted pages."""

import json
import subprocess
import sys
import time
import urllib.request

import stripe

given = json.load(sys.stdin)
port = given["port"]
server = subprocess.Popen([given["program"], "--port", str(port), "--from-scratch"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    base = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            body = json.dumps({"url": given["door"], "secret": given["secret"]}).encode()
            urllib.request.urlopen(urllib.request.Request(base + "/_config/webhooks/a", body, {"content-type": "application/json"}))
            break
        except OSError:
            time.sleep(0.1)
    client = stripe.StripeClient("sk_test_12345", base_addresses={"api": base})
    method = client.v1.payment_methods.create(
        params={"type": "card", "card": {"number": "4242424242424242", "exp_month": "12", "exp_year": "2035", "cvc": "123"}}
    )
    intent = client.v1.payment_intents.create(
        params={"amount": 4900, "currency": "eur", "metadata": {"number": given["number"]}, "payment_method": method.id, "confirm": True}
    )
    assert intent.status == "succeeded", intent
    # One delivery, a second after the change.
    time.sleep(3)
finally:
    server.terminate()
    server.wait()
print("localstripe: checked")
