"""People's coming, staying and going: invitations, reach, second factors, rosters, helpers, delegation."""
