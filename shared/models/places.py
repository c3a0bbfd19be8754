"""Administrative units. Since 1 July 2025 there are provinces and communes, and no districts between them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class CommuneKind(models.TextChoices):
    WARD = "phuong", _("ward")
    COMMUNE = "xa", _("commune")
    SPECIAL_ZONE = "dac_khu", _("special zone")
    # Former units only.
    TOWNSHIP = "thi_tran", _("township")
    ISLAND_DISTRICT = "huyen", _("island district")
    """One of five districts that had no communes of their own; its code is "H" and the district code."""


class Province(models.Model):
    """One of the 34 provinces and cities since 1 July 2025."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    region = models.CharField(max_length=10)
    """north, centre or south: what "same region" means to a postal tariff."""

    def __str__(self) -> str:
        return self.name


class Commune(models.Model):
    """One of the 3,321 communes, wards and special zones since 1 July 2025."""

    code = models.CharField(max_length=5, primary_key=True)
    name = models.CharField(max_length=80)
    """Without its kind: "Phong Dinh"."""
    kind = models.CharField(max_length=10, choices=CommuneKind)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="+")
    latitude = models.FloatField()
    longitude = models.FloatField()
    area_km2 = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    population = models.PositiveIntegerField(null=True)
    former_district_codes = ArrayField(models.CharField(max_length=3), default=list)
    """Districts, abolished on 1 July 2025, that parts of this commune lay in; postal tariffs still speak of them."""
    search_key = models.CharField(max_length=120)

    class Meta:
        indexes = [GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="commune_search")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """In Vietnamese whatever the reader's language, as on a map: "phường Phong Dinh"."""
        return f"{VIETNAMESE_KIND[self.kind]} {self.name}"


VIETNAMESE_KIND = {"phuong": "phường", "xa": "xã", "dac_khu": "đặc khu", "thi_tran": "thị trấn", "huyen": "huyện"}


class FormerCommune(models.Model):
    """A commune, ward or township as it was before 1 July 2025; people still write these names."""

    code = models.CharField(max_length=5, primary_key=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=CommuneKind)
    district_code = models.CharField(max_length=3)
    district_name = models.CharField(max_length=80)
    province_code = models.CharField(max_length=2)
    province_name = models.CharField(max_length=60)
    """The province before the merger of 1 July 2025."""
    dissolved_on = models.DateField()
    search_key = models.CharField(max_length=240)

    class Meta:
        indexes = [GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="former_commune_search")]

    def __str__(self) -> str:
        return f"{VIETNAMESE_KIND[self.kind]} {self.name}, {self.district_name}"

    @property
    def full_name(self) -> str:
        """Without its district, as an address names it: "xã Phong Chương"."""
        return f"{VIETNAMESE_KIND[self.kind]} {self.name}"


class Succession(models.Model):
    """What became of a former commune. Several rows: it was split, and the address decides."""

    former = models.ForeignKey(FormerCommune, on_delete=models.CASCADE, related_name="successions")
    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="predecessions")
    is_default = models.BooleanField()
    """Where most of a split unit went; offered first, never chosen silently."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["former", "commune"], name="succession_once"),
            models.UniqueConstraint(
                fields=["former"], condition=models.Q(is_default=True), name="succession_one_default"
            ),
        ]
