-- What a role may put on a gift card, or take off one, alone; in minor units, by role.
ALTER TABLE staff_policy ADD COLUMN card_limits jsonb NOT NULL DEFAULT '{}';

-- What is asked for: points of a unit, or an amount of a currency (`unit`) in minor units (`points`).
ALTER TABLE approval ADD COLUMN kind text NOT NULL DEFAULT 'adjustment'
  CHECK (kind IN ('adjustment', 'card_issue', 'card_charge'));
