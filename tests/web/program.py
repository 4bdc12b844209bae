"""The Café Sol's program as pages show it: a little of everything."""

STAGE_PROGRAM = """\
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
  stamps: {name: {es: sellos, en: stamps}, expiry: never}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  # Mornings are quiet.
  - {id: cafe-doble, event: sale, multiply: 2, where: 'line.category == "cafe"',
     when: {from: 2026-11-01, to: 2030-11-30, days: [mon, tue], hours: "08:00-11:00"}}
  - {id: sello, event: sale, give: {stamps: 1, per_item: true}, where: 'line.sku == "CAP-01"'}
  - {id: resena, event: activity, activity: review, give: {points: 20},
     limit: {per_member: 1, every: month}, budget: {points: 10000}}
  - {id: cumple, event: birthday, give: {points: 100}}
  - {id: bienvenida, event: enrolment, give: {points: 10}}
milestones:
  - {id: nivel-100, of: spend, at: "100.00", give: {reward: cafe-gratis}}
  - {id: cada-10-sellos, of: stamps, every: 10, give: {reward: cafe-gratis}}
tiers:
  by: spend
  window: 12 months
  downgrade: {check: window_end, grace: 30 days, one_step: true}
  levels:
    - {id: bronce, from: 0}
    - {id: plata, from: 300, multiply: 1.5, perks: [preventa]}
    - {id: oro, from: 1000, multiply: 2, perks: [preventa, gestor]}
referral: {referrer: {points: 200}, friend: {points: 100}, after: 14 days, min_spend: "20.00",
           limit: {per_member: 10, every: year}}
rewards:
  - {id: cafe-gratis, kind: product, sku: CAP-01, price: {points: 20}, cost: "0.80", stock: 100}
  - {id: dto-5, kind: discount, amount: "5.00", price: {points: 500}, valid: 30 days}
  - {id: tarjeta-20, kind: gift_card, amount: "20.00", price: {points: 2000}}
  - {id: cata, kind: event, price: {points: 300}, stock: 12,
     where: 'member.tier in ["plata", "oro"]'}
pay_with_points: {unit: points, min: 10, step: 1, max_share: 100}
goals:
  - {id: gasto, metric: average_spend, target: +20%, by: 2027-06-30}
"""
