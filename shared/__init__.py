"""What every app stands on: places, money, working calendar, identifiers, outbox, audit. Knows no app."""
