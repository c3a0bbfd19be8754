from django.db import migrations

from shared.scope import policy_sql, policy_undo_sql

WALLS = {
    "billing_ruledraft": ({"province": "home"}, "province_code = ''"),
    "billing_budgetline": ({"province": "province_id"}, ""),
    "billing_scenario": ({"province": "province_id"}, ""),
}


class Migration(migrations.Migration):
    """A city's drafts, budget and questions are its own; a draft that binds every city is read by every city."""

    dependencies = [("billing", "0007_rule_book_and_budget")]

    operations = [
        migrations.RunSQL(policy_sql(table, columns=columns, also=also), policy_undo_sql(table))
        for table, (columns, also) in WALLS.items()
    ]
