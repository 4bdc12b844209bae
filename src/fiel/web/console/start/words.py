"""What the columns of a sales file can bring, in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop

TARGETS = (
    ("external_id", gettext_noop("Number of the ticket")),
    ("occurred_at", gettext_noop("Date and time")),
    ("unit_price", gettext_noop("Price without tax")),
    ("quantity", gettext_noop("How many")),
    ("member.external_id", gettext_noop("Number of the customer")),
    ("member.phone", gettext_noop("Phone of the customer")),
    ("member.email", gettext_noop("E-mail of the customer")),
    ("member.card", gettext_noop("Card of the customer")),
    ("store", gettext_noop("Store")),
    ("sku", gettext_noop("Code of the article")),
    ("name", gettext_noop("Name of the article")),
    ("category", gettext_noop("Category")),
    ("discount", gettext_noop("Discount")),
    ("tax", gettext_noop("Tax")),
    ("cost", gettext_noop("What the goods cost")),
)
