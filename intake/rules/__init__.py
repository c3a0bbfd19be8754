"""Pure rules of intake: tables and arithmetic, no Django, no clock."""
