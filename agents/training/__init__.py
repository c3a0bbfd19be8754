"""Who may take what: courses, tests from a question bank, certificates, and the gate that asks for them."""
