"""What beat sends is what a worker knows: a task that lost its decorator in a merge would be thrown away in silence."""

from config.celery import app


def test_every_task_of_the_schedule_is_registered():
    app.autodiscover_tasks(force=True)
    wanted = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert sorted(wanted - set(app.tasks)) == []
