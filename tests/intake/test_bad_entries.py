"""Bad input at the counter, field by field: refused with its code, kept as typed, or only doubted; never a fault."""

import unicodedata
from datetime import date
from uuid import uuid4

import pytest

from intake.entries import check_citizen
from intake.errors import CitizenDoubtful, CitizenRefused
from intake.models.dossiers import Dossier
from intake.rules import names
from intake.wording import words_of
from tests.factories import places
from tests.factories.citizens import entries
from tests.intake.counter_cases import TAKE, Counter

TODAY = date(2026, 1, 12)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]

REFUSED = [
    ("full_name", "", "required"), ("full_name", "   ", "required"), ("full_name", "A" * 300, "too-long"),
    ("full_name", "Nguyễn 4n", "digits"), ("full_name", "Nguyễn 😀", "strange-character"),
    ("full_name", "Ngu\u200dyễn", "hidden-character"), ("full_name", "Nguyễn\u200bHạnh", "hidden-character"),
    ("full_name", "Nguyễn\u202eHạnh", "hidden-character"), ("full_name", "Nguyễn\u0000Hạnh", "hidden-character"),
    ("full_name", "<script>", "strange-character"), ("full_name", "'; DROP TABLE", "strange-character"),
    ("full_name", "Нguyễn", "strange-character"), ("full_name", "NguyÔn V¨n", "wrong-font"),
    ("full_name", "Nguyeãn Vaên", "wrong-font"), ("full_name", "TrÇn ThÞ", "wrong-font"),
    ("national_id", "04619200412", "length"), ("national_id", "0461920041277", "length"),
    ("national_id", "046192O04127", "not-digits"), ("national_id", "０４６１９２００４１２７", "not-digits"),
    ("national_id", "٠٤٦١٩٢٠٠٤١٢٧", "not-digits"), ("national_id", "191234567", "old-identity-card"),
    ("national_id", "000000000000", "all-zeros"),
    ("phone", "091427526", "phone-number"), ("phone", "0914275abc", "phone-characters"),
    ("phone", "01201234567", "old-prefix"), ("phone", "+84 168 123 4567", "old-prefix"),
    ("phone", "113", "phone-number"), ("birth", "31/02/1990", "no-such-day"), ("birth", "29/02/2023", "no-such-day"),
    ("birth", "1/1/0001", "implausible"), ("birth", "03/14/1992", "no-such-day"), ("birth", "14/03/92", "birth-format"),
    ("birth", "rằm tháng giêng", "birth-format"),
    ("birth", "01/01/2099", "in-the-future"), ("birth", "1850", "implausible"),
    ("birth", "1992-03-14T24:00", "birth-format"),
    ("email", "ai@", "email"), ("street", "Thôn\u202e 1", "hidden-character"),
    ("street", "Ph\u00ad\u00eang 1", "hidden-character"),
    ("commune_code", "99999", "place-unknown"), ("commune_code", "", "required"),
]

KEPT = [
    ("full_name", "  Lê   Văn\tA ", "Lê Văn A"), ("full_name", "Y Blôk Niê", "Y Blôk Niê"),
    ("full_name", "H'Hen Niê", "H'Hen Niê"), ("full_name", "Hoà", "Hoà"), ("full_name", "Ý", "Ý"),
    ("full_name", "NGUYỄN VĂN LÊ", "NGUYỄN VĂN LÊ"),
    ("full_name", unicodedata.normalize("NFD", "Nguyễn Thị Hạnh"), "Nguyễn Thị Hạnh"),
    ("phone", "+84 0914 275 268", "+84914275268"), ("phone", "0234 3822 222", "+842343822222"),
    ("phone", "+1 415 555 2671", "+14155552671"), ("street", " 12/3  Lê Lợi ", "12/3 Lê Lợi"),
]


@pytest.fixture(autouse=True)
def _a_commune():
    places.commune()


def check(**typed):
    return check_citizen(entries(**{"national_id": ""} | typed), TODAY)


@pytest.mark.parametrize(("field", "typed", "code"), REFUSED)
def test_what_is_wrong_is_named_with_what_to_do(field, typed, code):
    with pytest.raises(CitizenRefused) as refusal:
        check(**{field: typed})

    (error,) = refusal.value.errors
    assert (error.pointer, error.code) == (f"/{field}", code)
    number = "".join(letter for letter in typed if letter.isdigit())
    assert field != "national_id" or number not in str(error.message)


@pytest.mark.parametrize(("field", "typed", "kept"), KEPT)
def test_what_is_right_is_kept_in_one_form(field, typed, kept):
    assert getattr(check(**{field: typed}), field) == kept


def test_everything_wrong_is_said_at_once():
    with pytest.raises(CitizenRefused) as refusal:
        check(full_name="", phone="113", birth="31/02/1990", national_id="1")

    assert {error.pointer for error in refusal.value.errors} == {"/full_name", "/phone", "/birth", "/national_id"}


def test_a_year_alone_is_a_birth():
    birth = check(birth="1958").birth

    assert birth is not None
    assert birth.is_year_only


@pytest.mark.parametrize("change", [{"birth": "1991-03-14"}, {"sex": "male"}, {"national_id": "099192001234"}])
def test_what_does_not_fit_is_asked_and_never_refused(change):
    doubtful = {"national_id": "046192001234", **change}
    with pytest.raises(CitizenDoubtful):
        check(**doubtful)

    assert check(**doubtful, is_confirmed=True).national_id is not None


def test_an_old_number_of_eleven_digits_gets_its_new_form():
    with pytest.raises(CitizenRefused) as refusal:
        check(phone="0168 123 4567")

    assert "0381234567" in str(refusal.value.errors[0].message)


def test_the_place_of_an_invisible_character_is_said():
    found = names.check_name("Lê\u200bAn")

    assert "3" in str(words_of(found))  # type: ignore[arg-type]  # a fault, as the matrix above says


def test_a_number_in_a_note_is_hidden_and_the_clerk_is_told(client):
    counter = Counter(client)
    counter.acts_for()

    answer = client.post(TAKE, counter.filled(client_ref=str(uuid4()), do="draft", note="CCCD 046192004127"),
                         follow=True)

    assert Dossier.objects.get().filing["note"] == "CCCD 046•••••4127"
    assert "được che khi lưu" in answer.content.decode()
