"""What the carrier collects at a place: by when, in which bags, who signed, and what was missed."""
