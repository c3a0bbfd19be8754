"""Ask the centre now: questions and expedite requests on a dossier, between outlet and centre, with an answer clock."""
