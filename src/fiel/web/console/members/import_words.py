"""What files can bring, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from fiel.connect.importing.columns import Kind


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file can hold, as a choice."""

    kind: Kind
    icon: str
    title: str
    text: str


KINDS = (
    FileKind(
        Kind.MEMBERS,
        icon="users",
        title=gettext_noop("Members"),
        text=gettext_noop("Names, phones, e-mails: one row for each member."),
    ),
    FileKind(
        Kind.SALES,
        icon="receipt",
        title=gettext_noop("Sales"),
        text=gettext_noop("One row for each sale, or for each of its lines; they earn as ever."),
    ),
    FileKind(
        Kind.BALANCES,
        icon="coins",
        title=gettext_noop("Balances"),
        text=gettext_noop("Points that members had elsewhere, with the dates that they had there."),
    ),
    FileKind(
        Kind.RETURNS,
        icon="receipt-refund",
        title=gettext_noop("Returns"),
        text=gettext_noop("Goods that came back, with the number of their sale."),
    ),
)

LABELS: dict[str, str] = {
    "external_id": gettext_noop("Number"),
    "sale_external_id": gettext_noop("Number of the sale"),
    "occurred_at": gettext_noop("Date and time"),
    "unit_price": gettext_noop("Price without tax"),
    "quantity": gettext_noop("How many"),
    "member.id": gettext_noop("Id of the member in Fiel"),
    "member.external_id": gettext_noop("Your number for the member"),
    "member.phone": gettext_noop("Phone of the member"),
    "member.email": gettext_noop("E-mail of the member"),
    "member.card": gettext_noop("Card of the member"),
    "source": gettext_noop("Where the numbers come from"),
    "store": gettext_noop("Store"),
    "channel": gettext_noop("Channel"),
    "cashier": gettext_noop("Cashier"),
    "currency": gettext_noop("Currency"),
    "exchange_rate": gettext_noop("Exchange rate"),
    "shipping": gettext_noop("Shipping"),
    "line": gettext_noop("Number of the line"),
    "sku": gettext_noop("Code of the article"),
    "name": gettext_noop("Name"),
    "category": gettext_noop("Category"),
    "kind": gettext_noop("Goods or gift card"),
    "discount": gettext_noop("Discount"),
    "tax": gettext_noop("Tax"),
    "cost": gettext_noop("What the goods cost"),
    "email": gettext_noop("E-mail"),
    "phone": gettext_noop("Phone"),
    "card": gettext_noop("Card"),
    "birthday": gettext_noop("Birthday"),
    "joined_at": gettext_noop("Member since"),
    "referred_by": gettext_noop("Referral code of who brought them"),
    "consents.email": gettext_noop("Agrees to e-mails"),
    "consents.sms": gettext_noop("Agrees to text messages"),
    "consents.whatsapp": gettext_noop("Agrees to WhatsApp messages"),
    "points": gettext_noop("How many points"),
    "unit": gettext_noop("Of what unit"),
    "earned_at": gettext_noop("Earned on"),
    "expires_at": gettext_noop("Last day"),
    "amount": gettext_noop("Amount, with tax"),
    "full": gettext_noop("Whether everything came back"),
    "reason": gettext_noop("Reason"),
}
