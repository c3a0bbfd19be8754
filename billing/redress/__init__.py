"""When we were wrong: the correcting entry, the interest by rule, and the letter that says so."""
