import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState

from shared.migrating import CreateTables

pytestmark = pytest.mark.django_db


def test_every_trigger_that_a_model_names_is_in_the_database():
    named = {
        (model._meta.db_table, trigger.get_pgid(model))
        for model in apps.get_models() for trigger in getattr(model._meta, "triggers", ())}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        installed = set(cursor.fetchall())
    assert len(named) > 100
    assert named == installed


def test_tables_made_at_once_may_name_each_other_and_go_again():
    def of(other):
        return models.ForeignKey(other, null=True, on_delete=models.PROTECT)

    def table(name, other):
        return CreateModel(name, [("id", models.BigAutoField(primary_key=True)), ("other", of(f"shared.{other}"))])

    both = CreateTables([table("Left", "Right"), table("Right", "Left")])
    before = ProjectState.from_apps(apps)
    after = before.clone()
    both.state_forwards("shared", after)
    with connection.schema_editor() as editor:
        both.database_forwards("shared", editor, before, after)
    assert {"shared_left", "shared_right"} <= set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        both.database_backwards("shared", editor, after, before)
    assert not {"shared_left", "shared_right"} & set(connection.introspection.table_names())
