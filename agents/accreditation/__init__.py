"""How a place becomes an outlet: proposed, surveyed, approved by another person, licensed, looked at again."""
