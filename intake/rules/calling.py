"""How a person is called at the counter: "bà Lài", "Ms Lài"; whose sex is not stated is called by the whole name."""

from intake.rules.wording import Words


def called(full_name: str, sex: str) -> Words:
    given = full_name.rsplit(maxsplit=1)[-1] if full_name.split() else full_name
    if sex == "female":
        return Words(f"bà {given}", f"Ms {given}")
    if sex == "male":
        return Words(f"ông {given}", f"Mr {given}")
    return Words(full_name, full_name)


def called_in_full(full_name: str, sex: str) -> Words:
    titles = {"female": ("bà ", "Ms "), "male": ("ông ", "Mr ")}
    vi, en = titles.get(sex, ("", ""))
    return Words(f"{vi}{full_name}", f"{en}{full_name}")
