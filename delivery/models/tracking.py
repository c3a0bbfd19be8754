from django.db import models


class TrackingTry(models.Model):
    """A try to open the public tracking page that has not succeeded; old ones are swept away.

    Kept in the database, so that a lost cache does not let anybody guess on.
    """

    key = models.BinaryField(max_length=16)
    """Keyed digest of a code or of an address; neither is kept in clear."""
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "tried_at"], name="tracking_try_recent")]
