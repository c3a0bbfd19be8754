"""A citizen complains about how she was served; the outlet says its side, the programme's office finds and answers."""
