"""Huế at 10:00 on 3 July 2025, the third day of two-level local government.

Reported by the press that day: 40 commune centres; 1,283 dossiers received and 382 resolved; most received in Phú Xuân
ward and Quảng Điền commune (151 each); most resolved in Quảng Điền (61) and Hương An (36); mostly certified copies,
registration and termination of household businesses, death registration and land-use certificates. How the rest spread
over centres and procedures was not reported: those figures are ours, and add up to the reported ones.
"""

from datetime import datetime
from typing import Final

from shared.calendar import LOCAL_ZONE

PROVINCE: Final = "46"
AS_OF: Final = datetime(2025, 7, 3, 10, 0, tzinfo=LOCAL_ZONE)
REPORTED_RECEIVED: Final = 1283
REPORTED_RESOLVED: Final = 382

RECEIVED: Final = {
    "19753": 151,
    "19774": 39,
    "19777": 44,
    "19789": 96,
    "19804": 58,
    "19813": 41,
    "19815": 71,
    "19819": 31,
    "19828": 13,
    "19831": 22,
    "19858": 10,
    "19867": 151,
    "19873": 18,
    "19885": 15,
    "19900": 38,
    "19909": 8,
    "19918": 8,
    "19930": 36,
    "19942": 29,
    "19945": 13,
    "19960": 52,
    "19969": 18,
    "19975": 62,
    "19996": 33,
    "20014": 23,
    "20017": 27,
    "20035": 10,
    "20044": 15,
    "20050": 12,
    "20056": 7,
    "20071": 17,
    "20101": 9,
    "20107": 24,
    "20122": 7,
    "20131": 12,
    "20137": 14,
    "20140": 17,
    "20161": 9,
    "20179": 14,
    "20182": 9,
}
"""Commune code → dossiers received by 10:00."""

RESOLVED: Final = {
    "19867": 61,
    "19804": 36,
    "19753": 34,
    "19789": 27,
    "19815": 20,
    "19975": 17,
    "19960": 15,
    "19777": 12,
    "19813": 12,
    "19774": 11,
    "19900": 11,
    "19930": 10,
    "19996": 10,
    "19819": 9,
    "19942": 8,
    "20017": 8,
    "20107": 7,
    "20014": 7,
    "19831": 6,
    "19873": 5,
    "19969": 5,
    "20071": 5,
    "20140": 5,
    "19885": 4,
    "20044": 4,
    "20137": 4,
    "20179": 4,
    "19828": 3,
    "19945": 3,
    "20050": 3,
    "20131": 3,
    "19858": 2,
    "20035": 2,
    "20101": 2,
    "20161": 2,
    "20182": 2,
    "19909": 1,
    "19918": 1,
    "20056": 1,
    "20122": 0,
}

PROCEDURES: Final = {
    "2.000815": 486,
    "1.001612": 142,
    "1.001266": 97,
    "1.000656": 61,
    "1.013978": 58,
    "2.000884": 56,
    "1.001193": 55,
    "2.000635": 54,
    "1.004873": 52,
    "1.000894": 40,
    "2.000720": 34,
    "1.013225": 30,
    "2.000908": 28,
    "1.001776": 27,
    "1.004859": 27,
    "1.001570": 18,
    "1.004884": 18,
}
"""Procedure code → dossiers received; the first five are the reported ones."""

QUICK: Final = ("2.000815", "2.000884", "1.000656", "1.001193", "2.000635", "1.000894")
"""Due the same day, so that they can be resolved within the three days."""

AFTERNOON_RECEIVED: Final = 96
"""Received after 10:00 that day, so that a later "as of" shows more."""
