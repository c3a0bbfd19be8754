"""A result goes home by post: booked, on its way, in the citizen's hands, or brought back. Safe to tell twice."""


