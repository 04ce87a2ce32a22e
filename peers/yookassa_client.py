"""YooKassa's own client reads our strict server's answers and the notifications that our tests send."""

import ipaddress
import json
import sys

from yookassa import Configuration, Payment, Refund
from yookassa.domain.common import SecurityHelper
from yookassa.domain.exceptions import NotFoundError
from yookassa.domain.notification import WebhookNotificationFactory

given = json.load(sys.stdin)
Configuration.configure("100500", "test_fixture_secret", api_url=given["api"] + "/v3")

found = Payment.find_one(given["payment"])
assert (found.status, found.paid, str(found.amount.value), found.amount.currency) == ("succeeded", True, "49900.00", "RUB"), found.json()
assert found.metadata["number"] == given["number"] and found.recipient.account_id == "100500" and found.test is True

listed = Payment.list({"limit": 100, "created_at.gte": given["from"], "created_at.lt": given["until"]})
assert given["payment"] in [item.id for item in listed.items]

back = Refund.find_one(given["refund"])
assert (back.status, back.payment_id, str(back.amount.value)) == ("succeeded", given["payment"], "100.00"), back.json()

try:
    Payment.find_one("30b1-absent")
    raise AssertionError("an absent payment was found")
except NotFoundError:
    pass

read = [WebhookNotificationFactory().create(json.loads(body)) for body in given["notifications"]]
assert [notification.event for notification in read] == ["payment.succeeded", "payment.canceled", "refund.succeeded"]
assert read[0].object.id == given["payment"] and read[2].object.payment_id == given["payment"]

# The addresses that .env.example tells to allow hold all that the client trusts.
allowed = [ipaddress.ip_network(network) for network in given["networks"]]
for network in map(ipaddress.ip_network, SecurityHelper.YOOKASSA_NETWORKS):
    assert any(network.version == one.version and network.subnet_of(one) for one in allowed), network
assert not SecurityHelper().is_ip_trusted("203.0.113.9")
print("yookassa: checked")
