"""The program that the measurements earn by: what a coffee shop with some ambition has."""

from __future__ import annotations

SLUG = "cafe-sol"

DOCUMENT = """\
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: {es: puntos, en: points}, value: "0.01", expiry: {after: 12 months}}
  stamps: {name: {es: sellos, en: stamps}, expiry: never}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}, where: line.category != "tabaco"}
  - {id: cafe-doble, event: sale, multiply: 2, where: 'line.category == "cafe"',
     when: {days: [mon, tue, wed, thu, fri], hours: "08:00-20:00"}}
  - {id: verano, event: sale, multiply: 3, when: {from: 2026-07-01, to: 2026-08-31}}
  - {id: ticket-50, event: sale, give: {points: 50}, where: sale.net >= 50.0}
  - {id: sello, event: sale, give: {stamps: 1, per_item: true}, where: 'line.sku == "CAP-01"'}
  - {id: online, event: sale, give: {points: 5}, where: sale.channel == "web"}
  - {id: diaria, event: sale, give: {points: 2}, where: 'line.category == "bolleria"',
     limit: {per_member: 1, every: day}}
  - {id: resena, event: activity, activity: review, give: {points: 20},
     limit: {per_member: 1, every: month}, budget: {points: 10000}}
  - {id: cumple, event: birthday, give: {points: 100}}
  - {id: bienvenida, event: enrolment, give: {points: 10}}
tiers:
  by: spend
  window: 12 months
  levels:
    - {id: bronce, from: 0}
    - {id: plata, from: 300, multiply: 1.5}
    - {id: oro, from: 1000, multiply: 2}
"""
RULES = DOCUMENT.count("  - {id: ") - 3  # the levels are no rules
