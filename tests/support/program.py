"""The Café Sol's program, as tests publish it."""

CAFE_SOL = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points:
    name: {es: puntos, en: points}
    value: "0.01"
    expiry: {after: 12 months}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
"""
